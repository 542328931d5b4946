import { expect, it } from "vitest";
import type { TimelineView } from "../../protocol/timeline";
import { allOf, partOf, shifted, ticksOf, timeAt, zoomed } from "./span";

const all = { from: 1000, to: 101_000 };
const point = (time: number) => ({ instruction: time / 10, time });

it("reaches as far as the longest branch", () => {
  const past = { start: point(1000), end: point(50_000), here: point(2000), isPast: true, bytes: 0 };
  const view = { past, branches: [{ id: 1, from: point(3000), end: point(101_000), inputs: 1 }] };
  expect(allOf(view as unknown as TimelineView)).toEqual(all);
  expect(allOf(null).to).toBeGreaterThan(allOf(null).from);
});

it("tells where a time lies, and what time lies there", () => {
  expect(partOf(26_000, all)).toBe(0.25);
  for (const time of [1000, 33_333, 101_000]) expect(timeAt(partOf(time, all), all)).toBe(time);
});

it("zooms around a time, which keeps its place", () => {
  const span = zoomed(all, all, 4, 41_000);
  expect(span && span.to - span.from).toBe(25_000);
  expect(span && partOf(41_000, span)).toBeCloseTo(partOf(41_000, all), 3);
  expect(span && zoomed(span, all, 0.1, 41_000)).toBeNull();
});

it("never leaves the time there is, nor shows too little of it", () => {
  expect(zoomed(all, all, 2, 1000)?.from).toBe(1000);
  const small = zoomed(all, all, 1e9, 50_000);
  expect(small && small.to - small.from).toBe(1000);
  expect(shifted({ from: 2000, to: 12_000 }, all, -5)).toEqual({ from: 1000, to: 11_000 });
  expect(shifted({ from: 2000, to: 12_000 }, all, 50)).toEqual({ from: 91_000, to: 101_000 });
});

it.each([
  [{ from: 0, to: 10e9 }, 6, [0, 2e9, 4e9, 6e9, 8e9, 10e9]],
  [{ from: 1000, to: 2000 }, 2, [1000, 1500, 2000]],
  [{ from: 3, to: 4 }, 1, [3, 4]],
])("writes round times", (span, most, ticks) => expect(ticksOf(span, most)).toEqual(ticks));
