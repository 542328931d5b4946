import type { Arrived, EvmEvent, ExportKind, Selected, Travel } from "../../protocol/evm/message";
import type { EvmProject } from "../../protocol/evm/request";
import type { Scene } from "../../protocol/evm/scene";
import type { Compilation } from "../../protocol/evm/solidity";
import type { CallUse, CodeView, Comparison, Decoded, ListingLine, Summary, Whole } from "../../protocol/evm/whole";
import { RUN } from "../../strings/worker/run";
import { Abi } from "./abi";
import { compareSessions, disassemble, EvmSession, loadPrecompiles } from "./engine";
import { LineSteps } from "./solidity/line_steps";
import { Program } from "./solidity/program";
import { SolidityView, type World } from "./solidity/view";
import { build, keccakOf, type Made, requestOf, sourceOf } from "./sources";
import { type ExportParts, writeStateTest } from "./state_test";
import { goToStops, type Walked } from "./stops";

/** Instructions surveyed at a time: between two slices the worker answers pings. */
const SLICE = 2_000_000;
/** Bytes of memory in a scene where nothing else was asked. */
const MEMORY = 2048;

type Tell = (event: EvmEvent) => void;

/** Lets other messages through. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Loads the cryptography, and tells so. */
async function unlock(tell: Tell): Promise<void> {
  await loadPrecompiles();
  tell({ type: "precompiles" });
}

/** Executes all transactions of a session. `isWanted` is asked between slices: a newer project may have come. */
async function survey(session: EvmSession, tell: Tell, isWanted: () => boolean): Promise<void> {
  for (let steps = SLICE; ; steps += SLICE) {
    const surveyed = session.survey(SLICE);
    if (surveyed === "all") return;
    if (surveyed === "needsCrypto") await unlock(tell);
    else {
      tell({ type: "progress", steps });
      await breathe();
    }
    if (!isWanted()) throw new Error(RUN.another);
  }
}

function parsed<T>(text: string | undefined, missing: string): T {
  if (text === undefined) throw new Error(missing);
  return JSON.parse(text) as T;
}

/** An error that a contract declares, in the words in which the engine tells others. */
const reverted = ({ signature, values }: Decoded): string => {
  const shown = values.map(({ name, value }) => (name ? `${name}: ${value}` : value)).join(", ");
  return RUN.reverted(signature.slice(0, signature.indexOf("(")), shown);
};

function withErrors(summary: Summary, abi: Abi): Summary {
  const transactions = summary.transactions.map((outcome) => {
    const error = outcome.success === false && outcome.output ? abi.error(outcome.output) : null;
    return error ? { ...outcome, why: reverted(error) } : outcome;
  });
  return { ...summary, transactions };
}

/** A project that was executed, and the transaction in it that is walked through. */
export class Run {
  private index = 0;
  private whole: Whole | undefined;
  private readonly solidity: SolidityView | null;
  private memory = { from: 0, size: MEMORY };

  private constructor(
    private readonly session: EvmSession,
    private readonly project: EvmProject,
    private readonly made: Made,
    private readonly abi: Abi,
    readonly summary: Summary,
  ) {
    this.solidity = made.program ? new SolidityView(made.program, this.world()) : null;
  }

  private world(): World {
    return {
      code: (hash) => this.session.code(hash),
      travel: (to) => this.session.travel(JSON.stringify(to)),
      scene: (from, size) => parsed<Scene>(this.session.scene(from, size), RUN.notSelected),
    };
  }

  /**
   * Assembles, executes, and gives the run; nothing is left behind on failure. `compiled` is what its Solidity sources
   * became.
   */
  static open(project: EvmProject, tell: Tell, isWanted: () => boolean, compiled?: Compilation): Promise<Run> {
    const solid = project.sources.some(({ language }) => language === "solidity");
    if (solid && !compiled?.ok) throw new Error(RUN.notCompiled);
    const program = solid && compiled ? new Program(compiled) : null;
    return Run.execute(project, { built: build(project), program }, tell, isWanted);
  }

  private static async execute(project: EvmProject, made: Made, tell: Tell, isWanted: () => boolean): Promise<Run> {
    const abi = new Abi([...(made.program?.abi ?? []), ...project.abi], keccakOf);
    const session = new EvmSession(requestOf(project, made, abi));
    try {
      await survey(session, tell, isWanted);
      return new Run(session, project, made, abi, withErrors(parsed<Summary>(session.summary(), ""), abi));
    } catch (error) {
      session.free();
      throw error;
    }
  }

  end(): void {
    this.session.free();
  }

  select(index: number): Selected {
    const why = this.summary.transactions[index]?.refused;
    if (!this.session.select(index)) throw new Error(why ?? RUN.noTransaction);
    this.index = index;
    const told = parsed<Whole>(this.session.whole(index), RUN.noTransaction);
    this.solidity?.select(told, this.world().scene(0, 0));
    const accounts = this.solidity?.accounts(told.accounts) ?? told.accounts;
    const whole = { ...told, accounts, calls: told.calls.map((call) => this.failed(call)) };
    this.whole = whole;
    return {
      scene: this.scene(),
      whole,
      logs: whole.logs.map(({ topics, data }) => this.abi.event(topics, data)),
      calls: whole.calls.map(({ input, output, success }) => this.abi.call(input, success ? output : undefined)),
    };
  }

  /** A call that failed with an error that a contract declares says so. */
  private failed(call: CallUse): CallUse {
    const error = call.failure === null ? null : this.abi.error(call.output);
    return error ? { ...call, failure: reverted(error) } : call;
  }

