import { expect, it } from "vitest";
import { loadEngine } from "../../bin/terminal/engine.mjs";
import { PAGE, RangeReader } from "../host/range_reader.mjs";
import type { MachineState } from "../protocol/event";
import type { PastCommand } from "../protocol/timeline";
import { type Assembled, insert } from "./assembly";
import { Past } from "./past";
import type { Video } from "./video";

const ROM_BYTES = 0x10000;
const RECORD = 64 << 20;
const NEVER = 1n << 60n;
/** Larger than what is kept of an image at an address. */
const LARGE = 5000 * PAGE;
const KEPT = 256 << 20;

/** Reads the CD-ROM's first sector of each 64 KiB, and puts the first byte of each in a row from 1000h on. */
const PROGRAM = [
  ...[0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xc0, 0xfc], // xor ax, ax; mov ds, ax; mov es, ax; cld
  ...[0xba, 0xf8, 0x0c, 0x66, 0xb8, 0x04, 0x09, 0x00, 0x80, 0x66, 0xef], // mov dx, 0cf8h; mov eax, 80000904h; out dx, eax
  ...[0xb2, 0xfc, 0xb0, 0x01, 0xee], // mov dl, 0fch; mov al, 1; out dx, al: the IDE function answers at its ports
  ...[0xb2, 0xf8, 0x66, 0xb8, 0x40, 0x09, 0x00, 0x80, 0x66, 0xef], // mov dl, 0f8h; mov eax, 80000940h; out dx, eax
  ...[0xb2, 0xfc, 0x66, 0xb8, 0x00, 0x80, 0x00, 0x80, 0x66, 0xef], // mov dl, 0fch; mov eax, 80008000h; out dx, eax: so do its channels
  ...[0xba, 0x77, 0x01, 0xec, 0x84, 0xc0, 0x78, 0xf8], // next: mov dx, 177h; in al, dx; test al, al; js next: busy
  ...[0x4a, 0xb0, 0xa0, 0xee], // dec dx; mov al, 0a0h; out dx, al
  ...[0xba, 0x74, 0x01, 0x30, 0xc0, 0xee, 0x42, 0xb0, 0x08, 0xee], // mov dx, 174h; xor al, al; out dx, al; inc dx; mov al, 8; out dx, al: 2048 bytes at once
  ...[0xb2, 0x77, 0xb0, 0xa0, 0xee, 0xe8, 0x3e, 0x00, 0x72, 0xe0], // mov dl, 77h; mov al, 0a0h; out dx, al: PACKET; call ready; jc next
  ...[0xc7, 0x06, 0x40, 0x05, 0x28, 0x00, 0xc6, 0x06, 0x48, 0x05, 0x01], // mov word [540h], 28h; mov byte [548h], 1: READ(10) of one sector
  ...[0xbe, 0x40, 0x05, 0xb9, 0x06, 0x00, 0xb2, 0x70, 0xf3, 0x6f], // mov si, 540h; mov cx, 6; mov dl, 70h; rep outsw
  ...[0xb2, 0x77, 0xe8, 0x22, 0x00, 0x72, 0xc4], // mov dl, 77h; call ready; jc next
  ...[0xbf, 0x00, 0x06, 0xb9, 0x00, 0x04, 0xb2, 0x70, 0xf3, 0x6d], // mov di, 600h; mov cx, 1024; mov dl, 70h; rep insw
  ...[0xa0, 0x00, 0x06, 0x8b, 0x1e, 0x00, 0x05, 0xff, 0x06, 0x00, 0x05, 0x88, 0x87, 0x00, 0x10], // mov al, [600h]; mov bx, [500h]; inc word [500h]; mov [bx+1000h], al
  ...[0x80, 0x06, 0x45, 0x05, 0x20, 0xeb, 0xa4], // add byte [545h], 32; jmp next: 64 KiB on
  ...[0xec, 0x84, 0xc0, 0x78, 0xfb, 0xa8, 0x01, 0xf9, 0x75, 0x05], // ready: in al, dx; test al, al; js ready; test al, 1; stc; jnz end
  ...[0xa8, 0x08, 0x74, 0xf2, 0xf8, 0xc3], // test al, 8; jz ready; clc; end: ret
];

