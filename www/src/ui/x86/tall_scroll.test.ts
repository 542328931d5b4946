import { expect, it } from "vitest";
import { TallScroll } from "./tall_scroll";

const ROWS = 2 ** 32 / 16;
const scroll = new TallScroll(ROWS, 18, 500);

it("is no taller than browsers show", () => {
  expect(scroll.heightPx).toBeLessThan(10_000_000);
  expect(new TallScroll(10, 18, 500).heightPx).toBe(500);
});

it("reaches the first and the last row", () => {
  expect(scroll.rowAt(0)).toBe(0);
  expect(scroll.rowAt(scroll.heightPx - 500)).toBe(ROWS - scroll.seen);
  expect(scroll.rowAt(1e12)).toBe(scroll.last);
  expect(scroll.rowAt(-5)).toBe(0);
});

it("stands where its row is, as well as a bar of that height can", () => {
  for (const row of [0, 1, 0x7c0, 123_456_789, ROWS - 1]) {
    const found = scroll.rowAt(scroll.topOf(row));
    expect(Math.abs(found - scroll.clamp(row))).toBeLessThanOrEqual(1);
  }
});

it("does not scroll what fits", () => {
  const small = new TallScroll(4, 18, 500);
  expect([small.last, small.rowAt(100), small.topOf(3)]).toEqual([0, 0, 0]);
});
