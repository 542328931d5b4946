import { describe, expect, it, vi } from "vitest";

vi.mock("./engine", () => import("./node_engine.mjs"));

const { Run } = await import("./run");

/** Jumps over a store if the first word of its input is not zero. */
const CODE = [
  "6000", // 0: PUSH1 0
  "35", // 2: CALLDATALOAD
  "6009", // 3: PUSH1 9
  "57", // 5: JUMPI
  "5f5f55", // 6: PUSH0 PUSH0 SSTORE
  "5b", // 9: JUMPDEST
  "00", // STOP
].join("");

const TO = `0x${"cc".repeat(20)}`;
const project = (data: string) => ({
  title: "Branch",
  request: { fork: "Cancun", prestate: { [TO]: { code: `0x${CODE}` } }, transactions: [{ to: TO, data }] },
  sources: [],
  abi: [],
});

const word = (value: number) => `0x${value.toString(16).padStart(64, "0")}`;
const silent = () => {};
const wanted = () => true;

async function compared(data: string) {
  const run = await Run.open(project(word(1)), silent, wanted);
  run.select(0);
  await run.travel({ to: 2 }, silent);
  const found = await run.compareRun(project(data), undefined, silent, wanted);
  const { position } = run.look(0, 0);
  run.end();
  return { found, position };
}

describe("a run beside what it was before its input was changed", () => {
  it("parts at the instruction that reads what was changed, and stays where it stood", async () => {
    const { found, position } = await compared(word(0));
    expect(found.flow).toBe(1);
    expect([found.here?.next?.pc, found.there?.next?.pc]).toEqual([2, 2]);
    const loaded = [found.here, found.there].map((scene) => BigInt(scene?.next?.outputs[0]?.value ?? -1));
    expect(loaded).toEqual([1n, 0n]);
    expect(position).toBe(2);
  });

  it("parts nowhere if nothing reads what was changed", async () => {
    const { found } = await compared(`${word(1)}ff`);
    expect([found.flow, found.outcome.success]).toEqual([null, true]);
  });

  it("says so if the other run is refused", async () => {
    const { found } = await compared("0xzz");
    expect(found.outcome.refused).toMatch(/hexadecimal/);
  });
});
