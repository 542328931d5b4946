import type { Compilation, CompileRequest, CompilerProgress } from "../../protocol/evm/solidity";
import { COMPILER } from "../../strings/worker/compiler";
import { compilationOf, inputOf } from "./standard_json";

/** A compilation that takes longer is given up; the largest honest ones take a fraction of it. */
const LONGEST_MS = 120_000;

/** What the compiler's own worker is, as far as it is needed: tests bring their own. */
export interface Engine {
  postMessage(input: string): void;
  terminate(): void;
  onmessage: ((event: { data: { readonly version: string; readonly output: string } }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
}

type Tell = (progress: CompilerProgress) => void;

/** Runs the compiler in a worker of its own, one compilation after the other, and replaces it when it breaks. */
export class Compiler {
  private engine: Promise<Engine> | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly start: (tell: Tell) => Promise<Engine>,
    private readonly tell: Tell,
    private readonly longestMs = LONGEST_MS,
  ) {}

  /**
   * Compiles. What is wrong with the text is in the answer.
   * @throws if the compiler could not be loaded, broke, or took too long
   */
  compile(request: CompileRequest): Promise<Compilation> {
    const result = this.queue.then(() => this.one(request));
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async one(request: CompileRequest): Promise<Compilation> {
    this.engine ??= this.start(this.tell);
    let engine: Engine | undefined;
    try {
      engine = await this.engine;
      this.tell({ phase: "compiling", received: 0, total: null });
      const { version, output } = await this.ask(engine, inputOf(request));
      return compilationOf(request, version, output);
    } catch (error) {
      engine?.terminate();
      this.engine = undefined;
      throw error;
    }
  }

  private ask(engine: Engine, input: string): Promise<{ version: string; output: string }> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(COMPILER.late));
      const timer = setTimeout(late, this.longestMs);
      engine.onmessage = ({ data }) => {
        clearTimeout(timer);
        resolve(data);
      };
      engine.onerror = ({ message }) => {
        clearTimeout(timer);
        reject(new Error(COMPILER.broke(message)));
      };
      engine.postMessage(input);
    });
  }
}
