import { describe, expect, it } from "vitest";
import { LONGEST_TEXT, MOST_PROGRAMS, type Program, Programs } from "./nasm_programs";
import { cleanName, type Keeper, LONGEST_NAME } from "./shelf";

function memory(stored?: string): Keeper & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>(stored === undefined ? [] : [["k", stored]]);
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

/** A program without the time at which it was kept. */
const bare = ({ changed, ...program }: Program) => program;

describe("what storage holds", () => {
  it.each([
    ["", ""],
    ["{", ""],
    ["null", "programs"],
    ["[]", "programs"],
    ['{"programs":{}}', "programs"],
    ['{"programs":[1]}', "programs[0]"],
    ['{"programs":[{"name":"","text":""}]}', "programs[0].name"],
    ['{"programs":[{"name":"a\\nb","text":""}]}', "programs[0].name"],
    ['{"programs":[{"name":"a","text":"1"},{"name":"b","text":3}]}', "programs[1].text"],
    ['{"programs":[{"name":"a","text":"1"},{"name":"a","text":"2"}]}', "programs[1].name"],
    ['{"programs":[{"name":"a","text":"","changed":-1}]}', "programs[0].changed"],
    [JSON.stringify({ programs: [{ name: "a", text: "x".repeat(LONGEST_TEXT + 1) }] }), "programs[0].text"],
  ])("%.60s is refused whole, with the place, and left as it is", (stored, path) => {
    const keeper = memory(stored);
    const programs = new Programs(keeper, "k");
    expect(programs.all).toEqual([]);
    expect(programs.problem).toEqual({ kind: "refused", path });
    expect(() => programs.keep({ name: "new", text: "" })).toThrow("refused");
    expect(keeper.kept.get("k")).toBe(stored);
    expect(programs.refusedText()).toBe(stored);
    programs.discard();
    programs.keep({ name: "new", text: "" });
    expect(new Programs(keeper, "k").all.map(bare)).toEqual([{ name: "new", text: "" }]);
  });

  it("is taken without fields that are not known", () => {
    const programs = new Programs(memory('{"programs":[{"name":"a","text":"1","evil":1,"__proto__":{"x":1}}]}'), "k");
    expect(programs.all).toEqual([{ name: "a", text: "1" }]);
    expect(programs.problem).toBeNull();
  });
});

describe("programs", () => {
  it("are kept by name, in order, as of now, and found again", () => {
    const keeper = memory();
    let now = 1000;
    const programs = new Programs(keeper, "k", () => now++);
    programs.keep({ name: "b", text: "1" });
    programs.keep({ name: "a", text: "2", example: "hello" });
    programs.keep({ name: "b", text: "3" });
    expect(new Programs(keeper, "k").all).toEqual([
      { name: "a", text: "2", example: "hello", changed: 1001 },
      { name: "b", text: "3", changed: 1002 },
    ]);
    programs.remove("a");
    expect(new Programs(keeper, "k").all.map(({ name }) => name)).toEqual(["b"]);
  });

  it("come back as they were, and get other names", () => {
    const programs = new Programs(memory(), "k", () => 5);
    programs.keep({ name: "a", text: "1" });
    programs.keep({ name: "b", text: "2" });
    const [a] = programs.all;
    programs.remove("a");
    if (a) programs.put(a);
    expect(programs.named("a")).toEqual({ name: "a", text: "1", changed: 5 });
    expect(programs.rename("a", "b")).toBe("b 2");
    expect(programs.rename("b 2", " b\n2 ")).toBe("b 2");
    expect(programs.all.map(({ name }) => name)).toEqual(["b", "b 2"]);
  });

  it("of another tab are not lost, and are seen", () => {
    const keeper = memory();
    const [one, other] = [new Programs(keeper, "k"), new Programs(keeper, "k")];
    one.keep({ name: "a", text: "" });
    other.keep({ name: "b", text: "" });
    expect(new Programs(keeper, "k").all.map(({ name }) => name)).toEqual(["a", "b"]);
    let told = 0;
    one.watch(() => told++);
    one.refresh();
    one.refresh();
    expect([told, one.all.length]).toEqual([1, 2]);
  });

  it("get names that are free, clean and short", () => {
    const programs = new Programs(memory(), "k");
    programs.keep({ name: "a", text: "" });
    programs.keep({ name: "a 2", text: "" });
    expect(programs.freeName("a")).toBe("a 3");
    expect(programs.freeName(" \u0000 ")).toBe("1");
    expect(cleanName(` a\nb${"x".repeat(200)}`)).toHaveLength(LONGEST_NAME);
  });

  it("last as long as the page where the browser keeps nothing, and that is told", () => {
    const programs = new Programs(REFUSES, "k");
    expect(programs.all).toEqual([]);
    expect(programs.problem).toEqual({ kind: "blocked" });
    expect(() => programs.keep({ name: "a", text: "1" })).toThrow("blocked");
    expect(programs.all.map(bare)).toEqual([{ name: "a", text: "1" }]);
  });

  it("stay as they were when storage is full, and that is told", () => {
    const keeper = memory();
    const programs = new Programs(keeper, "k");
    programs.keep({ name: "a", text: "1" });
    keeper.setItem = () => {
      throw new Error("quota");
    };
    expect(() => programs.keep({ name: "b", text: "2" })).toThrow("full");
    expect(programs.all.map(({ name }) => name)).toEqual(["a"]);
  });

  it("are not too many", () => {
    const many = Array.from({ length: MOST_PROGRAMS }, (_, index) => ({ name: `p${index}`, text: "" }));
    const programs = new Programs(memory(JSON.stringify({ programs: many })), "k");
    expect(programs.all).toHaveLength(MOST_PROGRAMS);
    expect(() => programs.keep({ name: "one more", text: "" })).toThrow("tooMany");
    programs.keep({ name: "p0", text: "changed" });
    expect(programs.named("p0")?.text).toBe("changed");
  });
});