const { engine } = await loadEngine();

/** An image on a server: its pages begin with `first`, `first + 1`, ... */
async function image(first: number, size: number) {
  const asked: number[] = [];
  let broken = false;
  const fetch = async (_: string, { headers }: { headers: Record<string, string> }) => {
    const [from = 0, to = 0] = (headers.Range ?? "").match(/\d+/g)?.map(Number) ?? [];
    if (broken) return new Response(null, { status: 404 });
    if (to > 511) asked.push(from / PAGE);
    const bytes = new Uint8Array(to - from + 1);
    for (let at = 0; at < bytes.length; at += PAGE) bytes[at] = first + (from + at) / PAGE;
    return new Response(bytes, { status: 206, headers: { "content-range": `bytes ${from}-${to}/${size}` } });
  };
  const reader = await RangeReader.open(`https://images.example/${first}.iso`, { fetch });
  const fail = (now: boolean) => {
    broken = now;
  };
  return { reader, asked, fail };
}

/** A machine with such an image in its drive. */
function machine(reader: RangeReader): Assembled {
  const rom = new Uint8Array(ROM_BYTES);
  rom.set(PROGRAM);
  rom.set([0xe9, 0x0d, 0x00], 0xfff0); // jmp 0
  const config = new engine.PcConfig();
  config.setRamBytes(1 << 20);
  config.setRom(0xffff0000, rom);
  config.setRtc(0n);
  config.attachRemote("cdrom", reader.size, true);
  return { pc: new engine.Pc(config), readers: new Map([["cdrom 0", reader]]), kernel: null, media: new Map() };
}

/** Runs on to an instruction, with what is missing brought at once. */
async function run({ pc, readers }: Assembled, to: number): Promise<void> {
  while (pc.debugRun("continue", "", BigInt(to), NEVER).reason === "needsBlock") {
    const pages = await readers.get(`cdrom ${pc.mediumNumber("cdrom")}`)?.pages(pc.requestOffset, pc.requestLength);
    if (pages) pc.supply("cdrom", pages.offset, pages.bytes);
  }
}

/** The past of a machine, and what it told of itself. */
function pastOf(at: Assembled) {
  const told: [MachineState, string][] = [];
  let state: MachineState = "paused";
  const tell = (next: MachineState, message: string) => {
    state = next;
    told.push([next, message]);
  };
  const past = new Past(at, {} as Video, {
    state: () => state,
    halt: () => undefined,
    rest: tell,
    enter: tell,
    later: (body) => setTimeout(body),
  });
  past.record(RECORD, true);
  const settled = async () => {
    while (past.busy) await new Promise((resolve) => setTimeout(resolve));
  };
  const go = async (command: PastCommand) => {
    past.handle(command);
    await settled();
  };
  return { past, told, go, settled };
}

/** What was read so far. */
const read = ({ pc }: Assembled) => [...(pc.readMemory(0x1000, pc.readMemory(0x500, 1)?.[0] ?? 0) ?? [])];

/** A run over eight pages, and a machine that is about to make it again without having any of them. */
async function replaying() {
  const { reader, asked, fail } = await image(10, 8 * PAGE);
  const first = machine(reader);
  first.pc.record(RECORD);
  await run(first, 60_000);
  const middle = { hash: first.pc.stateHash(), read: read(first) };
  await run(first, 200_000);
  const recording = first.pc.recording();
  const again = machine(reader);
  again.pc.replay(recording, RECORD);
  asked.length = 0;
  return { middle, end: first.pc.stateHash(), again, asked, fail, ...pastOf(again) };
}

