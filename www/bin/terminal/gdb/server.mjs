// gdb's door: listens, lets one gdb in at a time, and moves the machine as it says.
import { createServer } from "node:net";
import { UserError } from "../../../src/host/user_error.mjs";
import { Backwards } from "./backwards.mjs";
import { Session } from "./session.mjs";

const { interrupt, trap } = Session.SIGNALS;
const SEGV = 11;

/** How the engine's reasons read in gdb's console; these leave the machine to be looked at. */
const ENDS = new Map([
  ["shutdown", { signal: SEGV, message: "triple fault: the CPU shut down" }],
  ["haltedForever", { signal: trap, message: "the CPU halted with interrupts off" }],
]);

/** Takes the place of `pc.run` in the run loop while gdb has a say. */
export class GdbServer {
  /**
   * @param {import('../engine.mjs').Engine} engine
   * @param {import('../../../src/wasm/x86/x86.js').Pc} pc
   */
  constructor(engine, pc) {
    this.StopKind = engine.StopKind;
    this.pc = pc;
    /** The machine waits for gdb. */
    this.paused = true;
    /** Without gdb it runs on. */
    this.free = false;
    this.killed = false;
    this.command = "resume";
    this.wantsPause = false;
    /** @type {Backwards | null} the way back that is under way */
    this.back = null;
    /** @type {Session | null} */
    this.session = null;
    this.server = createServer((socket) => this.welcome(socket));
  }

  /**
   * @param {{host: string, port: number}} address
   * @returns {Promise<string>} where it listens
   */
  listen({ host, port }) {
    return new Promise((done, fail) => {
      this.server.on("error", (error) => {
        const { code } = /** @type {NodeJS.ErrnoException} */ (error);
        fail(new UserError(`--gdb: cannot listen at ${host}:${port} (${code}); take another port`));
      });
      this.server.listen(port, host, () => {
        const address = /** @type {import('node:net').AddressInfo} */ (this.server.address());
        done(`${host}:${address.port}`);
      });
    });
  }

  /** @param {import('node:net').Socket} socket */
  welcome(socket) {
    if (this.session) {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    const session = new Session(this, (bytes) => socket.write(bytes));
    this.session = session;
    // gdb finds the machine at rest.
    this.paused = true;
    this.free = false;
    socket.on("data", (data) => session.receive(Buffer.from(data)));
    socket.on("error", () => {}); // "close" follows
    socket.on("close", () => {
      session.lost();
      this.session = null;
      this.back = null;
      if (!session.detached) this.paused = true;
    });
  }

  /** @param {string} command */
  go(command) {
    this.paused = false;
    this.wantsPause = false;
    if (command === "bs" || command === "bc") {
      const isWatch = (/** @type {{stop: number}} */ hit) => this.session?.points.isWatch(hit) ?? false;
      this.back = new Backwards(this.pc, command, isWatch);
    } else this.command = command;
  }

  pause() {
    this.wantsPause = true;
  }

  release() {
    this.back = null;
    this.free = true;
    this.paused = false;
    this.command = "continue";
  }

  end() {
    this.killed = true;
  }

  /** @param {number} code the run's exit code */
  close(code) {
    this.session?.exited(code);
    this.server.close();
  }

  /**
   * As `pc.run`, but under gdb.
   * @param {bigint} instruction
   * @param {bigint} time
   * @returns {number} a StopKind
   */
  run(instruction, time) {
    const { StopKind } = this;
    if (this.paused) return StopKind.Limit;
    if (this.back) return this.goBack(this.back);
    if (this.wantsPause) return this.stop(interrupt);
    const { reason, hits } = this.runOn(instruction, time);
    this.command = "resume";
    switch (reason) {
      case "needsBlock":
        return StopKind.NeedsBlock;
      case "powerOff":
        return StopKind.PowerOff;
      case "exitPort":
        return StopKind.ExitPort;
      case "stopped":
      case "done":
        return this.stop(trap, hits);
      default:
        return this.ended(reason);
    }
  }

  /**
   * Runs on. What leaves the machine in the past has left it before: it is dropped.
   * @param {bigint} instruction
   * @param {bigint} time
   */
  runOn(instruction, time) {
    const { isPast, end } = this.pc.past();
    if (!isPast) return this.pc.debugRun(this.command, "", instruction, time);
    const last = BigInt(end.time);
    const stop = this.pc.debugRun(this.command, "", instruction, time < last ? time : last);
    this.dropOutput();
    return stop;
  }

  dropOutput() {
    for (const port of [0, 1, 2, 3]) this.pc.takeSerial(port);
    this.pc.takeDebug();
    this.pc.takeCaptured();
    this.pc.takeSpeaker();
  }

  /**
   * The next piece of a way back.
   * @param {Backwards} back
   */
  goBack(back) {
    if (this.wantsPause) {
      this.wantsPause = false;
      back.giveUp();
    }
    const next = back.next();
    this.dropOutput();
    if ("paused" in next) return next.paused === "needsBlock" ? this.StopKind.NeedsBlock : this.StopKind.Limit;
    this.back = null;
    return this.stop(back.givenUp ? interrupt : trap, next.hits, "", next.beginning);
  }

  /** @param {string} reason */
  ended(reason) {
    const end = ENDS.get(reason);
    if (!end) return this.StopKind.Limit;
    if (this.free) return reason === "shutdown" ? this.StopKind.Shutdown : this.StopKind.HaltedForever;
    return this.stop(end.signal, [], end.message);
  }

  /**
   * @param {number} signal
   * @param {readonly any[]} [hits]
   * @param {string} [message]
   * @param {boolean} [beginning]
   */
  stop(signal, hits = [], message = "", beginning = false) {
    this.paused = true;
    this.wantsPause = false;
    this.session?.stopped(signal, hits, message, beginning);
    return this.StopKind.Limit;
  }
}
