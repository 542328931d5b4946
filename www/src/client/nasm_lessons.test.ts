import { describe, expect, it } from "vitest";
import { Lessons } from "./nasm_lessons";
import type { Keeper } from "./shelf";

function memory(): Keeper {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

const REFUSES: Keeper = {
  getItem: () => {
    throw new Error("denied");
  },
  setItem: () => {
    throw new Error("quota");
  },
};

describe("steps of lessons", () => {
  it("are remembered", () => {
    const keeper = memory();
    new Lessons(keeper).mark("hello", 2, true);
    new Lessons(keeper).mark("hello", 0, true);
    new Lessons(keeper).mark("hello", 2, false);
    expect([...new Lessons(keeper).stepsDone("hello")]).toEqual([0]);
  });

  it("last as long as the page where nothing is kept", () => {
    const lessons = new Lessons(REFUSES);
    lessons.mark("hello", 1, true);
    expect([...lessons.stepsDone("hello")]).toEqual([1]);
  });
});
