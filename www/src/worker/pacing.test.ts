import { describe, expect, it } from "vitest";
import { Pacer } from "./pacing";

/** Runs a pacer against a guest of a constant speed; gives guest ms and host ms that passed. */
function simulate(instructionsPerMs: number, hostMs: number): { guest: number; slices: number[] } {
  const pacer = new Pacer();
  let [now, virtual] = [0, 0];
  const slices: number[] = [];
  pacer.start(now, virtual);
  while (now < hostMs) {
    const plan = pacer.plan(now, virtual);
    if (plan.sleepMs > 0) {
      now += plan.sleepMs;
      continue;
    }
    const instructions = Math.min(plan.instructions, plan.nanoseconds / 10);
    const elapsed = instructions / instructionsPerMs;
    pacer.ran(instructions, elapsed);
    now += elapsed;
    virtual += instructions * 10;
    slices.push(elapsed);
  }
  return { guest: virtual / 1e6, slices };
}

describe("pacing", () => {
  it("keeps a fast guest at the pace of the wall clock", () => {
    const { guest } = simulate(400_000, 5000);
    expect(guest).toBeGreaterThan(4900);
    expect(guest).toBeLessThan(5020);
  });

  it("lets a slow guest run as fast as it can, in short slices", () => {
    const { guest, slices } = simulate(30_000, 5000);
    expect(guest).toBeGreaterThan(1450);
    expect(Math.max(...slices.slice(10))).toBeLessThan(12);
  });

  it("keeps slices short on a very slow host", () => {
    expect(Math.max(...simulate(2_000, 5000).slices.slice(20))).toBeLessThan(12);
  });

  it("does not make up for time that the host slept", () => {
    const pacer = new Pacer();
    pacer.start(0, 0);
    expect(pacer.plan(60_000, 0).nanoseconds).toBeLessThan(20e6);
  });

  it("sleeps when the guest is ahead", () => {
    const pacer = new Pacer();
    pacer.start(0, 0);
    expect(pacer.plan(0, 5e6).sleepMs).toBe(5);
    expect(pacer.plan(0, 5e9).sleepMs).toBeLessThanOrEqual(8);
  });
});
