import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { EVM_EXAMPLES } from "../../examples/evm/catalog";
import { COUNTER } from "../../examples/evm/counter";
import { UserError } from "../../host/user_error.mjs";
import type { EvmPlace } from "../../protocol/links";
import type { Head } from "./card";
import { database } from "./database";
import { evmCardOf, keptEvmCard, LARGEST_EVM, readEvmCard } from "./evm_card";
import { evmFile, exportedEvm, importedEvm, keepEvm, placeOf } from "./evm_moments";

type Bytes = Uint8Array<ArrayBuffer>;

const place = (part: Partial<EvmPlace> = {}): EvmPlace => ({
  panes: { preset: "gas", open: ["stack", "gas"], front: ["gas"] },
  project: COUNTER.project,
  transaction: 1,
  position: 12,
  seen: { depth: 1, pc: 25, gas: 78_000 },
  stops: [
    { file: "Counter", line: 12 },
    { code: "0x00000000000000000000000000000000000000cc", pc: 7 },
  ],
  byLine: true,
  ...part,
});

const head = (part: Partial<Head> = {}): Head => ({
  ...{ name: "Before the slot is written", note: "two\nlines", machine: "Counter, transaction 2" },
  ...{ instruction: 12, date: 1_700_000_000_000, thumbnail: null },
  ...part,
});

const encoded = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)) as Bytes;

interface Card {
  [field: string]: unknown;
  evm: { [field: string]: unknown; project: { [field: string]: unknown; request: object } };
}

/** The card as JSON, changed by `change`. */
function changed(change: (all: Card) => void): Bytes {
  const all = JSON.parse(new TextDecoder().decode(evmCardOf(head(), place()))) as Card;
  change(all);
  return encoded(all);
}

