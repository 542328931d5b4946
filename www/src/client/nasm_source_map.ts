import type { ProgramSymbols } from "../protocol/inspection";
import type { Assembly, Statement } from "../protocol/nasm";

/** Where the BIOS puts a boot sector: linear. */
export const BOOT_ADDRESS = 0x7c00;

type Made = Extract<Assembly, { ok: true }>;

/** The statement that an address belongs to. */
export interface Place {
  readonly line: number;
  readonly statement: Statement;
  /** Linear address of the statement's first byte. */
  readonly linear: number;
  /** The bytes that the assembler put there. */
  readonly bytes: Uint8Array;
}

/**
 * Which line the bytes at a linear address come from, once an image is in memory as one piece. What the program copies
 * elsewhere has no line; the caller compares `bytes` with memory to see whether they are still those of the source.
 */
export class SourceMap {
  private readonly placed: readonly (Statement & { readonly offset: number })[];

  constructor(
    private readonly made: Made,
    /** Linear address of the image's first byte. */
    private readonly base = BOOT_ADDRESS,
  ) {
    this.placed = made.statements
      .filter(
        (statement): statement is Statement & { offset: number } => statement.offset !== null && statement.length > 0,
      )
      .sort((one, other) => one.offset - other.offset);
  }

  /** The statement at a linear address, or undefined where the source has none. */
  at(linear: number): Place | undefined {
    const offset = linear - this.base;
    let [low, high] = [0, this.placed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.placed[middle]?.offset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const found = this.placed[low - 1];
    return found && offset < found.offset + found.length ? this.place(found) : undefined;
  }

  /** The first instruction of a line, or of the next line that has one: where a breakpoint on it goes. */
  breakAt(line: number): Place | undefined {
    const code = this.placed.filter((statement) => statement.code && statement.line >= line);
    const nearest = Math.min(...code.map((statement) => statement.line));
    const first = code.find((statement) => statement.line === nearest);
    return first && this.place(first);
  }

  /** The linear address of a label, or undefined if there is no such label. */
  label(name: string): number | undefined {
    const symbol = this.made.symbols.find((symbol) => symbol.kind === "label" && symbol.name === name);
    const labelled = symbol && this.placed.find((statement) => statement.address === symbol.value);
    return labelled && this.base + labelled.offset;
  }

  /** What the debugger is to know of the program: labels, lines and its text. */
  symbols(name: string, text: string): ProgramSymbols {
    const labels = this.made.symbols.flatMap(({ name, kind }): [string, number][] => {
      const linear = kind === "label" ? this.label(name) : undefined;
      return linear === undefined ? [] : [[name, linear]];
    });
    const lines = this.placed.map(({ offset, line }): [number, number] => [this.base + offset, line]);
    return { name, text, labels, lines };
  }

  private place(statement: Statement & { readonly offset: number }): Place {
    const { offset, length, line } = statement;
    return {
      line,
      statement,
      linear: this.base + offset,
      bytes: this.made.image.subarray(offset, offset + length),
    };
  }
}
