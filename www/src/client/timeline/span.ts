import type { TimelineView } from "../../protocol/timeline";

/** A part of virtual time, in ns. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** No less than this is ever shown: a hundred instructions. */
const SHORTEST_NS = 1000;

/** All the time that can be walked, on any branch. */
export function allOf(view: TimelineView | null): Span {
  if (!view?.past) return { from: 0, to: SHORTEST_NS };
  const { start, end } = view.past;
  const last = Math.max(end.time, ...view.branches.map((branch) => branch.end.time));
  return { from: start.time, to: Math.max(last, start.time + SHORTEST_NS) };
}

/** Where a time lies in what is shown: 0 at its begin, 1 at its end. */
export const partOf = (time: number, { from, to }: Span): number => (time - from) / (to - from);

/** The time at a part of what is shown. */
export const timeAt = (part: number, { from, to }: Span): number => Math.round(from + part * (to - from));

/** A span of a length inside another one; the other one itself, that is null, if it is not shorter. */
function inside(from: number, length: number, all: Span): Span | null {
  if (length >= all.to - all.from) return null;
  const begin = Math.min(Math.max(from, all.from), all.to - length);
  return { from: Math.round(begin), to: Math.round(begin + length) };
}

/** What is shown after zooming in (a factor above 1) or out; `around` keeps its place. Null for all. */
export function zoomed(span: Span, all: Span, factor: number, around: number): Span | null {
  const length = Math.max((span.to - span.from) / factor, SHORTEST_NS);
  return inside(around - partOf(around, span) * length, length, all);
}

/** What is shown after moving by a part of it. */
export function shifted(span: Span, all: Span, by: number): Span | null {
  const length = span.to - span.from;
  return inside(span.from + by * length, length, all);
}

/** Round times to write under the track, at most about `most` of them. */
export function ticksOf({ from, to }: Span, most: number): readonly number[] {
  const least = (to - from) / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least) ?? 10 * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick);
  return ticks;
}
