import type { EvmStore } from "../../client/evm/store";
import type { StopPlace } from "../../protocol/evm/message";
import type { EvmProject, SourceSpec } from "../../protocol/evm/request";
import { EVM } from "../../strings/evm";
import { BLANK, type Draft, draftOf, projectOf } from "./transaction_form";

/** Something said about a place of a source: an error, or a doubt. */
export interface SourceFault {
  /** Name of the source; empty if it is about none. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
}

/** What is written, before it is run. A new object for every change. */
export interface DeskView {
  readonly draft: Draft;
  /** Which source is edited. */
  readonly active: number;
  /** Counts the texts put into the editor: one that was not typed there. */
  readonly shown: number;
  readonly faults: readonly SourceFault[];
  /** The faults are those of the texts as they are now. */
  readonly checked: boolean;
  readonly stops: readonly StopPlace[];
  /** Steps go by lines, where a source has them; else by instructions. */
  readonly byLine: boolean;
  /** Why the fields make no project. */
  readonly problem: string;
  /** Counts the requests to bring the editor to the front. */
  readonly called: number;
}

/** Finds what is wrong with the sources of a draft. */
export type Checker = (draft: Draft, fork: string) => Promise<readonly SourceFault[]>;

const CHECK_MS = 250;

const sameStop = (one: StopPlace, other: StopPlace): boolean =>
  "file" in one
    ? "file" in other && one.file === other.file && one.line === other.line
    : "code" in other && one.code === other.code && one.pc === other.pc;

/** Whether there is a breakpoint at a place. */
export const hasStop = (stops: readonly StopPlace[], place: StopPlace): boolean =>
  stops.some((one) => sameStop(one, place));

/** The project that is being written: what the forms and the editor share. */
export class EvmDesk {
  private current: DeskView = {
    draft: draftOf(BLANK),
    active: 0,
    shown: 0,
    faults: [],
    checked: false,
    stops: [],
    byLine: true,
    problem: "",
    called: 0,
  };
  private readonly watchers = new Set<() => void>();
  /** The project that the draft began as, or was last run as. */
  private project: EvmProject | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private checks = 0;

  constructor(
    private readonly store: EvmStore,
    private readonly checker: Checker,
    /** Told what was typed, as far as it makes a project. */
    private readonly edited: (project: EvmProject) => void = () => {},
  ) {
    store.watch(() => this.follow());
    this.follow();
  }

  get view(): DeskView {
    return this.current;
  }

  /** Calls `watcher` after every change; gives the function that ends it. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** The fork that is written for. */
  get fork(): string {
    const { summary, forks } = this.store.view;
    return this.current.draft.fork || (summary?.fork ?? forks.at(-1) ?? "");
  }

  get source(): SourceSpec | undefined {
    return this.current.draft.sources[this.current.active];
  }

  /** Another project was opened elsewhere: it is what is written now. */
  private follow(): void {
    const { project } = this.store.view;
    if (!project || project === this.project) return;
    const same = project.title === this.project?.title;
    this.project = project;
    this.change({
      draft: draftOf(project),
      active: same ? Math.min(this.current.active, Math.max(project.sources.length - 1, 0)) : 0,
      shown: this.current.shown + 1,
      stops: same ? this.current.stops : [],
      problem: "",
    });
    this.checkSoon();
  }

  /** Changes fields of the draft. */
  edit(part: Partial<Draft>): void {
    const sources = part.sources !== undefined && part.sources !== this.current.draft.sources;
    this.change({ draft: { ...this.current.draft, ...part } });
    try {
      this.edited(projectOf(this.current.draft));
    } catch {
      // A field is no JSON yet.
    }
    if (sources || part.fork !== undefined || part.solidity !== undefined) this.checkSoon();
  }

  /** Changes a source's fields; its text as it was typed in the editor with `typed`. */
  editSource(at: number, part: Partial<SourceSpec>, typed = false): void {
    const { sources } = this.current.draft;
    if (!typed && part.text !== undefined) this.current = { ...this.current, shown: this.current.shown + 1 };
    this.edit({ sources: sources.map((one, other) => (other === at ? { ...one, ...part } : one)) });
  }

