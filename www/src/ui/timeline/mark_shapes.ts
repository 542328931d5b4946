import { svg } from "lit";
import type { Bookmark, EngineMark, Point } from "../../protocol/timeline";
import { type MarkKind, TIMELINE } from "../../strings/timeline";
import { storage } from "../frame/settings";

/** A shape for each kind, in a square of ten, so that they are told apart without their colours. */
const SHAPES: Readonly<Record<MarkKind, string>> = {
  interrupt: "M4.2 1h1.600v8H4.200z",
  exception: "M5 .5 9.500 9H.5z",
  mode: "M5 0l5 5-5 5-5-5z",
  disk: "M1 1h8v8H1z",
  input: "M5 1a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
  reset:
    "M1.700.3 5 3.600 8.300.3l1.400 1.400L6.400 5l3.300 3.300-1.400 1.400L5 6.400 1.700 9.700.3 8.300 3.600 5 .3 1.700z",
  bookmark: "M2 0h6.500L7 2.500 8.500 5h-5v5H2z",
  saved: "M5 0l1.500 3.300 3.500.4-2.600 2.400.7 3.500L5 7.800 1.900 9.600l.7-3.500L0 3.700l3.500-.4z",
};

export const MARK_KINDS = Object.keys(SHAPES) as readonly MarkKind[];

/** The shape of a kind of mark. */
export const markShape = (kind: MarkKind) =>
  svg`<svg class="mark ${kind}" viewBox="0 0 10 10" aria-hidden="true"><path d=${SHAPES[kind]} /></svg>`;

/** A mark, whoever set it. */
export interface AnyMark extends Point {
  readonly kind: MarkKind;
  readonly text: string;
}

/** All marks of the kinds that are shown. */
export function marksOf(
  marks: readonly EngineMark[],
  bookmarks: readonly Bookmark[],
  hidden: ReadonlySet<MarkKind>,
): readonly AnyMark[] {
  const engine = marks.map(({ kind, detail, count, instruction, time }) => ({
    kind,
    instruction,
    time,
    text: TIMELINE.mark(kind, detail, count),
  }));
  const own = bookmarks.map(({ name, saved, instruction, time }) => ({
    kind: saved ? ("saved" as const) : ("bookmark" as const),
    instruction,
    time,
    text: name,
  }));
  return [...engine, ...own].filter(({ kind }) => !hidden.has(kind));
}

const KEY = "glassbox.timeline.hidden";

/** The kinds that the reader does not want to see, as remembered. */
export function hiddenKinds(): ReadonlySet<MarkKind> {
  const names = (storage.get(KEY) ?? "").split(" ");
  return new Set(MARK_KINDS.filter((kind) => names.includes(kind)));
}

/** Shows or hides a kind, and remembers it. */
export function toggleKind(hidden: ReadonlySet<MarkKind>, kind: MarkKind): ReadonlySet<MarkKind> {
  const next = new Set(hidden);
  if (!next.delete(kind)) next.add(kind);
  storage.set(KEY, [...next].join(" "));
  return next;
}
