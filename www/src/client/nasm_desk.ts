import { loadPcExample, PC_EXAMPLES } from "../examples/pc/catalog";
import type { ProgramSymbols } from "../protocol/inspection";
import type { Assembly } from "../protocol/nasm";
import type { Assembler } from "./nasm_assembler";
import { floppyOf, type Unbootable, unbootable } from "./nasm_image";
import type { Program, Programs } from "./nasm_programs";
import { SourceMap } from "./nasm_source_map";
import { type Keeper, ShelfError, type Unkept } from "./shelf";

/** What the desk asks of the page's machine. */
export interface BootsFloppies {
  /** Boots an image from floppy A and stops before its first instruction. What it gives names this machine. */
  boot(floppy: Uint8Array<ArrayBuffer>, title: string, symbols: ProgramSymbols): unknown;
  /** The machine there is, or null. */
  current(): unknown;
  /** Stops before the instructions at these linear addresses, and at no others that the editor has asked for. */
  setBreakpoints(addresses: readonly number[]): void;
  /** All linear addresses before which the machine stops; null while that is being changed. */
  breakpoints(): readonly number[] | null;
  watchBreakpoints(watcher: () => void): void;
}

/** Why nothing was booted, or kept. */
export type DeskProblem =
  | { readonly kind: "errors"; readonly count: number }
  | { readonly kind: "unbootable"; readonly why: Unbootable }
  | { readonly kind: "unkept"; readonly why: Unkept }
  /** Something failed for this reason. */
  | { readonly kind: "failed"; readonly message: string };

/** What the editor and the lesson show. A new object for every change. */
export interface DeskView {
  readonly name: string;
  readonly text: string;
  /** Counts texts that came from elsewhere than from typing: the editor takes them over. */
  readonly opened: number;
  /** The example whose lesson belongs to the program. */
  readonly example: string | null;
  /** An example as it came: nothing of it is kept yet. */
  readonly pristine: boolean;
  /** The last result, and of which text. */
  readonly assembled: { readonly text: string; readonly assembly: Assembly } | null;
  /** Lines with a breakpoint, from 1. */
  readonly breakpoints: readonly number[];
  readonly problem: DeskProblem | null;
}

interface Booted {
  readonly machine: unknown;
  readonly text: string;
  readonly map: SourceMap;
}

export const KEEP_MS = 400;
export const ASSEMBLE_MS = 250;
/** hlt; jmp $ - 1: a boot sector that waits. */
const WAITING = new Uint8Array(512);
WAITING.set([0xf4, 0xeb, 0xfd]);
WAITING.set([0x55, 0xaa], 510);
const OPEN_KEY = "glassbox.nasm.open";

