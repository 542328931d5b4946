import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { base64url, linkOf } from "../../client/links/packing";
import { EVM_EXAMPLES } from "../../examples/evm/catalog";
import { COUNTER } from "../../examples/evm/counter";
import type { EvmMoment, LinkMoment, PcMoment, Way } from "../../protocol/links";
import { cleanAuthor, cleanNote, LONGEST_LINK } from "../../protocol/links";
import { checked } from "./check";
import { LinkError, unpacked } from "./unpack";

const moment = (part: Partial<EvmMoment> = {}): EvmMoment => ({
  author: "Ada",
  note: "Look at the storage here:\nslot 0 is about to change.",
  panes: {
    preset: "debug",
    open: ["code", "stack", "calls", "gas", "source", "memory", "data", "storage", "logs", "accounts"],
    front: ["code", "stack", "calls", "memory", "storage"],
  },
  project: COUNTER.project,
  transaction: 0,
  position: 17,
  seen: { depth: 1, pc: 25, gas: 78_000 },
  stops: [
    { file: "Counter", line: 12 },
    { code: "0x00000000000000000000000000000000000000cc", pc: 7 },
  ],
  byLine: true,
  ...part,
});

const pcMoment = (part: Partial<PcMoment> = {}): PcMoment => ({
  author: "",
  note: "",
  machine: {
    title: "Hello",
    memoryMb: 16,
    bootOrder: "acd",
    resetOnShutdown: false,
    rtcUnixSeconds: 1_700_000_000,
    append: "console=ttyS0",
    images: {
      fda: { program: "org 0x7c00\nhlt\ntimes 510-($-$$) db 0\ndw 0xaa55\n" },
      fdb: { bytes: Uint8Array.of(0xf4, 0xeb, 0xfd), size: 1_474_560 },
      hda: { own: "my disk.img", size: 1 << 30, print: "ab".repeat(32) },
      cdrom: { url: "https://example.org/a.iso", whole: false },
      kernel: { site: "guests/bzImage", whole: true },
    },
  },
  arrival: {
    way: { recording: Uint8Array.from({ length: 60 }, (_, at) => at * 7) },
    instruction: 7_000_123,
    time: "70001230",
    hash: "0123456789abcdef".repeat(2),
  },
  stops: [
    {
      ...{ id: "page-1", kind: "execute", enabled: true, at: "7c00", symbol: "", length: 1, text: "" },
      ...{ error: "", condition: "eax > 5", from: 1, log: "" },
    },
  ],
  ...part,
});

const ways: readonly Way[] = [
  { recording: Uint8Array.of(1, 2, 3) },
  { snapshot: new Uint8Array(500).fill(9) },
  { file: "https://example.org/m.glassbox", size: 1 << 20, sha256: "cd".repeat(32) },
];

const read = async (hash: string): Promise<LinkMoment> => checked(await unpacked(hash));
/** JSON as links hold it. */
const written = (value: unknown): string =>
  JSON.stringify(value, (_, inside) => (inside instanceof Uint8Array ? base64url(inside) : inside));

const packed = (value: unknown, engine = "evm"): string =>
  `#${engine}1.${base64url(deflateRawSync(written(value), { level: 1 }))}`;

