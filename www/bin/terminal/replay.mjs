// A recording made again, to its end or to an instruction: as fast as it goes, without a user.
import { performance } from "node:perf_hooks";
import { UserError } from "../../src/host/user_error.mjs";

const SLICE_INSTRUCTIONS = 2_000_000n;
/** A slice in which the guest sleeps has to end too. */
const SLICE_NS = 1_000_000_000n;
/** Memory for moments to go back to, which nobody does here. */
const BUDGET = 1 << 20;

/** @typedef {{end: {instruction: number, time: number}, hash: string | null, rtc: number}} RecordingInfo */

/**
 * What a recording says of itself.
 * @param {import('./engine.mjs').Engine} engine
 * @param {Uint8Array} bytes
 * @param {string} file
 * @returns {RecordingInfo}
 */
export function readRecording(engine, bytes, file) {
  try {
    return engine.readRecording(bytes);
  } catch (error) {
    throw new UserError(`${file}: ${error instanceof Error ? error.message : error}`);
  }
}

/** One replay. */
export class Replay {
  /**
   * @param {import('./engine.mjs').Engine} engine
   * @param {Awaited<ReturnType<typeof import('./machine.mjs').powerOn>>} machine
   * @param {{bytes: Uint8Array, info: RecordingInfo, file: string}} recording
   * @param {import('./arguments.mjs').RunOptions} options
   * @param {import('./run.mjs').Run} run what brings blocks and takes output
   */
  constructor(engine, { pc }, { bytes, info, file }, options, run) {
    this.StopKind = engine.StopKind;
    this.pc = pc;
    this.info = info;
    this.run = run;
    this.end = { instruction: BigInt(info.end.instruction), time: BigInt(info.end.time) };
    this.to = options.to === null ? null : BigInt(options.to);
    if (this.to !== null && this.to > this.end.instruction) {
      throw new UserError(`--to: the recording ends at instruction ${this.end.instruction}`);
    }
    try {
      pc.replay(bytes, BUDGET);
    } catch (error) {
      throw new UserError(`${file}: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** Whether it is where it was to go. */
  get arrived() {
    const { pc, to, end } = this;
    return to === null ? pc.time >= end.time : pc.instructions >= to;
  }

  /** @returns {Promise<import('./run.mjs').End>} */
  async toEnd() {
    const start = performance.now();
    while (!this.arrived) {
      const stop = await this.slice();
      this.run.output();
      // The exit port ends a run, not the machine: whoever recorded it may have gone on.
      if (stop !== this.StopKind.Limit && stop !== this.StopKind.ExitPort) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.run.hostMs = performance.now() - start;
    this.run.close();
    return this.verdict();
  }

  async slice() {
    const { pc, to, end } = this;
    const least = (/** @type {bigint} */ a, /** @type {bigint} */ b) => (a < b ? a : b);
    const next = pc.instructions + SLICE_INSTRUCTIONS;
    const instruction = to === null ? next : least(next, to);
    const time = least(pc.time + SLICE_NS, end.time);
    for (;;) {
      const stop = pc.run(instruction, time);
      if (stop !== this.StopKind.NeedsBlock) return stop;
      await this.run.supplyBlock();
    }
  }

  /** Whether what was made again is what was recorded. @returns {import('./run.mjs').End} */
  verdict() {
    const { pc, info, end } = this;
    const parted = (/** @type {string} */ how) => ({
      code: 1,
      message: `the replay parted from what was recorded: ${how}`,
    });
    const where = `instruction ${pc.instructions}`;
    if (!this.arrived) return parted(`it ended at ${where}, the recording at ${end.instruction}`);
    if (this.to !== null) return { code: 0, message: "" };
    if (pc.instructions !== end.instruction) return parted(`it is at ${where}, the recording at ${end.instruction}`);
    if (!pc.isReplayed()) return parted(`its state hash is ${pc.stateHash()}, the recorded one ${info.hash}`);
    return { code: 0, message: "" };
  }
}
