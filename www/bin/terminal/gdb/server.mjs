// gdb's door: listens, lets one gdb in at a time, and moves the machine as it says.
import { createServer } from "node:net";
import { UserError } from "../../../src/host/user_error.mjs";
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
      if (!session.detached) this.paused = true;
    });
  }

  /** @param {string} command */
  go(command) {
    this.command = command;
    this.paused = false;
    this.wantsPause = false;
  }

  pause() {
    this.wantsPause = true;
  }

  release() {
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
    if (this.wantsPause && !this.paused) return this.stop(interrupt);
    if (this.paused) return StopKind.Limit;
    const { reason, hits } = this.pc.debugRun(this.command, "", instruction, time);
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
   */
  stop(signal, hits = [], message = "") {
    this.paused = true;
    this.wantsPause = false;
    this.session?.stopped(signal, hits, message);
    return this.StopKind.Limit;
  }
}