  /** Adds a source, under a name that none has yet, and shows it. */
  add(source: SourceSpec): void {
    const { sources } = this.current.draft;
    const added = { ...source, name: this.freeName(source.name) };
    this.change({ active: sources.length, shown: this.current.shown + 1 });
    this.edit({ sources: [...sources, added] });
  }

  /** Renames a source: what refers to it by name goes along. Says why it cannot be, if so. */
  rename(at: number, name: string): string {
    const { sources, transactions } = this.current.draft;
    const old = sources[at]?.name;
    const wanted = name.trim();
    if (old === undefined || wanted === old) return "";
    if (wanted === "") return EVM.editor.nameless;
    if (sources.some((one) => one.name === wanted)) return EVM.editor.nameTaken(wanted);
    const renamed = (data: string) => (data === `@${old}` ? `@${wanted}` : data);
    const stops = this.current.stops.map((stop) =>
      "file" in stop && stop.file === old ? { ...stop, file: wanted } : stop,
    );
    this.change({ stops });
    this.edit({ transactions: transactions.map((one) => ({ ...one, data: renamed(one.data) })) });
    this.editSource(at, { name: wanted });
    return "";
  }

  remove(at: number): void {
    const { draft, active, stops } = this.current;
    const gone = draft.sources[at];
    if (!gone) return;
    const sources = draft.sources.filter((_, other) => other !== at);
    const next = active > at ? active - 1 : active;
    this.change({
      active: Math.max(Math.min(next, sources.length - 1), 0),
      shown: this.current.shown + 1,
      stops: stops.filter((stop) => !("file" in stop) || stop.file !== gone.name),
    });
    this.edit({ sources });
  }

  /** Shows another source in the editor. */
  show(at: number): void {
    if (at === this.current.active || !this.current.draft.sources[at]) return;
    this.change({ active: at, shown: this.current.shown + 1 });
  }

  /** Shows a source in the editor, and the editor. */
  call(at: number): void {
    this.show(at);
    this.change({ called: this.current.called + 1 });
  }

  /** Sets a breakpoint, or takes it away. */
  toggleStop(place: StopPlace): void {
    const { stops } = this.current;
    const others = stops.filter((one) => !sameStop(one, place));
    this.change({ stops: others.length < stops.length ? others : [...stops, place] });
  }

  /** These are the breakpoints now. */
  setStops(stops: readonly StopPlace[]): void {
    this.change({ stops });
  }

  /** Lines with breakpoints in a source. */
  linesOf(file: string): readonly number[] {
    return this.current.stops.flatMap((stop) => ("file" in stop && stop.file === file ? [stop.line] : []));
  }

  /** A source's breakpoints are on these lines now. */
  setLines(file: string, lines: readonly number[]): void {
    const others = this.current.stops.filter((stop) => !("file" in stop) || stop.file !== file);
    this.change({ stops: [...others, ...lines.map((line) => ({ file, line }))] });
  }

  /** Steps by lines from now on, or by instructions. */
  stepByLine(byLine: boolean): void {
    this.change({ byLine });
  }

  /** Assembles or compiles what is written, and runs it. */
  run(): void {
    try {
      const project = projectOf(this.current.draft);
      this.project = project;
      this.change({ problem: "" });
      void this.store.open(project);
    } catch (error) {
      this.change({ problem: error instanceof Error ? error.message : String(error) });
    }
  }

  /** What is wrong with the sources; once for the present texts. */
  async check(): Promise<void> {
    clearTimeout(this.timer);
    const mine = ++this.checks;
    const { draft } = this.current;
    const faults = await this.checker(draft, this.fork).catch(() => null);
    if (mine === this.checks && faults) this.change({ faults, checked: true });
  }

  private checkSoon(): void {
    this.checks++;
    this.change({ checked: false });
    clearTimeout(this.timer);
    // Where nobody looks at the sources, nothing is checked.
    if (this.watchers.size > 0) this.timer = setTimeout(() => void this.check(), CHECK_MS);
  }

  private freeName(wanted: string): string {
    const taken = new Set(this.current.draft.sources.map(({ name }) => name));
    const [, base = wanted, end = ""] = /^(.*?)(\.\w+)?$/.exec(wanted) ?? [];
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${base}${number}${end}`;
    return name;
  }

  private change(part: Partial<DeskView>): void {
    this.current = { ...this.current, ...part };
    for (const watcher of this.watchers) watcher();
  }
}
