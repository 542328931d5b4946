import type { Speed } from "../protocol/event";

const PERIOD_MS = 500;

/** Measures the guest's speed over half-second windows. */
export class Speedometer {
  private wallMs = 0;
  private instructions = 0;
  private virtualNs = 0;

  /** A machine starts or goes on. */
  start(wallMs: number, instructions: number, virtualNs: number): void {
    this.wallMs = wallMs;
    this.instructions = instructions;
    this.virtualNs = virtualNs;
  }

  /** The speed since the last answer, at most every half second. */
  measure(wallMs: number, instructions: number, virtualNs: number, halted: boolean): Speed | undefined {
    const elapsed = wallMs - this.wallMs;
    if (elapsed < PERIOD_MS) return undefined;
    const mips = (instructions - this.instructions) / elapsed / 1000;
    const percent = ((virtualNs - this.virtualNs) / 1e6 / elapsed) * 100;
    this.start(wallMs, instructions, virtualNs);
    return { mips, percent, instructions, seconds: virtualNs / 1e9, halted };
  }
}
