import { expect, it } from "vitest";
import { type ActionName, actionOf, chordText, KEYS, perform, register } from "./keys";

const key = (name: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", boolean>> = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

it.each<[string, Parameters<typeof key>[1], ActionName | undefined]>([
  ["F5", {}, "run"],
  ["F5", { ctrlKey: true }, undefined],
  ["F9", {}, "breakpoint"],
  ["F10", {}, "over"],
  ["F11", {}, "into"],
  ["F11", { shiftKey: true }, "out"],
  ["F11", { altKey: true }, undefined],
  ["G", { ctrlKey: true }, "goTo"],
  ["g", { metaKey: true }, "goTo"],
  ["g", {}, undefined],
  ["g", { ctrlKey: true, altKey: true }, undefined],
  ["?", { shiftKey: true }, "help"],
  ["?", {}, "help"],
])("%s with %o is %s", (name, held, action) => {
  expect(actionOf(key(name, held))).toBe(action);
});

it("no two actions have the same chord", () => {
  const chords = Object.values(KEYS).map(chordText);
  expect(new Set(chords).size).toBe(chords.length);
  expect(chords).toContain("Shift+F11");
});

it("asks the last page that has the action, until it ends", () => {
  const done: string[] = [];
  const endFirst = register({ run: () => done.push("first"), over: () => done.push("over") });
  const endSecond = register({ run: () => done.push("second") });
  expect([perform("run"), perform("over"), perform("out")]).toEqual([true, true, false]);
  endSecond();
  perform("run");
  endFirst();
  expect(perform("run")).toBe(false);
  expect(done).toEqual(["second", "over", "first"]);
});
