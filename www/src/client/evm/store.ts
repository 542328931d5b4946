import type {
  Arrived,
  EvmAnswers,
  EvmCommand,
  EvmEvent,
  EvmQuery,
  ExportKind,
  Imported,
  Selected,
  Travel,
} from "../../protocol/evm/message";
import type { EvmProject } from "../../protocol/evm/request";
import type { Scene } from "../../protocol/evm/scene";
import type { Compilation, CompilerProgress } from "../../protocol/evm/solidity";
import type { CodeView, Comparison, Summary } from "../../protocol/evm/whole";
import { Link, type Lost, type Port } from "../connection";
import { Compiling, compileRequestOf, firstError } from "./compiling";

/** What the panes show. A new object for every change. */
export interface EvmView {
  /** What was opened last, whether or not it could be executed. */
  readonly project: EvmProject | null;
  readonly summary: Summary | null;
  /** The transaction that is walked through, as far as it was executed at all. */
  readonly selected: Selected | null;
  readonly index: number;
  readonly scene: Scene | null;
  /** The moment shown before: what changed since then is marked. */
  readonly previous: Scene | null;
  readonly code: CodeView | null;
  readonly comparison: Comparison | null;
  /** What it is compared with: another fork, or the run as it was before. */
  readonly against: "fork" | "before";
  /** The project as it was run before its last change; null if it is another one. */
  readonly before: EvmProject | null;
  /** What was compiled last, whether or not it can be run: its diagnostics, its contracts for forms. */
  readonly compilation: Compilation | null;
  /** What the compiler is doing; null: nothing. */
  readonly compiling: CompilerProgress | null;
  /** Something is being done that may take long; instructions executed so far. */
  readonly busy: boolean;
  readonly steps: number;
  /** How the last movement ended. */
  readonly arrived: Arrived | null;
  /** Something that failed, until the user has seen it. */
  readonly problem: string;
  /** The worker crashed or hung: the next thing opened gets a new one. */
  readonly lost: boolean;
  /** The module with elliptic curves was loaded. */
  readonly precompiles: boolean;
  readonly forks: readonly string[];
  readonly chains: readonly string[];
}

const NOTHING: EvmView = {
  project: null,
  summary: null,
  selected: null,
  index: 0,
  scene: null,
  previous: null,
  code: null,
  comparison: null,
  against: "fork",
  before: null,
  compilation: null,
  compiling: null,
  busy: false,
  steps: 0,
  arrived: null,
  problem: "",
  lost: false,
  precompiles: false,
  forks: [],
  chains: [],
};

type EvmLink = Link<EvmCommand, EvmEvent, EvmQuery, EvmAnswers>;

/** The page's picture of the EVM, and the page's hands on it. */
export class EvmStore {
  private current: EvmView = NOTHING;
  private link: EvmLink | undefined;
  private readonly watchers = new Set<() => void>();
  private readonly codes = new Map<string, CodeView>();
  /** Movements wait for one another: each begins where the last one ended. */
  private queue: Promise<unknown> = Promise.resolve();
  /** What was executed last. */
  private ran: EvmProject | null = null;
  /** Counts what was opened: answers about an older run are dropped. */
  private opened = 0;

  private readonly compiler: Compiling;

  constructor(
    private readonly startWorker: () => Port,
    startCompiler: () => Port,
  ) {
    this.compiler = new Compiling(startCompiler, (compiling) => this.change({ compiling }));
  }

  get view(): EvmView {
    return this.current;
  }

  /** What was executed last: what the view shows is of it, while another project may be open that cannot be. */
  get executed(): EvmProject | null {
    return this.ran;
  }

  /** Calls `watcher` after every change of the view; gives the function that ends it. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Asks the worker something of no consequence for the view. */
  ask<Kind extends EvmQuery["kind"]>(query: Extract<EvmQuery, { kind: Kind }>): Promise<EvmAnswers[Kind]> {
    return this.connect().ask(query);
  }

  /** Starts the worker, and learns the names of forks and chains. */
  async start(): Promise<void> {
    if (this.current.forks.length > 0) return;
    await this.guarded(async () => this.change(await this.ask({ kind: "names" })));
  }

  /**
   * Compiles the Solidity sources of a project, as they are in the view from then on. Gives nothing if there are none, or
   * the compiler failed, which the view says.
   */
  compile(project: EvmProject): Promise<Compilation | undefined> {
    return this.guarded(() => this.compiled(project));
  }

  private async compiled(project: EvmProject): Promise<Compilation | undefined> {
    const request = compileRequestOf(project);
    if (!request) {
      this.change({ compilation: null });
      return undefined;
    }
    const compilation = await this.compiler.compile(request);
    this.change({ compilation });
    return compilation;
  }

