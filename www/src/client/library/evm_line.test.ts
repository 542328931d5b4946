import { expect, it } from "vitest";
import { COUNTER } from "../../examples/evm/counter";
import type { EvmPlace } from "../../protocol/links";
import { EvmLine } from "./evm_line";

const at = (position: number, part: Partial<EvmPlace> = {}): EvmPlace => ({
  ...{ project: COUNTER.project, transaction: 0, position, stops: [], byLine: false },
  seen: { depth: 1, pc: 0, gas: 1 },
  ...part,
});
const other = (title: string) => ({ ...COUNTER.project, title, request: { ...COUNTER.project.request, gas: 5 } });

/** A line with moments saved at these places, named by their numbers. */
function saved(...places: readonly EvmPlace[]): EvmLine {
  const line = new EvmLine();
  for (const [index, place] of places.entries()) line.saved(String(index), place);
  return line;
}

it("hangs what is saved below the last moment before it", () => {
  expect(new EvmLine().parentOf(at(5))).toBeNull();
  expect(saved(at(5)).parentOf(at(5))).toBe("0");
  expect(saved(at(5), at(9)).parentOf(at(12))).toBe("1");
  expect(saved(at(5), at(9)).parentOf(at(7))).toBe("0");
  expect(saved(at(5), at(9)).parentOf(at(4))).toBeNull();
});

it("takes a later transaction for later, whatever its step", () => {
  expect(saved(at(5)).parentOf(at(0, { transaction: 1 }))).toBe("0");
  expect(saved(at(0, { transaction: 1 })).parentOf(at(5))).toBeNull();
});

it("knows the run again though the project is another object", () => {
  expect(saved(at(5)).parentOf(at(9, { project: structuredClone(COUNTER.project) }))).toBe("0");
});

it("takes another input for another way on, and another program for another run", () => {
  const { title } = COUNTER.project;
  expect(saved(at(5)).parentOf(at(2, { project: other(title) }))).toBe("0");
  expect(saved(at(5)).parentOf(at(9, { project: other("Another") }))).toBeNull();
  // Back with the first input: below what was saved of that, or where that began.
  const both = saved(at(5), at(2, { project: other(title) }));
  expect(both.parentOf(at(9))).toBe("0");
  expect(both.parentOf(at(3))).toBeNull();
  expect(both.parentOf(at(1, { project: other(title) }))).toBe("0");
});

it("begins at what was opened, and forgets what was deleted again", () => {
  const line = saved(at(5), at(9));
  line.dropped("1");
  expect(line.parentOf(at(12))).toBe("0");
  line.opened("m", at(3));
  expect(line.parentOf(at(4))).toBe("m");
  expect(line.parentOf(at(2))).toBeNull();
});