  async travel(travel: Travel, tell: Tell): Promise<{ arrived: Arrived; scene: Scene }> {
    if ("line" in travel || "toLine" in travel) return { arrived: this.byLines(travel), scene: this.scene() };
    const go = (travel: object) => this.go(travel, tell);
    const arrived = "toStops" in travel ? await this.goToStops(travel, go) : await go(travel);
    return { arrived, scene: this.scene() };
  }

  private async go(travel: object, tell: Tell): Promise<Arrived> {
    const arrived = this.session.travel(JSON.stringify(travel));
    if (arrived !== "needsCrypto") return arrived as Arrived;
    await unlock(tell);
    return this.session.travel(JSON.stringify(travel)) as Arrived;
  }

  private goToStops(travel: Extract<Travel, { toStops: unknown }>, go: Walked["go"]): Promise<Arrived> {
    const { whole } = this;
    if (!whole) throw new Error(RUN.notSelected);
    const scene = () => this.world().scene(0, 0);
    const walked: Walked = {
      whole,
      length: this.summary.transactions[this.index]?.steps ?? 0,
      get position() {
        return scene().position;
      },
      code: (hash) => this.code(hash),
      toLine: (file, line, backwards) => this.toLine(file, line, backwards),
      go,
    };
    return goToStops(walked, travel.toStops, travel.backwards ?? false);
  }

  private byLines(travel: Extract<Travel, { line: unknown } | { toLine: unknown }>): Arrived {
    if (!this.solidity || !this.whole) throw new Error(RUN.noSource);
    const steps = new LineSteps(this.solidity, this.world(), this.whole);
    return "line" in travel ? steps.step(travel) : steps.to(travel);
  }

  /** Goes to a line of a Solidity source; null if it is of another language. */
  private toLine(file: string, line: number, backwards: boolean): Arrived | null {
    const source = this.project.sources.find(({ name }) => name === file);
    if (source?.language !== "solidity") return null;
    try {
      return this.byLines({ toLine: line, file, backwards });
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      // Nothing that ran comes from that line.
      return "end";
    }
  }

  look(from: number, size: number): Scene {
    this.memory = { from, size };
    return this.scene();
  }

  private scene(): Scene {
    const { from, size } = this.memory;
    const scene = this.world().scene(from, size);
    return this.solidity?.annotate(scene) ?? scene;
  }

  code(hash: string): CodeView {
    const bytes = this.session.code(hash);
    if (!bytes) throw new Error(RUN.noCode);
    const { lines } = JSON.parse(disassemble(bytes, this.summary.fork)) as { lines: ListingLine[] };
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const uses = this.whole?.codes.find((code) => code.hash === hash)?.places ?? [];
    const used = uses.map(([pc, count, gas, lost]) => [pc, count, gas + lost] as const);
    const source = this.solidity?.source(hash, used) ?? sourceOf(digits, this.made.built, used);
    return { hash, size: bytes.length, lines, uses: used, source };
  }

  /** The same under another fork, with both sides at the first difference; then back to where this side was. */
  async compare(fork: string, tell: Tell, isWanted: () => boolean): Promise<Comparison> {
    const { chain: _, ...request } = this.project.request;
    // The same code: what the sources would become under the other fork is another question.
    const project = { ...this.project, request: { ...request, fork } };
    return this.against(await Run.execute(project, this.made, tell, isWanted));
  }

  /** The same transaction in another project, likewise. */
  async compareRun(
    project: EvmProject,
    compiled: Compilation | undefined,
    tell: Tell,
    isWanted: () => boolean,
  ): Promise<Comparison> {
    return this.against(await Run.open(project, tell, isWanted, compiled));
  }

  private against(other: Run): Comparison {
    try {
      return this.differences(other);
    } finally {
      other.end();
    }
  }

  private differences(other: Run): Comparison {
    const outcome = other.summary.transactions[this.index];
    if (!outcome) throw new Error(RUN.noTransaction);
    const { fork } = other.summary;
    const found = compareSessions(this.session, other.session, this.index);
    if (found === undefined || !other.session.select(this.index))
      return { fork, outcome, flow: null, gas: null, same: false, here: null, there: null };
    const { flow, gas, same } = JSON.parse(found) as Pick<Comparison, "flow" | "gas" | "same">;
    const first = flow ?? gas;
    if (first === null) return { fork, outcome, flow, gas, same, here: null, there: null };
    const back = this.scene().position;
    const to = JSON.stringify({ to: first });
    this.session.travel(to);
    other.session.travel(to);
    const [here, there] = [this.scene(), other.scene()];
    this.session.travel(JSON.stringify({ to: back }));
    return { fork, outcome, flow, gas, same, here, there };
  }

  export(what: ExportKind): { name: string; text: string } {
    const title = this.project.title.replaceAll(/[^\w-]+/g, "_").slice(0, 60) || "run";
    if (what === "eip3155") return { name: `${title}.jsonl`, text: this.trace() };
    const parts = parsed<ExportParts>(this.session.export(this.index), RUN.noTransaction);
    const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
    switch (what) {
      case "prestate":
        return { name: `${title}_prestate.json`, text: pretty(parts.pre) };
      case "postState":
        return { name: `${title}_poststate.json`, text: pretty(parts.post) };
      case "stateTest": {
        const { fork, chainId, block } = this.summary;
        return { name: `${title}_test.json`, text: writeStateTest(title, fork, chainId, block, parts) };
      }
    }
  }

  private trace(): string {
    const pieces: string[] = [];
    if (!this.session.trace(this.index, { write: (lines: string) => pieces.push(lines) }))
      throw new Error(RUN.noTransaction);
    return pieces.join("");
  }
}