it("fetches the blocks that a way through the past needs, and comes to the same state", async () => {
  const { middle, end, again, asked, told, go } = await replaying();
  await go({ type: "goTo", instruction: 60_000 });
  expect(middle.read.slice(0, 4)).toEqual([10, 11, 12, 13]);
  expect([read(again), again.pc.stateHash()]).toEqual([middle.read, middle.hash]);
  expect(asked[0]).toBe(0);
  expect(told).toContainEqual(["waiting", "Loading from https://images.example/10.iso"]);
  expect(told.at(-1)).toEqual(["paused", ""]);
  await go({ type: "goTo", instruction: 200_000 });
  expect(again.pc.stateHash()).toBe(end);
});

it("can be ended while it waits for a block, and told that there is none", async () => {
  const { again, asked, told, past, go, fail } = await replaying();
  past.handle({ type: "goTo", instruction: 60_000 });
  expect([past.busy, told.at(-1)?.[0]]).toEqual([true, "waiting"]);
  past.end();
  expect([past.busy, told.at(-1)]).toEqual([false, ["paused", ""]]);
  const here = again.pc.instructions;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([again.pc.instructions, asked.length]).toEqual([here, 1]);
  fail(true);
  await go({ type: "goTo", instruction: 60_000 });
  expect(told.at(-1)).toEqual(["paused", expect.stringContaining("the server answered with status 404")]);
  fail(false);
  await go({ type: "goTo", instruction: 60_000 });
  expect([Number(again.pc.instructions), told.at(-1)?.[0]]).toEqual([60_000, "paused"]);
});

/** Fills what is kept of the image that is in the drive with its last pages. */
function forgetPages({ pc }: Assembled): void {
  const zeros = new Uint8Array(16 << 20);
  for (let at = 0; at < KEPT; at += zeros.length) pc.supply("cdrom", LARGE - KEPT + at, zeros);
}

it("goes back to a medium that was taken out, whose blocks are not kept any more", async () => {
  const [one, other] = [await image(10, LARGE), await image(100, 8 * PAGE)];
  const now = machine(one.reader);
  const { pc } = now;
  pc.record(RECORD);
  await run(now, 5000);
  await run(now, 60_000);
  const middle = { hash: pc.stateHash(), read: read(now) };
  expect(middle.read.slice(0, 4)).toEqual([10, 11, 12, 13]);
  forgetPages(now);
  pc.eject("cdrom");
  await run(now, 61_000);
  insert(now, "cdrom", { kind: "remote", size: other.reader.size, reader: other.reader });
  await run(now, 200_000);
  const end = pc.stateHash();
  expect(read(now).some((byte) => byte >= 100 && byte < 108)).toBe(true);
  one.asked.length = 0;
  other.asked.length = 0;

  const { past, told, go, settled } = pastOf(now);
  await go({ type: "goTo", instruction: 60_000 });
  expect([read(now), pc.stateHash()]).toEqual([middle.read, middle.hash]);
  expect([one.asked.length > 0, other.asked]).toEqual([true, []]);
  await go({ type: "goTo", instruction: 200_000 });
  expect(pc.stateHash()).toBe(end);

  // The same by a search: what it needed comes, and it finds what it would have found.
  await go({ type: "goTo", instruction: 60_000 });
  forgetPages(now);
  one.asked.length = 0;
  past.handle({ type: "goBack", kind: "write", at: "1002", length: 1 });
  expect(told.at(-1)?.[0]).toBe("waiting");
  past.end();
  await settled();
  expect([told.at(-1)?.[0], pc.stateHash()]).toEqual(["paused", middle.hash]);
  forgetPages(now);
  one.asked.length = 0;
  await go({ type: "goBack", kind: "write", at: "1002", length: 1 });
  expect([told.at(-1)?.[0], read(now), one.asked.length > 0]).toEqual(["paused", [10, 11, 12], true]);
}, 30_000);
