import type { TextRange } from "../../protocol/evm/solidity";
import type { CodeView, ListingLine, SourceFileView } from "../../protocol/evm/whole";
import { grouped } from "./evm_text";
import { fileOf, lastAt } from "./line_place";

/** A row of the code pane. */
export interface CodeRow {
  /** Before the text: a place in the code, or a line's number. */
  readonly place: string;
  readonly label: string;
  readonly text: string;
  readonly note: string;
  /** The first instruction of the row; null where there is no code. */
  readonly pc: number | null;
  readonly count: string;
  readonly gas: string;
}

export interface CodeRows {
  readonly rows: readonly CodeRow[];
  /** Index of the row with the instruction at a place; -1 if none has it. */
  indexOf(pc: number): number;
}

/** What is shown of code: its instructions, or a file of its source. */
export type CodeFace = { readonly as: "bytecode" } | { readonly as: "source"; readonly file: string };

const hex = (pc: number): string => pc.toString(16).padStart(4, "0");

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

function sourceRows(source: SourceFileView): CodeRows {
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

/** Code as rows: of a file of its source, or of the instructions. */
export function rowsOf(code: CodeView, face: CodeFace): CodeRows {
  const file = face.as === "source" ? fileOf(code, face.file) : undefined;
  return file ? sourceRows(file) : bytecodeRows(code);
}

/** The part of a line, from 1, that a range covers: before, in and after it; null if none. */
export function splitAt(text: string, line: number, range: TextRange | null): readonly [string, string, string] | null {
  if (!range || line < range.line || line > range.endLine) return null;
  const from = line === range.line ? range.column - 1 : 0;
  const to = line === range.endLine ? range.endColumn - 1 : text.length;
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
}
