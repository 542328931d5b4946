import { describe, expect, it } from "vitest";
import { EVM_EXAMPLES } from "../examples/evm/catalog";
import { exported, ImportError, type ImportTrouble, imported, LARGEST_FILE, type SavedWork } from "./saved_files";

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer;

function trouble(name: string, content: ArrayBuffer): ImportTrouble {
  try {
    imported(name, content);
  } catch (error) {
    if (error instanceof ImportError) return error.why;
  }
  throw new Error("it was taken");
}

const MACHINE = {
  name: "mine",
  memoryMb: 64,
  bootOrder: "cda",
  append: "console=ttyS0",
  resetOnShutdown: true,
  hdaUrl: "",
  cdromUrl: "https://example.org/a.iso",
  files: { fda: "dos.img" },
};

describe("files of saved work", () => {
  it.each(EVM_EXAMPLES.map((example) => [example.id, example.project] as const))("%s comes back", (id, project) => {
    const work: SavedWork = { kind: "project", item: { name: id, project, transaction: 1, position: 17, changed: 5 } };
    const { name, text } = exported(work);
    expect(name).toBe(`${id}.json`);
    const { changed, ...item } = work.item;
    expect(imported(name, bytes(text))).toEqual({ kind: "project", item });
  });

  it("machines come back, without what was not asked for", () => {
    const { text } = exported({ kind: "machine", item: MACHINE });
    expect(imported("m.json", bytes(text))).toEqual({ kind: "machine", item: MACHINE });
    const more = JSON.parse(text);
    more.machine.bios = { kind: "url", url: "javascript:0" };
    expect(imported("m.json", bytes(JSON.stringify(more)))).toEqual({ kind: "machine", item: MACHINE });
  });

  it("a program is its source", () => {
    expect(exported({ kind: "program", item: { name: "a/b: c", text: "hlt" } })).toEqual({
      name: "ab c.asm",
      text: "hlt",
    });
    expect(imported("boot.asm", bytes("hlt"))).toEqual({ kind: "program", item: { name: "boot", text: "hlt" } });
  });

  const machine = (part: object) =>
    JSON.stringify({ glassbox: "machine", version: 1, machine: { ...MACHINE, ...part } });
  const project = (part: object) =>
    JSON.stringify({
      glassbox: "project",
      version: 1,
      project: {
        name: "a",
        project: { title: "", request: {}, sources: [], abi: [], ...part },
        transaction: 0,
        position: 0,
      },
    });

  it.each<[string, string, ImportTrouble]>([
    ["a.json", "{", { kind: "notJson" }],
    ["a.json", "null", { kind: "unknown" }],
    ["a.json", '{"glassbox":"__proto__"}', { kind: "unknown" }],
    ["a.json", '{"glassbox":"machine","version":2}', { kind: "newer" }],
    ["a.json", '{"glassbox":"machine","version":1}', { kind: "field", path: "machine" }],
    ["a.json", machine({ memoryMb: 0 }), { kind: "field", path: "machine.memoryMb" }],
    ["a.json", machine({ memoryMb: "64" }), { kind: "field", path: "machine.memoryMb" }],
    ["a.json", machine({ bootOrder: "abc" }), { kind: "field", path: "machine.bootOrder" }],
    ["a.json", machine({ hdaUrl: "javascript:alert(1)" }), { kind: "field", path: "machine.hdaUrl" }],
    ["a.json", machine({ files: { fda: 1 } }), { kind: "field", path: "machine.files.fda" }],
    ["a.json", machine({ name: " a" }), { kind: "field", path: "machine.name" }],
    ["a.json", project({ abi: [1] }), { kind: "field", path: "project.project.abi[0]" }],
    ["a.json", project({ sources: [{ name: "a" }] }), { kind: "field", path: "project.project.sources[0].text" }],
    [
      "a.json",
      project({ request: { transactions: [{ to: {} }] } }),
      { kind: "field", path: "project.project.request.transactions[0].to" },
    ],
    [
      "a.json",
      project({ request: { prestate: { "0x1": { balance: null } } } }),
      { kind: "field", path: "project.project.request.prestate.0x1.balance" },
    ],
    ["a.asm", "a\0b", { kind: "notText" }],
  ])("%s with %.90s is refused with the reason", (name, text, why) => expect(trouble(name, bytes(text))).toEqual(why));

  it("what is no text, or too large, is refused", () => {
    expect(trouble("a.asm", new Uint8Array([0xff, 0xfe]).buffer)).toEqual({ kind: "notText" });
    expect(trouble("a.json", new ArrayBuffer(LARGEST_FILE + 1))).toEqual({ kind: "tooLarge" });
  });
});
