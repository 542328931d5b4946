import type { CompiledContract, TextRange } from "../../../protocol/evm/solidity";
import type { CodeRange, CodeView, SourceFileView, SourcePlace, SourceView } from "../../../protocol/evm/whole";
import { byLine } from "../lines";
import type { Found, Program } from "./program";
import { type Instruction, instructionsOf, type MapEntry, parseSourceMap } from "./source_map";

/** Code with the source that it comes from. */
export class Mapped {
  readonly instructions: readonly Instruction[];
  readonly entries: readonly MapEntry[];
  private readonly byPc = new Map<number, number>();

  constructor(
    readonly program: Program,
    readonly found: Found,
    bytes: Uint8Array,
  ) {
    this.entries = parseSourceMap(found.code.sourceMap);
    // What follows the last entry is data.
    this.instructions = instructionsOf(bytes).slice(0, this.entries.length);
    for (const [index, { pc }] of this.instructions.entries()) this.byPc.set(pc, index);
  }

  get contract(): CompiledContract {
    return this.found.contract;
  }

  /** Place in {@link instructions}. */
  index(pc: number): number | undefined {
    return this.byPc.get(pc);
  }

  entry(pc: number): MapEntry | undefined {
    const index = this.byPc.get(pc);
    return index === undefined ? undefined : this.entries[index];
  }

  /** Where the instruction at a pc comes from; null: from the compiler alone. */
  range(pc: number): TextRange | null {
    return rangeOf(this.program, this.entry(pc));
  }

  /** Lines that a step by lines stops at: those of statements, not of all that is around them. */
  stop(pc: number): { readonly file: number; readonly line: number } | null {
    const entry = this.entry(pc);
    const file = entry && this.program.file(entry.file);
    if (!entry || !file) return null;
    const end = entry.start + entry.length;
    const inside = file.statements.some(([start, length]) => start <= entry.start && end <= start + length);
    const line = this.program.placesOf(entry.file)?.line(entry.start);
    return inside && line !== undefined ? { file: entry.file, line } : null;
  }

  /** What the code pane shows of it. `uses` are what the instructions did: pc, count, gas. */
  view(uses: CodeView["uses"]): SourceView {
    const { contract, creation } = this.found;
    const files = this.fileViews(uses);
    const [first] = files;
    const text = this.program.compilation.files.find(({ name }) => name === contract.file)?.text ?? "";
    return {
      ...(first ?? { name: contract.file, text, map: [], uses: [] }),
      language: "solidity",
      contract: contract.name,
      creation,
      files,
      ranges: this.ranges(),
    };
  }

  private ranges(): readonly CodeRange[] {
    const found: CodeRange[] = [];
    let last: MapEntry | undefined;
    this.instructions.forEach(({ pc }, index) => {
      const entry = this.entries[index];
      if (entry === last || !entry) return;
      last = entry;
      const { jump, modifierDepth } = entry;
      found.push({ pc, range: rangeOf(this.program, entry), jump, modifierDepth });
    });
    return found;
  }

  private fileViews(uses: CodeView["uses"]): readonly SourceFileView[] {
    const maps = new Map<number, SourcePlace[]>();
    const sums = new Map<number, CodeView["uses"][number][]>();
    const used = new Map(uses.map((use) => [use[0], use]));
    this.instructions.forEach(({ pc }, index) => {
      const entry = this.entries[index];
      const line = entry && this.program.placesOf(entry.file)?.line(entry.start);
      if (!entry || line === undefined) return;
      const map = maps.get(entry.file) ?? [];
      map.push({ pc, line });
      maps.set(entry.file, map);
      const use = used.get(pc);
      if (!use) return;
      const of = sums.get(entry.file) ?? [];
      of.push(use);
      sums.set(entry.file, of);
    });
    const main = this.found.contract.file;
    return this.program.compilation.files
      .filter(({ id, name }) => maps.has(id) || name === main)
      .map(({ id, name, text }) => {
        const map = maps.get(id) ?? [];
        return { name, text, map, uses: byLine(sums.get(id) ?? [], map) };
      })
      .sort((one, other) => Number(other.name === main) - Number(one.name === main));
  }
}

function rangeOf(program: Program, entry: MapEntry | undefined): TextRange | null {
  if (!entry || entry.start < 0) return null;
  return program.placesOf(entry.file)?.range(entry.start, entry.length) ?? null;
}
