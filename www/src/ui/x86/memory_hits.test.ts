import { describe, expect, it } from "vitest";
import { parsePattern } from "./byte_pattern";
import { collectHits, hitFrom, MOST_HITS } from "./memory_hits";

const pattern = parsePattern("55") ?? expect.fail();

describe("a search", () => {
  it("goes on part by part to the end of the space", async () => {
    const asked: number[] = [];
    const parts = new Map([
      [0, { hits: [5], next: 100 }],
      [100, { hits: [], next: 200 }],
      [200, { hits: [300, 400], next: null }],
    ]);
    const search = async (space: string, first: number, last: number) => {
      expect([space, last]).toEqual(["ds", 0xffffffff]);
      asked.push(first);
      return parts.get(first) ?? expect.fail();
    };
    expect(await collectHits(search, "ds", pattern, () => true)).toEqual({ all: [5, 300, 400], more: false });
    expect(asked).toEqual([0, 100, 200]);
    expect(await collectHits(search, "ds", pattern, (at) => at < 200)).toBeNull();
  });

  it("keeps no more than can be looked through", async () => {
    const search = async (_: string, first: number) => ({
      hits: Array.from({ length: 999 }, (_, at) => first + at),
      next: first + 999,
    });
    const found = await collectHits(search, "linear", pattern, () => true);
    expect([found?.all.length, found?.more]).toEqual([MOST_HITS, true]);
  });
});

it.each([
  [0, false, 0],
  [10, false, 1],
  [30, false, 0],
  [30, true, 1],
  [20, true, 0],
  [10, true, 2],
])("from %i, back: %s", (from, back, wanted) => {
  expect(hitFrom([10, 20, 30], from, back)).toBe(wanted);
});
