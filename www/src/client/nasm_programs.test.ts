import { describe, expect, it } from "vitest";
import { Lessons } from "./nasm_lessons";
import { cleanName, type Keeper, LONGEST_NAME, Programs, readPrograms } from "./nasm_programs";

function memory(): Keeper & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

const REFUSES: Keeper = {
  getItem: () => {
    throw new Error("denied");
  },
  setItem: () => {
    throw new Error("quota");
  },
};

describe("what storage holds", () => {
  it.each([
    null,
    "",
    "{",
    "null",
    "[]",
    '{"programs":{}}',
    '{"programs":[1,null,{"name":"","text":""},{"name":"a\\nb","text":""}]}',
  ])("%s is no program", (stored) => expect(readPrograms(stored)).toEqual([]));

  it("is taken without what does not belong there, and each name once", () => {
    const stored = {
      programs: [
        { name: "a", text: "1", evil: 1 },
        { name: "a", text: "2" },
        { name: "b", text: 3 },
      ],
    };
    expect(readPrograms(JSON.stringify(stored)).map(({ name, text }) => [name, text])).toEqual([["a", "1"]]);
  });
});

describe("programs", () => {
  it("are kept by name, in order, and found again", () => {
    const keeper = memory();
    const programs = new Programs(keeper, "k");
    programs.keep({ name: "b", text: "1" });
    programs.keep({ name: "a", text: "2", example: "hello" });
    programs.keep({ name: "b", text: "3" });
    expect(new Programs(keeper, "k").all).toEqual([
      { name: "a", text: "2", example: "hello" },
      { name: "b", text: "3" },
    ]);
    programs.remove("a");
    expect(new Programs(keeper, "k").all.map(({ name }) => name)).toEqual(["b"]);
  });

  it("of another tab are not lost", () => {
    const keeper = memory();
    const [one, other] = [new Programs(keeper, "k"), new Programs(keeper, "k")];
    one.keep({ name: "a", text: "" });
    other.keep({ name: "b", text: "" });
    expect(new Programs(keeper, "k").all.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("get names that are free, clean and short", () => {
    const programs = new Programs(memory(), "k");
    programs.keep({ name: "a", text: "" });
    programs.keep({ name: "a 2", text: "" });
    expect(programs.freeName("a")).toBe("a 3");
    expect(programs.freeName(" \u0000 ")).toBe("program");
    expect(cleanName(` a\nb${"x".repeat(200)}`)).toHaveLength(LONGEST_NAME);
  });

  it("say so when the browser keeps nothing", () => {
    const programs = new Programs(REFUSES, "k");
    expect(programs.all).toEqual([]);
    expect(() => programs.keep({ name: "a", text: "" })).toThrow("keeps no more");
  });
});

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
