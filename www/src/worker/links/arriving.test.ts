import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadEngine } from "../../../bin/terminal/engine.mjs";
import type { Event } from "../../protocol/event";
import type { Arrival, LinkParts } from "../../protocol/links";
import type { Assembled } from "../assembly";
import { arrive } from "./arriving";
import { partsOf } from "./parts";

const ROM_BYTES = 0x10000;
const RECORD = 64 << 20;
const NEVER = 1n << 60n;

/** Counts at 500h, and puts what comes at COM1 to 502h, for ever. */
const PROGRAM = [
  ...[0x31, 0xc0, 0x8e, 0xd8], // xor ax, ax; mov ds, ax
  ...[0xff, 0x06, 0x00, 0x05], // again: inc word [500h]
  ...[0xba, 0xfd, 0x03, 0xec, 0xa8, 0x01, 0x74, 0xf4], // mov dx, 3fdh; in al, dx; test al, 1; jz again
  ...[0xba, 0xf8, 0x03, 0xec, 0xa2, 0x02, 0x05, 0xeb, 0xeb], // mov dx, 3f8h; in al, dx; mov [502h], al; jmp again
];

const { engine } = await loadEngine();
type Pc = InstanceType<typeof engine.Pc>;

function machine(ramBytes = 1 << 20): Assembled & { pc: Pc } {
  const rom = new Uint8Array(ROM_BYTES);
  rom.set(PROGRAM);
  rom.set([0xe9, 0x0d, 0x00], 0xfff0); // jmp 0
  const config = new engine.PcConfig();
  config.setRamBytes(ramBytes);
  config.setRom(0xffff0000, rom);
  config.setRtc(0n);
  return { pc: new engine.Pc(config), readers: new Map(), kernel: null, media: new Map() };
}

const run = (pc: Pc, to: number) => pc.debugRun("continue", "", BigInt(to), NEVER);

/** A run with letters at COM1, and what a link to its end is made of. */
function recorded(): LinkParts {
  const { pc } = machine();
  pc.record(RECORD);
  for (const [at, letter] of [...new TextEncoder().encode("glass")].entries()) {
    run(pc, 100_000 * (at + 1) + at);
    pc.serialInput(0, Uint8Array.of(letter));
  }
  run(pc, 5_000_000);
  return partsOf(pc, true);
}

const parts = recorded();
const { recording, snapshot, ...where } = parts;
if (!recording || !snapshot) throw new Error("the run was not recorded from its beginning");
const byRecording: Arrival = { ...where, way: { recording } };
const bySnapshot: Arrival = { ...where, way: { snapshot } };

/** The moment as the library's file, whose card stands before the snapshot. */
function libraryFile(): Uint8Array {
  const { pc } = machine();
  pc.open([snapshot]);
  pc.finishMoment(pc.beginMoment());
  return pc.savedFile(new TextEncoder().encode('{"glassbox":"moment"}'));
}

async function come(arrival: Arrival, to = machine(), isOver = () => false) {
  const told: Event[] = [];
  const said = await arrive(to, arrival, RECORD, { post: (event) => told.push(event), isOver });
  return { said, told, pc: to.pc, recorded: to.recorded };
}

describe("a machine on its way to a moment", () => {
  it("makes the run again, tells how far it is, and can walk through it", async () => {
    const { said, told, pc, recorded } = await come(byRecording);
    expect(said).toBe("");
    expect([pc.stateHash(), Number(pc.instructions)]).toEqual([where.hash, 5_000_000]);
    expect(told).toContainEqual({ type: "arriving", done: expect.any(Number), total: 5_000_000 });
    expect(recorded).toBe(true);
    pc.goTo(300_500n, NEVER);
    expect(Number(pc.instructions)).toBe(300_500);
  });

  it("takes its state from a snapshot", async () => {
    const { said, pc } = await come(bySnapshot);
    expect([said, pc.stateHash()]).toEqual(["", where.hash]);
    run(pc, 5_000_100);
    const { pc: other } = await come(byRecording);
    run(other, 5_000_100);
    expect(pc.stateHash()).toBe(other.stateHash());
  });

  it("says so when it is another moment", async () => {
    const { said } = await come({ ...byRecording, hash: "0".repeat(32) });
    expect(said).toMatch(/stands after 5,000,000 instructions.*another/);
    const beyond = await come({ ...byRecording, time: "900000000", instruction: 90_000_000, hash: "0".repeat(32) });
    expect(beyond.said).toMatch(/after 90,000,000 instructions; the run came to 5,000,000/);
  });

  it("is ended when nobody waits for it any more", async () => {
    let asked = 0;
    const { pc } = await come(byRecording, machine(), () => ++asked > 1);
    expect(Number(pc.instructions)).toBeLessThan(5_000_000);
  });

  it("is refused in one line by a recording or a snapshot that is none, or another machine's", async () => {
    const changed = (bytes: Uint8Array) =>
      Uint8Array.from(bytes, (byte, at) => (at === bytes.length >> 1 ? byte ^ 8 : byte));
    for (const way of [
      { recording: new Uint8Array() },
      { recording: changed(recording) },
      { snapshot: new Uint8Array(52) },
      { snapshot: changed(snapshot) },
    ])
      await expect(come({ ...where, way })).rejects.toThrow(/^[^\n]{10,200}$/);
    await expect(come(byRecording, machine(2 << 20))).rejects.toThrow(/^[^\n]{10,200}$/);
    await expect(come(bySnapshot, machine(2 << 20))).rejects.toThrow(/^[^\n]{10,200}$/);
  });
});

describe("a moment in a file on another host", () => {
  const sha256 = createHash("sha256").update(snapshot).digest("hex");
  const file = libraryFile();
  const server = createServer((request, response) => {
    if (request.url === "/away") response.writeHead(302, { Location: "/moment" }).end();
    else if (request.url === "/moment") response.end(snapshot);
    else if (request.url === "/library") response.end(file);
    else if (request.url === "/long") response.end(Buffer.concat([snapshot, Buffer.alloc(1 << 20)]));
    else response.writeHead(404).end();
  });
  let root = "";
  beforeAll(async () => {
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  const from = (path: string, part: object = {}) =>
    come({ ...where, way: { file: root + path, size: snapshot.length, sha256, ...part } });

  it("is loaded, checked and opened", async () => {
    const { said, pc, told } = await from("/moment");
    expect([said, pc.stateHash()]).toEqual(["", where.hash]);
    expect(told.at(-1)).toEqual({ type: "arriving", done: snapshot.length, total: snapshot.length });
  });

  it("is opened as the library hands it on, with its card", async () => {
    const named = { size: file.length, sha256: createHash("sha256").update(file).digest("hex") };
    const { said, pc } = await from("/library", named);
    expect([said, pc.stateHash()]).toEqual(["", where.hash]);
    expect(file.length).toBeGreaterThan(snapshot.length);
  });

  it.each([
    ["is longer than was said", "/long", {}, /larger than the link says/],
    ["is shorter than was said", "/moment", { size: snapshot.length + 1 }, /not the file/],
    ["is another file", "/moment", { sha256: "0".repeat(64) }, /not the file/],
    ["lies elsewhere", "/away", {}, /cannot be loaded/],
    ["is not there", "/nothing", {}, /status 404/],
  ])("is refused when it %s", async (_, path, part, why) => {
    await expect(from(path, part)).rejects.toThrow(why);
  });
});