/** The program that one writes: kept as one types, assembled as one types, booted when asked. */
export class Desk {
  private current: DeskView = {
    name: "",
    text: "",
    opened: 0,
    example: null,
    pristine: true,
    assembled: null,
    breakpoints: [],
    problem: null,
  };
  private booted: Booted | undefined;
  private begun = false;
  private starts = 0;
  private readonly watchers = new Set<() => void>();
  private keeping: ReturnType<typeof setTimeout> | undefined;
  private assembling: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly assembler: Pick<Assembler, "assemble">,
    readonly programs: Programs,
    private readonly machine: BootsFloppies,
    private readonly keeper: Keeper,
  ) {
    machine.watchBreakpoints(() => this.followBreakpoints());
  }

  get view(): DeskView {
    return this.current;
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Opens what was open when the page was last left, or the first example. Once. */
  async begin(): Promise<void> {
    if (this.begun) return;
    this.begun = true;
    const [kind = "", name = ""] = this.remembered().split(/:(.*)/s);
    const program = kind === "program" ? this.programs.named(name) : undefined;
    if (program) return this.open(program);
    const known = kind === "example" && PC_EXAMPLES.some((example) => example.name === name);
    const example = known ? name : PC_EXAMPLES[0]?.name;
    if (example) await this.openExample(example);
  }

  /** Opens a program of the reader's own. */
  open({ name, text, example }: Program): void {
    this.settle();
    this.begun = true;
    this.remember(`program:${name}`);
    this.show({ name, text, example: example ?? null, pristine: false });
  }

  /** Opens an example as it came. */
  async openExample(name: string): Promise<void> {
    this.begun = true;
    const { source } = await loadPcExample(name);
    this.settle();
    const title = PC_EXAMPLES.find((example) => example.name === name)?.title ?? name;
    this.remember(`example:${name}`);
    this.show({ name: title, text: source, example: name, pristine: true });
  }

  /** Shows a program that came with a machine that was booted elsewhere; nothing of it is kept. */
  receive(name: string, text: string, machine: unknown, map: SourceMap): void {
    this.settle();
    this.begun = true;
    this.booted = { machine, text, map };
    this.starts++;
    this.show({ name, text, example: null, pristine: true });
  }

  /** Keeps a text as a new program and opens it. */
  add(name: string, text: string): void {
    this.settle();
    const program = { name: this.programs.freeName(name), text };
    const kept = this.guarded(() => this.programs.keep(program));
    const { problem } = this.current;
    this.open(program);
    // A text that cannot be kept can be worked on all the same.
    if (!kept) this.change({ problem });
  }

  rename(name: string): void {
    this.settle();
    const { name: old, text, example, pristine } = this.current;
    const free = this.programs.freeName(name);
    const program = { name: free, text, ...(example !== null && { example }) };
    const done = this.guarded(() => {
      this.programs.keep(program);
      if (!pristine) this.programs.remove(old);
    });
    if (!done) return;
    this.remember(`program:${free}`);
    this.change({ name: free, pristine: false });
  }

  /** Forgets the program that is open, and opens another one. */
  async remove(): Promise<void> {
    clearTimeout(this.keeping);
    this.keeping = undefined;
    const { name, pristine, example } = this.current;
    if (!pristine) this.guarded(() => this.programs.remove(name));
    const [next] = this.programs.all;
    if (example !== null) await this.openExample(example);
    else if (next) this.open(next);
    else await this.openExample(PC_EXAMPLES[0]?.name ?? "");
  }

  /** The reader has typed: an example becomes a program of the reader's own. */
  edit(text: string): void {
    if (text === this.current.text) return;
    const { name, pristine } = this.current;
    this.change({ text, problem: null, ...(pristine && { pristine: false, name: this.programs.freeName(name) }) });
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keep(), KEEP_MS);
    this.assembleSoon();
  }

  /** Takes a failure away that the reader has seen. */
  dismiss(): void {
    this.change({ problem: null });
  }

  /** Assembles and boots the program, stopped before its first instruction. Says whether it did. */
  async start(): Promise<boolean> {
    this.settle();
    const { text, name } = this.current;
    const assembly = await this.assembled(text);
    if (!assembly || text !== this.current.text) return false;
    if (!assembly.ok) return this.fail({ kind: "errors", count: assembly.errors.length });
    const why = unbootable(assembly.image);
    if (why) return this.fail({ kind: "unbootable", why });
    const map = new SourceMap(assembly);
    const machine = this.machine.boot(floppyOf(assembly.image), name, map.symbols(`${name}.asm`, text));
    this.booted = { machine, text, map };
    this.starts++;
    const { problem } = this.current;
    this.change({ problem: problem?.kind === "unkept" ? problem : null });
    this.applyBreakpoints();
    return true;
  }

  /**
   * Boots a machine that only waits, so that there is a place in which to work on a program that cannot be booted. What
   * is wrong with the program stays told.
   */
  wait(): void {
    const map = new SourceMap({ ok: true, image: WAITING, statements: [], symbols: [], warnings: [] });
    const { name } = this.current;
    this.booted = { machine: this.machine.boot(floppyOf(WAITING), name, map.symbols(name, "")), text: "", map };
    this.starts++;
    this.change({});
  }

  /** Sets a breakpoint on a line, or takes it away; on a line without an instruction, on the next that has one. */
  toggleBreakpoint(line: number): void {
    const at = this.map?.breakAt(line)?.line ?? line;
    const { breakpoints } = this.current;
    this.setBreakpoints(breakpoints.includes(at) ? breakpoints.filter((other) => other !== at) : [...breakpoints, at]);
  }

  /** The lines that breakpoints are on now: typing moves them. */
  setBreakpoints(lines: readonly number[]): void {
    const breakpoints = [...new Set(lines)].sort((one, other) => one - other);
    if (String(breakpoints) === String(this.current.breakpoints)) return;
    this.change({ breakpoints });
    this.applyBreakpoints();
  }

  /** How many machines were booted from here. */
  get started(): number {
    return this.starts;
  }

  /** Where the bytes of the machine that was booted from here come from; undefined while another machine is there. */
  get running(): SourceMap | undefined {
    return this.booted && this.booted.machine === this.machine.current() ? this.booted.map : undefined;
  }

  /** Whether the text is another one than the machine was booted with. */
  get outdated(): boolean {
    return this.running !== undefined && this.booted?.text !== this.current.text;
  }

  /** The map of the text as it is, if it can be assembled: where breakpoints of its lines go. */
  get map(): SourceMap | undefined {
    const { assembled, text } = this.current;
    return assembled?.text === text && assembled.assembly.ok ? new SourceMap(assembled.assembly) : undefined;
  }

  /** Breakpoints of a text that is not the one in the machine wait until that is booted. */
  private applyBreakpoints(): void {
    const { running } = this;
    if (!running || this.outdated) return;
    this.machine.setBreakpoints(this.current.breakpoints.flatMap((line) => running.breakAt(line)?.linear ?? []));
  }

  /** Stops that were set or removed elsewhere, in the disassembly for example, are seen at their lines too. */
  private followBreakpoints(): void {
    const addresses = this.machine.breakpoints();
    const { running } = this;
    if (!addresses || !running || this.outdated) return;
    const lines = addresses.flatMap((address) => {
      const place = running.at(address);
      return place?.linear === address && place.statement.code ? place.line : [];
    });
    const breakpoints = [...new Set(lines)].sort((one, other) => one - other);
    if (String(breakpoints) !== String(this.current.breakpoints)) this.change({ breakpoints });
  }

  private show(part: Pick<DeskView, "name" | "text" | "example" | "pristine">): void {
    this.change({ ...part, opened: this.current.opened + 1, assembled: null, breakpoints: [], problem: null });
    this.assembleSoon(0);
  }

  private assembleSoon(ms = ASSEMBLE_MS): void {
    clearTimeout(this.assembling);
    this.assembling = setTimeout(() => void this.assembled(this.current.text), ms);
  }

  /** Assembles a text, and shows the result if the text is still the same. */
  private async assembled(text: string): Promise<Assembly | undefined> {
    clearTimeout(this.assembling);
    const known = this.current.assembled;
    if (known?.text === text) return known.assembly;
    try {
      const assembly = await this.assembler.assemble(text);
      if (text === this.current.text) this.change({ assembled: { text, assembly } });
      return assembly;
    } catch (error) {
      this.fail({ kind: "failed", message: messageOf(error) });
      return undefined;
    }
  }

  /** Keeps at once what would be kept soon. */
  private settle(): void {
    if (this.keeping !== undefined) this.keep();
  }

  private keep(): void {
    clearTimeout(this.keeping);
    this.keeping = undefined;
    const { name, text, example, pristine } = this.current;
    if (pristine) return;
    this.guarded(() => this.programs.keep({ name, text, ...(example !== null && { example }) }));
    this.remember(`program:${name}`);
    this.change({});
  }

  private guarded(body: () => void): boolean {
    try {
      body();
      return true;
    } catch (error) {
      if (error instanceof ShelfError) return this.fail({ kind: "unkept", why: error.why });
      return this.fail({ kind: "failed", message: messageOf(error) });
    }
  }

  private fail(problem: DeskProblem): false {
    this.change({ problem });
    return false;
  }

  private remembered(): string {
    try {
      return this.keeper.getItem(OPEN_KEY) ?? "";
    } catch {
      return "";
    }
  }

  private remember(what: string): void {
    try {
      this.keeper.setItem(OPEN_KEY, what);
    } catch {
      // The next visit begins with the first example then.
    }
  }

  private change(part: Partial<DeskView>): void {
    this.current = { ...this.current, ...part };
    for (const watcher of this.watchers) watcher();
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
