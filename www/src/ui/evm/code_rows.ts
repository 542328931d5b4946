import type { CodeView, ListingLine } from "../../protocol/evm/whole";
import { grouped } from "./evm_text";

/** A row of the code pane. */
export interface CodeRow {
  /** Before the text: a place in the code, or a line's number. */
  readonly place: string;
  readonly label: string;
  readonly text: string;
  readonly note: string;
  /** Where a run to this row ends; null where there is no code. */
  readonly pc: number | null;
  readonly count: string;
  readonly gas: string;
}

export interface CodeRows {
  readonly rows: readonly CodeRow[];
  /** Index of the row with the instruction at a place; -1 if none has it. */
  indexOf(pc: number): number;
}

const hex = (pc: number): string => pc.toString(16).padStart(4, "0");

/** The last entry at or before a place. */
function lastAt<T extends { readonly pc: number }>(list: readonly T[], pc: number): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((list[middle]?.pc ?? 0) <= pc) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

function listingText(line: ListingLine): string {
  return line.text === "" ? "JUMPDEST" : line.text;
}

function bytecodeRows(code: CodeView): CodeRows {
  const used = new Map(code.uses.map(([pc, count, gas]) => [pc, { count, gas }]));
  const rows = code.lines.map((line) => {
    const use = used.get(line.pc);
    return {
      place: hex(line.pc),
      label: line.label ?? "",
      text: listingText(line),
      note: line.note ?? "",
      pc: line.pc,
      count: use ? `${grouped(use.count)}×` : "",
      gas: use ? grouped(use.gas) : "",
    };
  });
  return { rows, indexOf: (pc) => lastAt(code.lines, pc) };
}

function sourceRows(source: NonNullable<CodeView["source"]>): CodeRows {
  const first = new Map<number, number>();
  for (const { pc, line } of source.map) if (!first.has(line)) first.set(line, pc);
  const used = new Map(source.uses.map(([line, count, gas]) => [line, { count, gas }]));
  const rows = source.text.split("\n").map((text, at) => {
    const use = used.get(at + 1);
    return {
      place: String(at + 1),
      label: "",
      text,
      note: "",
      pc: first.get(at + 1) ?? null,
      count: use ? `${grouped(use.count)}×` : "",
      gas: use ? grouped(use.gas) : "",
    };
  });
  return { rows, indexOf: (pc) => (source.map[lastAt(source.map, pc)]?.line ?? 0) - 1 };
}

/** Code as rows: of its source, or of the instructions. */
export const rowsOf = (code: CodeView, asSource: boolean): CodeRows =>
  asSource && code.source ? sourceRows(code.source) : bytecodeRows(code);
