import type { BytePattern } from "./byte_pattern";

/** Hits that are kept: more are nobody's to look through. */
export const MOST_HITS = 10_000;
/** The last byte of any space that is searched. */
const LAST = 0xffff_ffff;

/** Asks for the hits in a part of a space: as the engine's `searchMemory`. */
export type SearchPart = (
  space: string,
  first: number,
  last: number,
  pattern: BytePattern,
) => Promise<{ readonly hits: readonly number[]; readonly next: number | null }>;

/** All that was found of a pattern, in the order of addresses. */
export interface Hits {
  readonly all: readonly number[];
  /** There are more than were kept. */
  readonly more: boolean;
}

/**
 * Searches a whole space part by part, so that a running machine goes on between two of them, and others are answered;
 * null if it is no longer wanted.
 */
export async function collectHits(
  search: SearchPart,
  space: string,
  pattern: BytePattern,
  goesOn: (at: number) => boolean,
): Promise<Hits | null> {
  const all: number[] = [];
  let at: number | null = 0;
  while (at !== null && all.length < MOST_HITS) {
    if (!goesOn(at)) return null;
    const found = await search(space, at, LAST, pattern);
    for (const hit of found.hits) all.push(hit);
    at = found.next;
  }
  return { all: all.slice(0, MOST_HITS), more: at !== null };
}

/** Which hit is the first after an address, or with `back` the last before it; around the end it begins anew. */
export function hitFrom(all: readonly number[], from: number, back: boolean): number {
  if (!back) {
    const next = all.findIndex((hit) => hit > from);
    return next < 0 ? 0 : next;
  }
  const last = all.findLastIndex((hit) => hit < from);
  return last < 0 ? all.length - 1 : last;
}