  /**
   * Executes a project, and goes to the first instruction of its last transaction that was not refused. What was opened
   * before stays as long as the project cannot be compiled or makes no sense.
   */
  open(project: EvmProject): Promise<void> {
    const mine = ++this.opened;
    const earlier = this.ran;
    this.change({ project, busy: true, steps: 0, problem: "" });
    return this.guarded(async () => {
      const compiled = await this.compiled(project);
      if (mine !== this.opened) return;
      const error = compiled && firstError(compiled);
      if (error !== undefined) throw new Error(error);
      const summary = await this.ask({ kind: "open", project, ...(compiled ? { compiled } : {}) });
      if (mine !== this.opened) return;
      this.codes.clear();
      this.ran = project;
      const changed = earlier !== null && earlier !== project && earlier.title === project.title;
      this.change({ before: changed ? earlier : null });
      this.change({ summary, selected: null, scene: null, previous: null, code: null, comparison: null });
      const index = summary.transactions.findLastIndex(({ refused }) => refused === null);
      if (index >= 0) await this.load(index);
    }, mine);
  }

  /** Walks through another transaction of the project. */
  select(index: number): Promise<void> {
    return this.guarded(() => this.load(index));
  }

  private async load(index: number): Promise<void> {
    const mine = this.opened;
    const selected = await this.ask({ kind: "select", index });
    if (mine !== this.opened) return;
    // What lines did is another transaction's.
    this.codes.clear();
    this.change({
      selected,
      index,
      scene: selected.scene,
      previous: null,
      code: null,
      comparison: null,
      arrived: null,
    });
    await this.follow();
  }

  /** Goes somewhere; movements asked for meanwhile come after it. */
  travel(travel: Travel): Promise<void> {
    const mine = this.opened;
    const move = () =>
      this.guarded(async () => {
        if (mine !== this.opened || !this.current.scene) return;
        const { arrived, scene } = await this.ask({ kind: "travel", travel });
        if (mine !== this.opened) return;
        this.change({ arrived, scene, previous: this.current.scene });
        await this.follow();
      });
    const next = this.queue.then(move);
    this.queue = next;
    return next;
  }

  /** Shows other bytes of memory. */
  lookAtMemory(memoryFrom: number, memorySize: number): Promise<void> {
    const mine = this.opened;
    return this.guarded(async () => {
      const scene = await this.ask({ kind: "look", memoryFrom, memorySize });
      if (mine === this.opened && scene.position === this.current.scene?.position) this.change({ scene });
    });
  }

  /** The code that runs is shown. At the end, that of the outermost call. */
  private async follow(): Promise<void> {
    const { scene, selected } = this.current;
    const hash = scene?.frames.at(-1)?.codeHash ?? selected?.whole.calls[0]?.codeHash;
    if (!hash || hash === this.current.code?.hash) return;
    const mine = this.opened;
    const code = this.codes.get(hash) ?? (await this.ask({ kind: "code", hash }));
    if (mine !== this.opened) return;
    this.codes.set(hash, code);
    this.change({ code });
  }

  /** The same transaction under another fork. */
  compare(fork: string): Promise<void> {
    this.change({ busy: true, steps: 0 });
    const mine = this.opened;
    return this.guarded(async () => {
      const comparison = await this.ask({ kind: "compare", fork });
      if (mine === this.opened) this.change({ comparison, against: "fork" });
    }, mine);
  }

  /** The same transaction in the run as it was before its last change. */
  compareBefore(): Promise<void> {
    const { before: project } = this.current;
    if (!project) return Promise.resolve();
    this.change({ busy: true, steps: 0 });
    const mine = this.opened;
    return this.guarded(async () => {
      const request = compileRequestOf(project);
      const compiled = request ? { compiled: await this.compiler.compile(request) } : {};
      const comparison = await this.ask({ kind: "compareRun", project, ...compiled });
      if (mine === this.opened) this.change({ comparison, against: "before" });
    }, mine);
  }

  export(what: ExportKind): Promise<{ readonly name: string; readonly text: string } | undefined> {
    return this.guarded(() => this.ask({ kind: "export", what }));
  }

  import(name: string, text: string): Promise<readonly Imported[] | undefined> {
    return this.guarded(() => this.ask({ kind: "import", name, text }));
  }

  /** Shows a failure. */
  report(problem: string): void {
    this.change({ problem });
  }

  /** The user has seen the failure. */
  dismiss(): void {
    this.change({ problem: "" });
  }

  /** Does something, and shows why it failed if it did. `mine` ends what is busy. */
  private async guarded<T>(work: () => Promise<T>, mine?: number): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const current = mine === undefined || mine === this.opened;
      if (current && !this.current.lost)
        this.change({ problem: error instanceof Error ? error.message : String(error) });
      return undefined;
    } finally {
      if (mine !== undefined && mine === this.opened) this.change({ busy: false });
    }
  }

  private connect(): EvmLink {
    if (!this.link) {
      this.link = new Link(this.startWorker(), (event: EvmEvent | Lost) => this.receive(event));
      if (this.current.lost) this.change({ lost: false });
    }
    return this.link;
  }

  private change(part: Partial<EvmView>): void {
    this.current = { ...this.current, ...part };
    for (const watcher of this.watchers) watcher();
  }

  private receive(event: EvmEvent | Lost): void {
    switch (event.type) {
      case "progress":
        return this.change({ steps: event.steps });
      case "precompiles":
        return this.change({ precompiles: true });
      case "lost": {
        this.link = undefined;
        this.opened++;
        const { project, compilation, compiling } = this.current;
        this.change({ ...NOTHING, project, compilation, compiling, lost: true, problem: event.message });
        return;
      }
    }
  }
}
