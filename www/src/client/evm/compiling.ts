import type { EvmProject } from "../../protocol/evm/request";
import type {
  Compilation,
  CompileRequest,
  CompilerProgress,
  SolidityAnswers,
  SolidityCommand,
  SolidityEvent,
  SolidityQuery,
} from "../../protocol/evm/solidity";
import { COMPILING } from "../../strings/client/compiling";
import { Link, type Lost, type Port } from "../connection";

/** Programs whose compilations are kept. */
const KEPT = 8;

/** Forks by the names the compiler has for what the EVM can from then on; the newer ones are all Osaka to it. */
const VERSIONS: Readonly<Record<string, string>> = {
  frontier: "homestead",
  homestead: "homestead",
  daofork: "homestead",
  tangerinewhistle: "tangerineWhistle",
  eip150: "tangerineWhistle",
  spuriousdragon: "spuriousDragon",
  eip158: "spuriousDragon",
  byzantium: "byzantium",
  constantinople: "constantinople",
  petersburg: "petersburg",
  constantinoplefix: "petersburg",
  istanbul: "istanbul",
  muirglacier: "istanbul",
  berlin: "berlin",
  london: "london",
  arrowglacier: "london",
  grayglacier: "london",
  merge: "paris",
  paris: "paris",
  shanghai: "shanghai",
  cancun: "cancun",
  prague: "prague",
};

/** The compiler's `evmVersion` for a fork; nothing, which is its own choice, for the newest and for unknown ones. */
export const evmVersionOf = (fork: string | undefined): string | undefined =>
  VERSIONS[(fork ?? "").toLowerCase().replaceAll(/[\s_-]/g, "")];

/** What of a project is to be compiled; null if nothing is. */
export function compileRequestOf(project: EvmProject): CompileRequest | null {
  const files = project.sources
    .filter(({ language }) => language === "solidity")
    .map(({ name, text }) => ({ name, text }));
  if (files.length === 0) return null;
  const { evmVersion = evmVersionOf(project.request.fork), ...settings } = project.solidity ?? {};
  return { files, ...settings, ...(evmVersion ? { evmVersion } : {}) };
}

/** The first error, with its place; nothing if there is none. */
export function firstError({ diagnostics }: Compilation): string | undefined {
  const found = diagnostics.find(({ severity }) => severity === "error");
  if (!found) return undefined;
  const { range, message } = found;
  return range ? COMPILING.at(range.file, range.line, range.column, message) : message;
}

type SolidityLink = Link<SolidityCommand, SolidityEvent, SolidityQuery, SolidityAnswers>;

/** The worker that compiles: started when first needed, and anew after it was lost. What was compiled is kept. */
export class Compiling {
  private link: SolidityLink | undefined;
  private readonly known = new Map<string, Promise<Compilation>>();
  /** Why the last worker was lost. */
  private lost = "";
  /** Compilations that are not done. */
  private waiting = 0;

  /** `tell` learns how far the compiler is; null: it has nothing to do. */
  constructor(
    private readonly startWorker: () => Port,
    private readonly tell: (progress: CompilerProgress | null) => void,
  ) {}

  /** Compiles, or gives what was compiled of the same text before. Fails only if the compiler itself does. */
  compile(request: CompileRequest): Promise<Compilation> {
    const key = JSON.stringify(request);
    const before = this.known.get(key);
    this.known.delete(key);
    const made = before ?? this.ask(request);
    this.known.set(key, made);
    // What failed is tried again the next time.
    made.catch(() => this.known.get(key) === made && this.known.delete(key));
    const [oldest] = this.known.keys();
    if (this.known.size > KEPT && oldest !== undefined) this.known.delete(oldest);
    return made;
  }

  private async ask(request: CompileRequest): Promise<Compilation> {
    this.waiting++;
    try {
      this.link ??= new Link(this.startWorker(), (event: SolidityEvent | Lost) => this.receive(event));
      return await this.link.ask({ kind: "compile", request });
    } catch (error) {
      throw this.link ? error : new Error(COMPILING.lost(this.lost));
    } finally {
      if (--this.waiting === 0) this.tell(null);
    }
  }

  private receive(event: SolidityEvent | Lost): void {
    if (event.type === "lost") {
      this.link = undefined;
      this.lost = event.message;
    } else if (event.type === "progress") {
      const { phase, received, total } = event;
      this.tell({ phase, received, total });
    }
  }
}
