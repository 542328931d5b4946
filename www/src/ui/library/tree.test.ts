import { expect, it } from "vitest";
import type { MomentView } from "../../protocol/moments";
import { type Line, linesOf, matching } from "./tree";

const moment = (id: string, date: number, parent: string | null, more: Partial<MomentView> = {}): MomentView => ({
  ...{ id, name: id, note: "", thumbnail: null, machine: "PC", instruction: 0, date, parent, snapshot: "", run: null },
  ...{ imported: false, deleted: null, kind: "pc", alone: 0, shared: 0, live: false, foreign: [] },
  ...more,
});

const shape = (line: Line): unknown =>
  line.flatMap(({ moment, branches }) => [moment.id, ...branches.map((branch) => ({ branch: shape(branch) }))]);

it("puts each moment behind the one it was reached from, and branches beside", () => {
  const all = [
    ...[moment("a", 1, null), moment("c", 4, "a"), moment("b", 3, "a"), moment("d", 5, "b")],
    ...[moment("late", 6, null), moment("orphan", 2, "gone"), moment("kept", 7, null, { run: "r" })],
  ];
  expect(linesOf(all).map(shape)).toEqual([["late"], ["orphan"], ["a", { branch: ["c"] }, "b", "d"]]);
  const long = Array.from({ length: 20_000 }, (_, n) => moment(`${n}`, n, n === 0 ? null : `${n - 1}`));
  expect(linesOf(long)[0]?.length).toBe(20_000);
});

it("leaves out moments that claim to come from themselves, and does not hang on them", () => {
  expect(linesOf([moment("x", 1, "y"), moment("y", 2, "x")])).toEqual([]);
});

it("finds all words in name, note and machine", () => {
  const all = [moment("Shell", 1, null, { note: "before rm" }), moment("Boot", 2, null, { machine: "Linux shell" })];
  expect(matching(all, " SHELL ").map(({ id }) => id)).toEqual(["Boot", "Shell"]);
  expect(matching(all, "shell rm").map(({ id }) => id)).toEqual(["Shell"]);
  expect(matching(all, "nothing")).toEqual([]);
});
