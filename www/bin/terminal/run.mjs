// The run itself: slices of fixed length in the guest's time, so that a run without a user repeats exactly.
import { closeSync, writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { keysOfText } from "../../src/host/keyboard.mjs";
import { UserError } from "../../src/host/user_error.mjs";
import { openOutput } from "./console.mjs";
import { StreamWatch, screenShows } from "./watch.mjs";

const SLICE_INSTRUCTIONS = 500_000n;
const SLICE_NS = 5_000_000n;
/** Between two key events of typed text. */
const KEY_NS = 8_000_000n;
/** Guest time that an instruction may take at most on average before `--max-instructions` ends the run. */
const LONGEST_WAIT_NS = 1000n;
/** How long slices may go on before stdin and stdout get their turn. */
const TURN_MS = 10;
/** How often a machine that waits for gdb is looked after. */
const PAUSED_MS = 2;

/**
 * How a run ended.
 * @typedef {{code: number, message: string}} End
 */

/** One run of a machine. */
export class Run {
  /**
   * @param {import('./engine.mjs').Engine} engine
   * @param {Awaited<ReturnType<typeof import('./machine.mjs').powerOn>>} machine
   * @param {import('./arguments.mjs').RunOptions} options
   * @param {import('./console.mjs').Console} console
   */
  constructor(engine, { pc, readers }, options, console) {
    this.StopKind = engine.StopKind;
    this.pc = pc;
    this.readers = readers;
    this.options = options;
    this.console = console;
    this.until = options.until === null ? null : new StreamWatch(options.until);
    this.typed = options.typed.map(({ text, after }) => ({ text, after, watch: new StreamWatch(after ?? "") }));
    /** @type {{code: number, pressed: boolean}[]} */
    this.keys = [];
    this.nextKey = 0n;
    this.capture = options.capture ? openOutput(options.capture.file) : -1;
    this.hostMs = 0;
    /** @type {import('./gdb/server.mjs').GdbServer | null} */
    this.gdb = null;
  }

  /** Runs to the end. @returns {Promise<End>} */
  async toEnd() {
    const start = performance.now();
    try {
      // A machine that was opened may be past the end.
      const past = this.ended();
      if (past) return past;
      for (;;) {
        const end = await this.turn(start);
        if (end) return end;
        await this.rest(start);
      }
    } finally {
      this.hostMs = performance.now() - start;
      this.close();
    }
  }

  /** What was captured is written. */
  close() {
    if (this.capture >= 0) closeSync(this.capture);
    this.capture = -1;
  }

  /**
   * Slices until it is time for stdin and stdout.
   * @param {number} start
   * @returns {Promise<End | undefined>}
   */
  async turn(start) {
    if (this.gdb?.killed) return { code: 0, message: "ended by gdb" };
    const until = performance.now() + TURN_MS;
    do {
      const end = (await this.slice()) ?? this.ended();
      if (end) return end;
    } while (performance.now() < until && !this.isAhead(start) && !this.gdb?.paused);
    return undefined;
  }

  /** Only a person at the terminal needs the guest's clock to go as slowly as the wall's. @param {number} start */
  isAhead(start) {
    return this.console.interactive && Number(this.pc.time) / 1e6 > performance.now() - start + 1;
  }

  /** @param {number} start */
  rest(start) {
    const aheadMs = this.isAhead(start) ? Number(this.pc.time) / 1e6 - (performance.now() - start) : 0;
    if (this.gdb?.paused) return new Promise((resolve) => setTimeout(resolve, PAUSED_MS));
    return new Promise((resolve) => (aheadMs > 1 ? setTimeout(resolve, Math.min(aheadMs, 10)) : setImmediate(resolve)));
  }

  /** @returns {Promise<End | undefined>} */
  async slice() {
    this.typeKeys();
    const input = this.console.take();
    if (input.length > 0) this.pc.serialInput(0, input);
    const { instruction, time } = this.target();
    const mover = this.gdb ?? this.pc;
    let stop = mover.run(instruction, time);
    while (stop === this.StopKind.NeedsBlock) {
      await this.supplyBlock();
      stop = mover.run(instruction, time);
    }
    this.output();
    return this.endOf(stop);
  }

  target() {
    const instruction = this.pc.instructions + SLICE_INSTRUCTIONS;
    const time = this.pc.time + SLICE_NS;
    const most = this.options.maxInstructions;
    return { instruction: most !== null && instruction > most ? BigInt(most) : instruction, time };
  }

  typeKeys() {
    if (this.keys.length === 0) this.startTyping();
    if (this.pc.time < this.nextKey) return;
    const key = this.keys.shift();
    if (!key) return;
    this.pc.key(key.code, key.pressed);
    this.nextKey = this.pc.time + KEY_NS;
  }

  startTyping() {
    const next = this.typed[0];
    if (!next) return;
    const due = next.after === null || next.watch.seen || this.screenHas(next.after);
    if (!due) return;
    this.typed.shift();
    this.keys = keysOfText(next.text);
  }

  async supplyBlock() {
    const { requestDrive: drive, requestOffset: offset, requestLength: length } = this.pc;
    const reader = this.readers.get(drive ?? "");
    if (!drive || !reader) throw new UserError(this.pc.takeDiskFailure() ?? "a disk image cannot be read");
    const pages = await reader.pages(offset, length);
    this.pc.supply(drive, pages.offset, pages.bytes);
  }

  output() {
    const serial = this.pc.takeSerial(0);
    if (serial.length > 0) this.console.write(serial);
    this.until?.add(serial);
    this.typed[0]?.watch.add(serial);
    for (const port of [1, 2, 3]) this.pc.takeSerial(port);
    this.pc.takeDebug();
    const captured = this.pc.takeCaptured();
    if (this.capture >= 0 && captured.length > 0) writeSync(this.capture, captured);
  }

  /** @param {string} text */
  screenHas(text) {
    const screen = this.pc.textScreen();
    return screen !== null && screenShows(screen.rows, text);
  }

  /** Whether the run was told to wait for something. */
  get waitsForSomething() {
    const { until, untilScreen, exitPort } = this.options;
    return until !== null || untilScreen !== null || exitPort !== null;
  }

  /** @param {string} message @returns {End} */
  unlessAwaited(message) {
    return this.waitsForSomething
      ? { code: 1, message: `${message} before what was waited for` }
      : { code: 0, message };
  }

  /** Ends that the host sees. @returns {End | undefined} */
  ended() {
    if (this.until?.seen) return { code: 0, message: "" };
    if (this.options.untilScreen !== null && this.screenHas(this.options.untilScreen)) return { code: 0, message: "" };
    if (this.console.left) return { code: 0, message: "left" };
    const most = this.options.maxInstructions;
    if (most === null) return undefined;
    const over = this.pc.instructions >= BigInt(most) || this.pc.time >= BigInt(most) * LONGEST_WAIT_NS;
    return over ? this.unlessAwaited(`ended after ${this.pc.instructions} instructions`) : undefined;
  }

  /**
   * Ends that the guest causes.
   * @param {number} stop
   * @returns {End | undefined}
   */
  endOf(stop) {
    const { StopKind } = this;
    switch (stop) {
      case StopKind.PowerOff:
        return this.until?.seen ? undefined : this.unlessAwaited("the guest switched the machine off");
      case StopKind.Shutdown:
        return { code: 1, message: "triple fault: the CPU shut down" };
      case StopKind.HaltedForever:
        return this.until?.seen ? undefined : this.unlessAwaited("the CPU halted with interrupts off");
      case StopKind.ExitPort:
        return { code: this.pc.exitCode, message: "" };
      default:
        return undefined;
    }
  }
}
