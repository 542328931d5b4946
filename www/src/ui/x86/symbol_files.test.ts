import { describe, expect, it } from "vitest";
import type { SymbolsLoaded } from "../../protocol/inspection";
import { type GivenFile, parseBase, takeFiles } from "./symbol_files";

const file = (name: string): GivenFile => ({ name, arrayBuffer: async () => new ArrayBuffer(4) });
const loadedAs = (name: string): SymbolsLoaded => ({
  name,
  format: "elf",
  base: 0,
  symbols: 1,
  lines: 0,
  sources: 0,
  notes: [],
});

describe("files with symbols", () => {
  it("are taken in any order: a source after the file with its lines", async () => {
    const known = new Set<string>();
    const load = async (name: string): Promise<SymbolsLoaded> => {
      if (name === "t.c" && !known.has("t.elf")) return { error: "t.c: of no known kind" };
      known.add(name);
      return loadedAs(name);
    };
    const taken = await takeFiles([file("t.c"), file("t.elf")], load);
    expect(taken.loaded.map(({ name }) => name)).toEqual(["t.elf", "t.c"]);
    expect(taken.problems).toEqual([]);
  });

  it("that nobody understands are told once, and so are folders", async () => {
    let asked = 0;
    const load = async (name: string): Promise<SymbolsLoaded> => {
      asked++;
      return name === "good" ? loadedAs(name) : { error: `${name}: of no known kind` };
    };
    const folder: GivenFile = { name: "folder", arrayBuffer: () => Promise.reject(new Error("cannot be read")) };
    const taken = await takeFiles([file("bad"), folder, file("good")], load);
    expect(taken.problems).toEqual(["bad: of no known kind", "folder: cannot be read"]);
    expect(asked).toBe(3);
  });
});

it.each([
  ["", 0],
  [" 7c00 ", 0x7c00],
  ["0xC0000000", 0xc0000000],
  ["100h", 0x100],
  ["x", null],
  ["0x", null],
  ["123456789", null],
])("base %s", (text, base) => expect(parseBase(text)).toBe(base));
