import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MomentRecord } from "../../protocol/moments";
import { Database, type NewPack, PackGone, type Writing } from "./database";

type Record = Writing["record"];

let db: Database;
let name = "";

beforeEach(async () => {
  name = `test-${Math.random()}`;
  db = await Database.open(name);
});

afterEach(() => {
  vi.restoreAllMocks();
  db.close();
});

/** A pack of pages whose ids are all one byte. */
const pack = (id: number, length = 100): NewPack => ({
  ids: new Uint8Array(32).fill(id),
  bytes: new Uint8Array(length).fill(id),
});

const record = (id: string, more: Partial<Record> = {}): Record => ({
  ...{ id, name: id, note: "", thumbnail: null, machine: "Test", instruction: 1, date: 2, parent: null, snapshot: "" },
  ...{ body: { kind: "evm" }, run: null, imported: false, deleted: null },
  ...more,
});

const writing = (id: string, packs: readonly NewPack[], known: readonly number[] = [], more: Partial<Record> = {}) => ({
  record: record(id, more),
  manifest: new Uint8Array(10).fill(7),
  known: new Uint32Array(known),
  packs,
  images: new Map<string, Uint8Array<ArrayBuffer>>(),
});

const uses = async (id: string): Promise<MomentRecord["packs"]> => (await db.record(id)).packs;

describe("a library", () => {
  it("gives back what was written", async () => {
    const bytes = await db.write(writing("a", [pack(1), pack(2, 50)]));
    expect(bytes).toBe(10 + 100 + 50 + 2 * 32);
    const { manifest, packs } = await db.whole("a");
    expect([...manifest]).toEqual(Array(10).fill(7));
    expect(packs).toEqual([pack(1), pack(2, 50)]);
    expect((await uses("a")).map(({ pages, bytes }) => [pages, bytes])).toEqual([
      [1, 100],
      [1, 50],
    ]);
  });

  it("keeps packs that several moments need until the last is swept", async () => {
    await db.write(writing("a", [pack(1), pack(2)]));
    const [first, second] = (await uses("a")).map(({ pack }) => pack) as [number, number];
    await db.write(writing("b", [pack(3)], [first, 1]));
    await db.remove(["a"]);
    expect((await db.packKeys()).length).toBe(3);
    await db.sweep(Date.now());
    expect(await db.packKeys()).not.toContain(second);
    expect(await db.packKeys()).toContain(first);
    expect((await db.whole("b")).packs).toEqual([pack(1), pack(3)]);
    await expect(db.whole("a")).rejects.toThrow("not in the library");
    await db.remove(["b"]);
    await db.sweep(Date.now());
    expect(await db.packKeys()).toEqual([]);
    expect(await db.records()).toEqual([]);
  });

  it("brings back what was deleted, and sweeps only what was deleted before", async () => {
    await db.write(writing("a", [pack(1)]));
    await db.remove(["a"]);
    await expect(db.record("a")).rejects.toThrow("not in the library");
    await db.sweep(Date.now() - 60_000);
    await db.bringBack(["a"]);
    expect((await db.whole("a")).packs).toEqual([pack(1)]);
  });

  it("frees images with the last moment that names them", async () => {
    const image = new Uint8Array([1, 2, 3]);
    const sha256 = "ab".repeat(32);
    const kept = { kind: "kept", name: "x", size: 3, sha256 } as const;
    const recipe = { title: "t", memoryMb: 1, bootOrder: "", resetOnShutdown: false, rtcUnixSeconds: 0 };
    const body = { kind: "pc", recipe: { ...recipe, images: { fda: kept } } } as const;
    for (const id of ["a", "b"]) {
      await db.write({ ...writing(id, [], [], { body }), images: new Map([[sha256, image]]) });
    }
    await db.remove(["a"]);
    await db.sweep(Date.now());
    expect(await db.image(sha256)).toEqual(image);
    await db.remove(["b"]);
    await db.sweep(Date.now());
    expect(await db.image(sha256)).toBeUndefined();
  });

  it("keeps one moment of a run", async () => {
    await db.write(writing("a", [pack(1), pack(2)], [], { run: "r" }));
    const [first] = (await uses("a")).map(({ pack }) => pack) as [number];
    await db.write(writing("other", [pack(9)], [], { run: "s" }));
    await db.write(writing("b", [pack(3)], [first, 1], { run: "r" }));
    expect((await db.records()).map(({ id }) => id).sort()).toEqual(["b", "other"]);
    expect((await db.packKeys()).length).toBe(3);
  });

  it("refuses to count on a pack that another tab freed, and writes nothing", async () => {
    await db.write(writing("a", [pack(1)]));
    const [{ pack: key }] = (await uses("a")) as [{ pack: number }];
    const other = await Database.open(name);
    await other.remove(["a"]);
    await other.sweep(Date.now());
    other.close();
    await expect(db.write(writing("b", [pack(2)], [key, 1]))).rejects.toBeInstanceOf(PackGone);
    expect(await db.packKeys()).toEqual([]);
    expect(await db.records()).toEqual([]);
  });

  it("takes what two tabs write at once", async () => {
    const other = await Database.open(name);
    await Promise.all([
      ...[1, 2, 3].map((n) => db.write(writing(`here ${n}`, [pack(n)]))),
      ...[4, 5, 6].map((n) => other.write(writing(`there ${n}`, [pack(n)]))),
    ]);
    other.close();
    for (const n of [1, 2, 3]) expect((await db.whole(`here ${n}`)).packs).toEqual([pack(n)]);
    for (const n of [4, 5, 6]) expect((await db.whole(`there ${n}`)).packs).toEqual([pack(n)]);
  });

  /** The storage fails at the n-th write of a save: full, or refused. */
  const failing = (at: number, error: string) => {
    let writes = 0;
    for (const method of ["add", "put"] as const) {
      const real = IDBObjectStore.prototype[method];
      vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, value, key) {
        if (++writes === at) throw new DOMException("injected", error);
        return key === undefined ? real.call(this, value) : real.call(this, value, key);
      });
    }
  };

  it.each([1, 2, 3, 4, 5, 6])("is as it was when the storage is full at write %i", async (at) => {
    await db.write(writing("old", [pack(1)], [], { run: "r" }));
    const before = [await db.records(), await db.packKeys()];
    failing(at, "QuotaExceededError");
    await expect(db.write(writing("new", [pack(2), pack(3)], [], { run: "r" }))).rejects.toThrow("storage is full");
    vi.restoreAllMocks();
    expect([await db.records(), await db.packKeys()]).toEqual(before);
    expect((await db.whole("old")).packs).toEqual([pack(1)]);
    // And it can be written to again.
    await db.write(writing("new", [pack(2)]));
    expect((await db.whole("new")).packs).toEqual([pack(2)]);
  });

  it("tells that storage is blocked", async () => {
    vi.spyOn(indexedDB, "open").mockImplementation(() => {
      throw new DOMException("injected", "SecurityError");
    });
    await expect(Database.open("blocked")).rejects.toThrow("storage is blocked");
  });
});
