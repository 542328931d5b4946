import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Assembly } from "../protocol/nasm";
import { ASSEMBLE_MS, Desk, KEEP_MS } from "./nasm_desk";
import { Programs } from "./nasm_programs";
import { SourceMap } from "./nasm_source_map";
import type { Keeper } from "./shelf";

const BOOTABLE = new Uint8Array(512);
BOOTABLE.set([0x55, 0xaa], 510);

const made = (image: Uint8Array<ArrayBuffer>): Assembly => ({
  ok: true,
  image,
  statements: [],
  symbols: [],
  warnings: [],
});

function deskWith(assemble: (text: string) => Assembly) {
  const kept = new Map<string, string>();
  const keeper: Keeper = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
  const texts: string[] = [];
  const stops: (readonly number[])[] = [];
  const elsewhere = { addresses: null as readonly number[] | null, tell: () => {} };
  const boots: { floppy: Uint8Array; title: string }[] = [];
  const make = () =>
    new Desk(
      {
        assemble: async (text) => {
          texts.push(text);
          return assemble(text);
        },
      },
      new Programs(keeper, "programs"),
      {
        boot: (floppy, title) => boots.push({ floppy, title }),
        current: () => boots.length,
        setBreakpoints: (addresses) => stops.push(addresses),
        breakpoints: () => elsewhere.addresses,
        watchBreakpoints: (watcher) => {
          elsewhere.tell = watcher;
        },
      },
      keeper,
    );
  return { desk: make(), again: make, texts, boots, stops, elsewhere };
}

describe("the desk", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("shows a program that came with a machine, keeps nothing of it until it is changed, and overwrites none", async () => {
    const { desk } = deskWith(() => made(BOOTABLE));
    desk.add("Mine", "hlt");
    const map = new SourceMap({ ok: true, image: BOOTABLE, statements: [], symbols: [], warnings: [] });
    desk.receive("Mine", "nop", 0, map);
    expect(desk.view).toMatchObject({ name: "Mine", text: "nop", example: null, pristine: true });
    expect(desk.running).toBe(map);
    desk.edit("nop ; changed");
    await vi.advanceTimersByTimeAsync(KEEP_MS);
    expect(desk.programs.all.map(({ name, text }) => [name, text])).toEqual([
      ["Mine", "hlt"],
      ["Mine 2", "nop ; changed"],
    ]);
  });

  it("begins with the first example, and keeps nothing of it until it is changed", async () => {
    const { desk } = deskWith(() => made(BOOTABLE));
    await desk.begin();
    expect(desk.view).toMatchObject({ name: "Hello, world", example: "hello", pristine: true });
    await vi.advanceTimersByTimeAsync(KEEP_MS * 2);
    expect(desk.programs.all).toEqual([]);
    desk.edit("hlt");
    await vi.advanceTimersByTimeAsync(KEEP_MS);
    expect(desk.programs.all).toMatchObject([{ name: "Hello, world", text: "hlt", example: "hello" }]);
  });

  it("opens what was open before", async () => {
    const { desk, again } = deskWith(() => made(BOOTABLE));
    desk.add("mine", "nop");
    const next = again();
    await next.begin();
    expect(next.view).toMatchObject({ name: "mine", text: "nop", pristine: false });
  });

  it("assembles once after a burst of typing, and never shows an older result", async () => {
    const { desk, texts } = deskWith(() => made(BOOTABLE));
    desk.add("mine", "");
    await vi.advanceTimersByTimeAsync(ASSEMBLE_MS);
    texts.length = 0;
    for (const text of ["n", "no", "nop"]) desk.edit(text);
    await vi.advanceTimersByTimeAsync(ASSEMBLE_MS);
    expect(texts).toEqual(["nop"]);
    expect(desk.view.assembled?.text).toBe("nop");
  });

  it("boots what can be booted, as a whole floppy", async () => {
    const { desk, boots } = deskWith(() => made(BOOTABLE));
    desk.add("mine", "x");
    expect(await desk.start()).toBe(true);
    expect(boots[0]?.title).toBe("mine");
    expect(boots[0]?.floppy).toHaveLength(1_474_560);
    expect(desk.running).toBeDefined();
    expect(desk.outdated).toBe(false);
    desk.edit("y");
    expect(desk.outdated).toBe(true);
  });

  it.each([
    [
      "errors",
      { ok: false, errors: [{ line: 1, column: 1, message: "no" }] } as Assembly,
      { kind: "errors", count: 1 },
    ],
    ["no signature", made(new Uint8Array(512)), { kind: "unbootable", why: "noSignature" }],
    ["nothing", made(new Uint8Array()), { kind: "unbootable", why: "empty" }],
    ["too much", made(new Uint8Array(1_474_561)), { kind: "unbootable", why: "tooLarge" }],
  ])("boots nothing when there are/is %s", async (_, assembly, problem) => {
    const { desk, boots } = deskWith(() => assembly);
    desk.add("mine", "x");
    expect(await desk.start()).toBe(false);
    expect(desk.view.problem).toEqual(problem);
    expect(boots).toEqual([]);
  });

  it("waits with a machine that only halts, where a program cannot be booted: the reason stays told", async () => {
    const { desk, boots } = deskWith(() => ({ ok: false, errors: [{ line: 1, column: 1, message: "no" }] }));
    desk.add("broken", "bogus");
    expect(await desk.start()).toBe(false);
    desk.wait();
    expect(desk.view.problem).toEqual({ kind: "errors", count: 1 });
    expect([...(boots[0]?.floppy.subarray(0, 3) ?? [])]).toEqual([0xf4, 0xeb, 0xfd]);
    expect([...(boots[0]?.floppy.subarray(510, 512) ?? [])]).toEqual([0x55, 0xaa]);
    expect([desk.started, desk.outdated]).toEqual([1, true]);
  });

  it("sets breakpoints by line, on the next instruction, in the machine that was booted with this text", async () => {
    const statement = (line: number, offset: number) => ({
      line,
      offset,
      address: offset,
      length: 1,
      text: "",
      code: true,
    });
    const assembly: Assembly = { ...made(BOOTABLE), statements: [statement(2, 0), statement(5, 7)] } as Assembly;
    const { desk, stops, elsewhere } = deskWith(() => assembly);
    desk.add("mine", "x");
    await vi.advanceTimersByTimeAsync(ASSEMBLE_MS);
    desk.toggleBreakpoint(3);
    expect(desk.view.breakpoints).toEqual([5]);
    expect(stops).toEqual([]);
    await desk.start();
    desk.toggleBreakpoint(1);
    expect(stops).toEqual([[0x7c07], [0x7c00, 0x7c07]]);
    elsewhere.addresses = [0x7c07, 0x7c08, 0xf0000];
    elsewhere.tell();
    expect(desk.view.breakpoints).toEqual([5]);
    desk.edit("y");
    desk.toggleBreakpoint(5);
    expect(stops).toHaveLength(2);
  });

  it("renames and removes", async () => {
    const { desk } = deskWith(() => made(BOOTABLE));
    desk.add("one", "1");
    desk.add("two", "2");
    desk.rename("one");
    expect(desk.programs.all.map(({ name }) => name)).toEqual(["one", "one 2"]);
    await desk.remove();
    expect(desk.view.name).toBe("one");
    await desk.remove();
    expect(desk.view).toMatchObject({ example: "hello", pristine: true });
    expect(desk.programs.all).toEqual([]);
  });
});
