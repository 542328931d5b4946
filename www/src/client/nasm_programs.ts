import { maybe, record, text, whole } from "../protocol/schema";
import { type Keeper, keptName, type Named, Shelf, type ShelfFormat } from "./shelf";

/** A program of the reader's own, kept in this browser. */
export interface Program extends Named {
  readonly text: string;
  /** The example that it was made from. */
  readonly example?: string;
}

export const MOST_PROGRAMS = 200;
export const LONGEST_TEXT = 1 << 20;

const FORMAT: ShelfFormat<Program> = {
  field: "programs",
  check: record({
    name: keptName,
    text: text(LONGEST_TEXT),
    example: maybe(text(100)),
    changed: maybe(whole(Number.MAX_SAFE_INTEGER)),
  }) as ShelfFormat<Program>["check"],
  most: MOST_PROGRAMS,
  // As JSON, a line's end is two characters, and little else more than one.
  longest: 2 * LONGEST_TEXT,
};

/** The reader's programs. */
export class Programs extends Shelf<Program> {
  constructor(keeper: Keeper, key: string, now?: () => number) {
    super(keeper, key, FORMAT, now);
  }
}
