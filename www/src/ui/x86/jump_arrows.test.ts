import { expect, it } from "vitest";
import { jumpsOf, layArrows } from "./jump_arrows";

const line = (address: number, target: number | null = null) => ({ address, target });

it("finds jumps inside, above and below what is seen", () => {
  const lines = [line(10, 14), line(12, 2), line(14), line(16, 10), line(18, 99)];
  expect(jumpsOf(lines)).toEqual([
    { from: 0, to: 2 },
    { from: 1, to: -1 },
    { from: 3, to: 0 },
    { from: 4, to: 5 },
  ]);
});

it("gives crossing jumps lanes of their own, the short one inside", () => {
  const arrows = layArrows(
    [
      { from: 9, to: 0 },
      { from: 2, to: 4 },
      { from: 6, to: 8 },
    ],
    4,
  );
  const lane = (from: number) => arrows.find((arrow) => arrow.from === from)?.lane;
  expect([lane(2), lane(6), lane(9)]).toEqual([0, 0, 1]);
});

it("leaves out what has no room", () => {
  const nested = Array.from({ length: 9 }, (_, depth) => ({ from: depth, to: 30 - depth }));
  expect(layArrows(nested, 4)).toHaveLength(4);
});
