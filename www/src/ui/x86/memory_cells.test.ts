import { expect, it } from "vitest";
import type { AllRegisters, MemoryView } from "../../protocol/inspection";
import { cellsOf, pointersInto } from "./memory_cells";

const view = (bytes: number[], absent: MemoryView["absent"] = []): MemoryView => ({
  bytes: Uint8Array.from(bytes),
  absent,
});
const hole = (at: number, length: number) => ({ at, length, reason: "pf" as const, text: "page not present" });
const NONE = new Map<number, string>();

it("marks what changed, with what it was", () => {
  const cells = cellsOf(view([1, 2, 3]), view([1, 9, 3]), NONE);
  expect(cells.map(({ was }) => was)).toEqual([null, 9, null]);
});

it("tells absent bytes from zeros, and compares none of them", () => {
  const cells = cellsOf(view([0, 0, 5], [hole(1, 1)]), view([0, 7, 0], [hole(2, 1)]), NONE);
  expect(cells.map(({ value }) => value)).toEqual([0, null, 5]);
  expect(cells.map(({ was }) => was)).toEqual([null, null, null]);
  expect(cells[1]?.absent?.text).toBe("page not present");
});

const registers = {
  general: [
    { name: "ESP", value: 0x7bfe },
    { name: "ESI", value: 0x10 },
    { name: "EBP", value: 0x7bfe },
  ],
  segments: [
    { name: "ss", base: 0 },
    { name: "ds", base: 0x7c00 },
  ],
} as unknown as AllRegisters;

it("finds pointers by their segment's base", () => {
  expect([...pointersInto(registers, "linear", 0x7bf0, 64)]).toEqual([
    [14, "ESP EBP"],
    [32, "ESI"],
  ]);
  expect([...pointersInto(registers, "ds", 0, 64)]).toEqual([[16, "ESI"]]);
  expect([...pointersInto(registers, "physical", 0x7bf0, 64)]).toEqual([]);
});
