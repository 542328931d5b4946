import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { ComparedRun, CompareEvent, Differences } from "../../protocol/compare";
import type { MachineSpec } from "../../protocol/machine_spec";
import type { Past } from "../../protocol/timeline";
import { compareMoments, initSync } from "../../wasm/x86/x86.js";
import { assemble } from "../assembly";
import type { Pc } from "../engine";
import { branchRuns } from "./branch_runs";
import { parting } from "./parting";

vi.mock("../engine", async (original) => ({ ...(await original<object>()), loadEngine: async () => undefined }));
initSync({ module: readFileSync(resolve(import.meta.dirname, "../../wasm/x86/x86_bg.wasm")) });

const NEVER = 1n << 60n;
const RECORD = 64 << 20;

/** Counts at 500h, and adds what comes at COM1 to 502h, for ever. */
const PROGRAM = [
  ...[0x31, 0xc0, 0x8e, 0xd8], // xor ax, ax; mov ds, ax
  ...[0xff, 0x06, 0x00, 0x05], // again: inc word [500h]
  ...[0xba, 0xf8, 0x03, 0xec, 0x00, 0x06, 0x02, 0x05, 0xeb, 0xf2], // mov dx, 3f8h; in al, dx; add [502h], al; jmp again
];

function image(name: string, code: readonly number[], start: readonly number[]) {
  const bytes = new Uint8Array(0x10000);
  bytes.set(code);
  bytes.set(start, 0xfff0);
  return { kind: "bytes", name, bytes } as const;
}

const spec: MachineSpec = {
  ...{ title: "PC", memoryMb: 1, drives: {}, bootOrder: "", resetOnShutdown: false, rtcUnixSeconds: 0 },
  bios: image("bios", PROGRAM, [0xe9, 0x0d, 0x00]), // jmp 0
  vgaBios: image("vga", [0x55, 0xaa, 0x80, 0xcb], []),
};

const run = (pc: Pc, to: number) => pc.debugRun("continue", "", BigInt(to), NEVER);
const send = (pc: Pc, text: string) => pc.serialInput(0, new TextEncoder().encode(text));

/** A run that is given letters at COM1, each at an instruction. */
async function ran(letters: readonly (readonly [at: number, letter: string])[], to: number): Promise<Pc> {
  const { pc } = await assemble(spec, () => undefined);
  pc.record(RECORD);
  for (const [at, letter] of letters) {
    run(pc, at);
    send(pc, letter);
  }
  run(pc, to);
  return pc;
}

const recorded = (pc: Pc): ComparedRun => ({ kind: "run", spec, recording: pc.recording(true) as never });

async function searched(first: ComparedRun, second: ComparedRun) {
  const told: CompareEvent[] = [];
  const sides = [first, second] as const;
  return { found: await parting({ kind: "parting", sides, site: "", files: {} }, (event) => told.push(event)), told };
}

describe("where two runs part", () => {
  it("is the instruction after which another letter is there, with all that differs there", async () => {
    const [one, other] = [
      await ran([...([[100_000, "g"]] as const), [300_003, "l"]], 900_000),
      await ran([...([[100_000, "g"]] as const), [300_003, "m"]], 800_000),
    ];
    const { found, told } = await searched(recorded(one), recorded(other));
    if (found.kind !== "at") throw new Error(found.kind);
    // The same by other means: both machines, stopped at that instruction, and one further.
    const hashes = async (at: number) => {
      const hash = (pc: Pc) => {
        while (pc.goTo(BigInt(at), NEVER).reason === "outOfBudget");
        return pc.stateHash();
      };
      return [hash(one), hash(other)];
    };
    const [before, after] = [await hashes(found.equal), await hashes(found.equal + 1)];
    expect(before[0]).toBe(before[1]);
    expect(after[0]).not.toBe(after[1]);
    // A letter that comes before an instruction is there after it: the first of the loop, whose five follow three others.
    expect(found.equal).toBe(300_003);
    expect(found.instruction).toMatch(/^ffff0004 inc /);
    const { differences } = found;
    expect(differences.instructions).toEqual([found.equal + 1, found.equal + 1]);
    expect(differences.memory.bytes).toBe(0);
    expect(differences.devices.map(({ name }) => name).join()).toMatch(/16550/);
    expect(told.at(-1)).toEqual({ type: "searching", equal: expect.any(Number), differ: expect.any(Number) });
  });

  it("is nowhere in two runs of which one only goes further", async () => {
    const [one, other] = [await ran([[5_000, "g"]], 60_000), await ran([[5_000, "g"]], 20_000)];
    expect((await searched(recorded(one), recorded(other))).found).toEqual({ kind: "nowhere", end: 20_000 });
  });

  it("is refused in one line where a recording is none, or another machine's", async () => {
    const good = recorded(await ran([], 1000)) as Extract<ComparedRun, { kind: "run" }>;
    for (const bad of [
      { ...good, recording: new Uint8Array([1, 2, 3]) },
      { ...good, spec: { ...spec, memoryMb: 2 } },
    ])
      await expect(searched(good, bad)).rejects.toThrow(/^[^\n]{10,200}$/);
  });
});

