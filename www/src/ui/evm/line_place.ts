import type { Scene } from "../../protocol/evm/scene";
import type { TextRange } from "../../protocol/evm/solidity";
import type { CodeView, SourceFileView } from "../../protocol/evm/whole";

/** The last entry at or before a place; -1 if there is none. */
export function lastAt<T extends { readonly pc: number }>(list: readonly T[], pc: number): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((list[middle]?.pc ?? 0) <= pc) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

/** Lines of a part of the text that is marked, at most. */
const MOST_LINES = 8;

/** Where in the sources the next instruction comes from. */
export interface SourceStanding {
  readonly file: string;
  readonly line: number;
  /** Of Solidity: the part of the text, if it is no more than a few lines. */
  readonly range: TextRange | null;
}

/** Where in a source the next instruction comes from; null where that is not known. */
export function standingOf(scene: Scene | null, code: CodeView | null): SourceStanding | null {
  const source = code?.source;
  const pc = scene?.next?.pc;
  if (!scene || !source || pc === undefined) return null;
  if (source.language === "solidity") {
    const range = scene.source ?? null;
    if (!range) return null;
    // What belongs to a whole contract, as the choice of the function does, is not a part worth marking.
    const whole = range.endLine - range.line > MOST_LINES;
    return { file: range.file, line: range.line, range: whole ? null : range };
  }
  const line = source.map[lastAt(source.map, pc)]?.line;
  return line === undefined ? null : { file: source.name, line, range: null };
}

/** A file of the code that runs, by its name. */
export const fileOf = (code: CodeView | null, name: string): SourceFileView | undefined =>
  code?.source?.files.find((file) => file.name === name);