describe("the card of a moment of the EVM", () => {
  it("is read as it was written", () => {
    expect(readEvmCard(evmCardOf(head(), place()))).toEqual({ head: head(), place: place() });
  });

  it.each(EVM_EXAMPLES.map(({ id, project }) => [id, project] as const))("holds the example %s", (_, project) => {
    const there = place({ project });
    expect(readEvmCard(keptEvmCard(head(), there)).place).toEqual(there);
  });

  // What the first version wrote: later ones have to read it.
  it("is read as version 1 wrote it", () => {
    const project = { title: "Add", request: { fork: "Cancun", code: "6001600201" }, sources: [], abi: [] };
    const text = `{"glassbox":"moment","version":1,"name":"Two and one","note":"","machine":"Add","instruction":2,"date":5,
      "thumbnail":null,"evm":{"project":${JSON.stringify(project)},"transaction":0,"position":2,
      "seen":{"depth":1,"pc":4,"gas":78994},"stops":[],"byLine":false}}`;
    const { head: said, place: there } = readEvmCard(new TextEncoder().encode(text) as Bytes);
    expect([said.name, said.instruction, there.project, there.seen.gas]).toEqual(["Two and one", 2, project, 78_994]);
    expect(there.panes).toBeUndefined();
  });

  it.each<[string, (all: Card) => void, string]>([
    ["another kind", (all) => Object.assign(all, { glassbox: "machine" }), "kind"],
    ["no run", (all) => Object.assign(all, { evm: undefined }), "evm"],
    ["a list as its run", (all) => Object.assign(all, { evm: [] }), "evm"],
    ["no name", (all) => Object.assign(all, { name: " \u0007" }), "name"],
    ["a long note", (all) => Object.assign(all, { note: "x".repeat(10_001) }), "note"],
    ["a step before the first", (all) => Object.assign(all.evm, { position: -1 }), "evm.position"],
    ["half a step", (all) => Object.assign(all.evm, { position: 0.5 }), "evm.position"],
    ["a step that is not the one it says", (all) => Object.assign(all, { instruction: 13 }), "instruction"],
    ["gas that is no number", (all) => Object.assign(all.evm, { seen: { depth: 1, pc: 0, gas: "1" } }), "evm.seen.gas"],
    ["depth beyond the EVM's", (all) => Object.assign(all.evm, { seen: { depth: 1026, pc: 0, gas: 1 } }), "evm.seen"],
    ["no project", (all) => Object.assign(all.evm, { project: null }), "evm.project"],
    ["no sources", (all) => Object.assign(all.evm.project, { sources: {} }), "evm.project.sources"],
    ["code that is a number", (all) => Object.assign(all.evm.project.request, { code: 1 }), "evm.project.request.code"],
    ["a world that is a list", (all) => Object.assign(all.evm.project.request, { prestate: [] }), "prestate"],
    [
      "too many stops",
      (all) => Object.assign(all.evm, { stops: Array(201).fill({ file: "a", line: 1 }) }),
      "evm.stops",
    ],
    ["a stop at no address", (all) => Object.assign(all.evm, { stops: [{ code: "0xgg", pc: 1 }] }), "evm.stops[0]"],
    [
      "panes whose names are markup",
      (all) => Object.assign(all.evm, { panes: { preset: "", open: ["<img>"], front: [] } }),
      "evm.panes.open[0]",
    ],
    ["a picture that is none", (all) => Object.assign(all, { thumbnail: btoa("<svg onload=alert(1)>") }), "thumbnail"],
  ])("is refused with %s", (_, change, why) => {
    expect(() => readEvmCard(changed(change))).toThrow(UserError);
    expect(() => readEvmCard(changed(change))).toThrow(why);
  });

  it("is refused when it is no text, nested without end, too large, or of a later version", () => {
    expect(() => readEvmCard(new Uint8Array([0x7b, 0xff]))).toThrow("JSON");
    const deep = `{"glassbox":"moment","version":1,"evm":${"[".repeat(1_000_000)}`;
    expect(() => readEvmCard(new TextEncoder().encode(deep) as Bytes)).toThrow("JSON");
    expect(() => readEvmCard(new Uint8Array(LARGEST_EVM + 1))).toThrow("its length");
    expect(() => readEvmCard(changed((all) => Object.assign(all, { version: 2 })))).toThrow("newer");
  });

  it("takes nothing that it does not know", () => {
    const strange = changed((all) => {
      Object.assign(all, { parent: "x", run: "y", constructor: 1 });
      Object.assign(all.evm, { script: "alert(1)" });
      Object.assign(all.evm.project, { onload: "alert(1)" });
    });
    expect(readEvmCard(strange)).toEqual({ head: head(), place: place() });
  });

  it("is refused in one line, or is a card like any other, however it was meddled with", () => {
    const card = evmCardOf(head(), place());
    // A linear congruence (Knuth's MMIX): the same bytes are meddled with in every run.
    let seed = 1n;
    const random = (below: number) => {
      seed = BigInt.asUintN(64, seed * 6364136223846793005n + 1442695040888963407n);
      return Number((seed >> 33n) % BigInt(below));
    };
    let refused = 0;
    for (let run = 0; run < 3000; run++) {
      const bytes = card.slice(0, random(20) === 0 ? random(card.length) : card.length);
      for (let flips = 1 + random(4); flips > 0; flips--) bytes[random(bytes.length || 1)] = 32 + random(96);
      try {
        const read = readEvmCard(bytes);
        expect(readEvmCard(evmCardOf(read.head, read.place))).toEqual(read);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        expect((error as Error).message).not.toContain("\n");
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(500);
  });
});

describe("moments of the EVM in the library", () => {
  const kept = (part: Partial<EvmPlace> = {}, parent: string | null = null) =>
    ({ ...{ name: "A", note: "n", machine: "Counter", parent }, place: place(part) }) as const;
  const records = async () => (await database()).records();
  const fileOf = async (blob: Blob, name = "a.glassbox") => new File([await blob.arrayBuffer()], name);

  it("are given back as they were kept, below the one they were reached from", async () => {
    const first = await keepEvm(kept());
    const second = await keepEvm(kept({ position: 20 }, first));
    expect(await placeOf(second)).toEqual(place({ position: 20 }));
    const record = await (await database()).record(second);
    expect(record).toMatchObject({ name: "A", instruction: 20, parent: first, imported: false, body: { kind: "evm" } });
    expect(record.ownBytes).toBeGreaterThan(JSON.stringify(COUNTER.project).length);
  });

  it("go to another library as a file, by the name they have then", async () => {
    const id = await keepEvm(kept());
    const store = await database();
    await store.describe(id, "Another name", "");
    const file = await fileOf(await exportedEvm(await store.record(id)));
    const taken = await store.record(await importedEvm(file));
    expect(taken).toMatchObject({ name: "Another name", note: "", imported: true, parent: null });
    expect(await placeOf(taken.id)).toEqual(place());
  });

  it("are files where nothing is kept", async () => {
    const before = (await records()).length;
    const file = await evmFile(kept()).bytes();
    expect(readEvmCard(file).place).toEqual(place());
    expect((await records()).length).toBe(before);
  });

  it("are not kept if no page would read them again", async () => {
    const before = await records();
    const title = "x".repeat(201);
    await expect(keepEvm(kept({ project: { ...COUNTER.project, title } }))).rejects.toThrow("evm.project.title");
    const text = "x".repeat(1 << 20);
    const sources = Array.from({ length: 9 }, (_, at) => ({ name: String(at), text }));
    await expect(keepEvm(kept({ project: { ...COUNTER.project, sources } }))).rejects.toThrow("too large");
    await expect(importedEvm(await fileOf(new Blob(['{"glassbox":"moment","version":1}'])))).rejects.toThrow(UserError);
    await expect(importedEvm(await fileOf(new Blob([new Uint8Array(LARGEST_EVM + 1)])))).rejects.toThrow("8 MiB");
    expect(await records()).toEqual(before);
  });
});