describe("two futures of a machine", () => {
  it("are told of as two runs, and the machine stands where it stood", async () => {
    const pc = await ran([[50_000, "g"]], 90_000);
    pc.goTo(70_000n, NEVER);
    send(pc, "x");
    run(pc, 85_000);
    pc.goTo(72_345n, NEVER);
    const seen = () => ({ hash: pc.stateHash(), ...(pc.past() as Past), branches: pc.branches() as unknown });
    const { bytes: _, moments: _moments, ...before } = seen() as ReturnType<typeof seen> & { moments: unknown };
    expect(() => branchRuns(pc, 0, "running")).toThrow("Pause the machine first");
    const [present, other] = branchRuns(pc, 0, "paused");
    const {
      bytes: _later,
      moments: _laterMoments,
      ...after
    } = seen() as ReturnType<typeof seen> & { moments: unknown };
    expect(after).toEqual(before);
    const { found } = await searched(
      { kind: "run", spec, recording: present },
      { kind: "run", spec, recording: other },
    );
    if (found.kind !== "at") throw new Error(found.kind);
    expect(found.equal).toBe(70_000);
  });
});

it("leaves a machine that has ended as it ended", async () => {
  // in al, dx; cmp al, 'x'; jne $-3; cli; hlt: waits for a letter at COM1.
  const code = [0xba, 0xf8, 0x03, 0xec, 0x3c, 0x78, 0x75, 0xfb, 0xfa, 0xf4];
  const waiting = { ...spec, bios: image("bios", code, [0xe9, 0x0d, 0x00]) };
  const { pc } = await assemble(waiting, () => undefined);
  pc.record(RECORD);
  run(pc, 40_000);
  pc.goTo(20_000n, NEVER);
  send(pc, "x");
  expect(run(pc, 900_000).reason).toBe("haltedForever");
  const before = [pc.stateHash(), pc.instructions, pc.time];
  const [present, other] = branchRuns(pc, 0, "paused");
  expect([pc.stateHash(), pc.instructions, pc.time]).toEqual(before);
  const runs = [present, other].map((recording) => ({ kind: "run", spec: waiting, recording }) as const);
  const { found } = await searched(runs[0] as ComparedRun, runs[1] as ComparedRun);
  expect(found).toMatchObject({ kind: "at", equal: 20_000 });
});

it("tells a byte and a register that were changed, and nothing else", async () => {
  const pc = await ran([], 10_000);
  const before = pc.save();
  pc.writeSpace("physical", 0x1234, Uint8Array.of(0x5a));
  pc.writeRegister("ebx", Uint8Array.of(0x78, 0x56, 0x34, 0x12));
  const found = compareMoments([before], [pc.save()]) as Differences;
  expect(found.registers).toEqual([{ name: "ebx", values: ["0x00000000", "0x12345678"] }]);
  expect(found.memory).toEqual({ first: [{ at: 0x1234, length: 1, bytes: [[0], [0x5a]] }], count: 1, bytes: 1 });
  expect([found.videoMemory.bytes, found.devices, found.disks, found.screen, found.machine]).toEqual([
    0,
    [],
    [],
    null,
    null,
  ]);
});