/** Processor time since then: that of the clock depends on what else the computer does. */
function milliseconds(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const refusal = async (hash: string): Promise<unknown> => {
  try {
    await read(hash);
    return "was taken";
  } catch (error) {
    if (error instanceof LinkError) return error.why;
    throw error;
  }
};

describe("a link to a moment of the EVM", () => {
  it.each(EVM_EXAMPLES)("of $id holds all of it in less than 2 KiB", async ({ project }) => {
    const link: LinkMoment = { engine: "evm", moment: moment({ project }) };
    const hash = await linkOf(link);
    expect(hash).toMatch(/^#evm1\.[\w-]+$/);
    expect(hash.length).toBeLessThan(2048);
    expect(await read(hash)).toEqual(link);
  });

  it("holds only what links hold", async () => {
    const { moment: found } = await read(packed({ ...moment(), boot: "https://elsewhere.example", __proto__: 1 }));
    expect(found).toEqual(moment());
  });

  it("is read as others deflate it", async () => {
    for (const level of [0, 1, 9]) {
      const hash = `#evm1.${base64url(deflateRawSync(JSON.stringify(moment()), { level }))}`;
      expect((await read(hash)).moment).toEqual(moment());
    }
  });
});

describe("a link to a moment of a PC", () => {
  it.each(ways)("holds its way, %o, and all else", async (way) => {
    const link: LinkMoment = { engine: "pc", moment: pcMoment({ arrival: { ...pcMoment().arrival, way } }) };
    const hash = await linkOf(link);
    expect(hash).toMatch(/^#pc1\.[\w-]+$/);
    expect(await read(hash)).toEqual(link);
  });
});

describe("base64url", () => {
  it("is that of RFC 4648, without padding", () => {
    for (const length of [0, 1, 2, 3, 255, 70_000]) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 167 + 13) & 0xff);
      expect(base64url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
    }
  });
});

describe("words of strangers", () => {
  it("lose what misleads", () => {
    expect(cleanAuthor("  Ada\u202e \n Lovelace\u0007 ")).toBe("Ada Lovelace");
    expect(cleanNote("one\r\ntwo\u2066\tthree\u0000")).toBe("one\ntwo\tthree");
    expect(cleanAuthor("x".repeat(200)).length).toBe(80);
    // What joins letters of a script, or people of a picture, is kept.
    expect(cleanAuthor("نام‌ها 👩‍💻")).toBe("نام‌ها 👩‍💻");
  });
});

describe("refused whole, with the reason", () => {
  it.each<[string, string, string | Promise<string>]>([
    ["nothing", "notLink", "#evm1."],
    ["another machine", "notLink", "#vax1.abc"],
    ["a later version", "newer", "#evm2.abc"],
    ["characters of other texts", "notLink", "#evm1.ab%20c"],
    ["padding", "notLink", "#evm1.YWI="],
    ["a text that is too long", "tooLong", `#evm1.${"A".repeat(LONGEST_LINK)}`],
    ["what is not deflated", "packed", `#evm1.${base64url(new TextEncoder().encode("{}".repeat(50)))}`],
    ["what is no text", "notText", `#evm1.${base64url(deflateRawSync(Uint8Array.of(0x22, 0xff, 0x22)))}`],
    ["what is no JSON", "notJson", `#evm1.${base64url(deflateRawSync("{"))}`],
  ])("%s", async (_, kind, hash) => {
    expect(await refusal(await hash)).toEqual({ kind });
  });

  it("one that was cut", async () => {
    const hash = packed(moment());
    for (const length of [7, 8, 30, hash.length - 2])
      expect(["packed", "notLink"]).toContain(((await refusal(hash.slice(0, length))) as { kind: string }).kind);
  });

  it("a bomb, before it is unpacked whole", async () => {
    // A hundred MB of spaces in 96 KiB, and JSON of no more sense than they.
    const bomb = deflateRawSync(Buffer.alloc(60 << 20, 0x20), { level: 9 });
    expect(bomb.length).toBeLessThan(LONGEST_LINK * 0.75);
    const before = process.cpuUsage();
    expect(await refusal(`#evm1.${base64url(bomb)}`)).toEqual({ kind: "tooLarge" });
    expect(milliseconds(before)).toBeLessThan(1000);
  });

  it("a million brackets, in no time", async () => {
    const nested = `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`;
    const hash = `#evm1.${base64url(deflateRawSync(nested))}`;
    const before = process.cpuUsage();
    expect(await refusal(hash)).toEqual({ kind: "tooLarge" });
    expect(milliseconds(before)).toBeLessThan(1000);
  });

  it.each<[string, object]>([
    ["link.position", { position: -1 }],
    ["link.position", { position: 1.5 }],
    ["link.transaction", { transaction: "0" }],
    ["link.author", { author: "Ada\u202e" }],
    ["link.note", { note: "x".repeat(2001) }],
    ["link.panes.open[0]", { panes: { preset: "debug", open: ["<b>"], front: [] } }],
    ["link.stops[0]", { stops: [{ file: "a" }] }],
    ["link.project.sources", { project: { ...COUNTER.project, sources: {} } }],
    [
      "link.project.request.transactions[0].value",
      { project: { ...COUNTER.project, request: { transactions: [{ value: {} }] } } },
    ],
    ["link.seen", { seen: null }],
  ])("by its field %s", async (path, part) => {
    const why = (await refusal(packed({ ...moment(), ...part }))) as { kind: string; path: string };
    expect(why.kind).toBe("field");
    expect(why.path.startsWith(path)).toBe(true);
  });
});

describe("a PC refused whole", () => {
  const { machine, arrival } = pcMoment();
  const withImage = (fda: unknown) => ({ machine: { ...machine, images: { fda } } });
  it.each<[string, object]>([
    ["link.machine.memoryMb", { machine: { ...machine, memoryMb: 4096 } }],
    ["link.machine.bootOrder", { machine: { ...machine, bootOrder: "aX" } }],
    ["link.machine.images.fda", withImage({ site: "../../etc/passwd", whole: true })],
    ["link.machine.images.fda", withImage({ site: "//elsewhere.example/a", whole: true })],
    ["link.machine.images.fda", withImage({ url: "javascript:alert(1)", whole: true })],
    ["link.machine.images.fda", withImage({ url: "blob:https://example.org/1", whole: true })],
    ["link.machine.images.fda", withImage({ bytes: "AAAAA", size: 10 })],
    ["link.machine.images.fda", withImage({ bytes: "AA", size: 1 << 30 })],
    ["link.arrival.way", { arrival: { ...arrival, way: {} } }],
    ["link.arrival.way", { arrival: { ...arrival, way: { file: "https://a.example/b", size: 1 << 30, sha256: "" } } }],
    ["link.arrival.time", { arrival: { ...arrival, time: "1e9" } }],
    ["link.arrival.hash", { arrival: { ...arrival, hash: "XY" } }],
    ["link.stops[0].kind", { stops: [{ ...pcMoment().stops[0], kind: "whatever" }] }],
  ])("by its field %s", async (path, part) => {
    const why = (await refusal(packed({ ...pcMoment(), ...part }, "pc"))) as { kind: string; path: string };
    expect(why.kind).toBe("field");
    expect(why.path.startsWith(path), why.path).toBe(true);
  });
});

/** xorshift32: the same mutants in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const ODD: readonly unknown[] = [
  null,
  -1,
  1e300,
  "",
  "x".repeat(5000),
  [],
  {},
  [[[]]],
  true,
  "\u202e",
  0.5,
  "__proto__",
];

/** A copy of JSON in which one value somewhere was taken away, or became another. */
function meddled(value: unknown, draw: (below: number) => number): unknown {
  if (typeof value !== "object" || value === null || draw(6) === 0) return ODD[draw(ODD.length)];
  const keys = Object.keys(value);
  const key = keys[draw(Math.max(keys.length, 1))];
  if (key === undefined) return ODD[draw(ODD.length)];
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  if (draw(8) === 0) delete copy[key];
  else copy[key] = meddled(copy[key], draw);
  return copy;
}

describe("twenty thousand links that were meddled with", () => {
  /** Refused, or a moment that is what it says to be: reading it again changes nothing. */
  async function survives(hash: string): Promise<boolean> {
    const before = process.cpuUsage();
    let taken: LinkMoment | null = null;
    try {
      taken = await read(hash);
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
    }
    expect(milliseconds(before)).toBeLessThan(1000);
    if (taken) expect(checked({ engine: taken.engine, value: JSON.parse(written(taken.moment)) })).toEqual(taken);
    return taken !== null;
  }

  it("in their characters", { timeout: 60_000 }, async () => {
    const good = [packed(moment()), packed(pcMoment(), "pc")];
    const draw = random(0x9e3779b9);
    let refused = 0;
    for (let count = 0; count < 10_000; count++) {
      const characters = [...(good[count & 1] ?? "")];
      for (let times = 1 + draw(3); times > 0; times--) {
        const at = draw(characters.length);
        if (draw(4) === 0) characters.splice(at, 1 + draw(4));
        else characters[at] = String.fromCharCode(0x20 + draw(96));
      }
      if (!(await survives(characters.join("")))) refused++;
    }
    // Deflate has no sum of its contents: a changed letter of a note is another note.
    expect(refused).toBeGreaterThan(5000);
  });

  it("in what they hold", { timeout: 60_000 }, async () => {
    const draw = random(0x1234567);
    const plain = (value: object, engine: string) => ({ value: JSON.parse(written(value)) as unknown, engine });
    const evm = EVM_EXAMPLES.map(({ project }) => plain(moment({ project }), "evm"));
    const pc = ways.map((way) => plain(pcMoment({ arrival: { ...pcMoment().arrival, way } }), "pc"));
    const good = [...evm, ...pc, ...pc, ...pc];
    let refused = 0;
    for (let count = 0; count < 10_000; count++) {
      const one = good[draw(good.length)];
      let value = one?.value;
      for (let times = 1 + draw(2); times > 0; times--) value = meddled(value, draw);
      if (!(await survives(packed(value, one?.engine)))) refused++;
    }
    expect(refused).toBeGreaterThan(3000);
  });
});
