// One gdb at the other end: its packets, and what they do. The machine itself is moved by the run loop, through Debuggee.
import { monitor } from "./monitor.mjs";
import { fromHex, PACKET_SIZE, PacketReader, packet, toHex } from "./packets.mjs";
import { Points } from "./stops.mjs";
import { REGISTERS, TARGET_XML } from "./target.mjs";

const SIGINT = 2;
const SIGTRAP = 5;
/** Longest memory access: two digits a byte have to fit. */
const MOST_BYTES = (PACKET_SIZE - 16) / 2;

/**
 * What a session asks of the run loop.
 * @typedef {object} Debuggee
 * @property {import('../../../src/wasm/x86/x86.js').Pc} pc
 * @property {(command: string) => void} go begins `continue`, `single`, or a way back: `bs`, `bc`
 * @property {() => void} pause
 * @property {() => void} release lets the machine run without gdb
 * @property {() => void} end ends the run
 */

/** @typedef {import('./stops.mjs').Point} Point */

/** @param {string} text */
const number = (text) => (/^[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN);

export class Session {
  /**
   * @param {Debuggee} debuggee
   * @param {(bytes: Buffer) => void} send
   */
  constructor(debuggee, send) {
    this.debuggee = debuggee;
    this.pc = debuggee.pc;
    this.points = new Points(debuggee.pc);
    this.reader = new PacketReader();
    this.write = send;
    this.acknowledges = true;
    /** The last packet sent, to be sent again. */
    this.last = Buffer.alloc(0);
    this.lastStop = `T0${SIGTRAP}thread:01;`;
    this.running = false;
    this.detached = false;
  }

  /** @param {Buffer} bytes */
  receive(bytes) {
    for (const incoming of this.reader.add(bytes)) {
      if (incoming.kind === "packet") this.take(incoming.data);
      else if (incoming.kind === "interrupt") this.debuggee.pause();
      else if (incoming.kind === "damaged") this.write(Buffer.from("-"));
      else if (incoming.kind === "nack" && this.acknowledges) this.write(this.last);
    }
  }

  /** @param {string} data */
  reply(data) {
    this.last = packet(data);
    this.write(this.last);
  }

  /** @param {Buffer} data */
  take(data) {
    if (this.acknowledges) this.write(Buffer.from("+"));
    const text = data.toString("latin1");
    const reply = this.handle(text, data);
    if (reply !== null) this.reply(reply);
  }

  /**
   * The machine came to a stop.
   * @param {number} signal
   * @param {readonly any[]} hits
   * @param {string} [message] for gdb's console
   * @param {boolean} [beginning] there is nothing further back
   */
  stopped(signal, hits = [], message = "", beginning = false) {
    const reason = beginning ? "replaylog:begin;" : this.points.reason(hits);
    this.lastStop = `T${signal.toString(16).padStart(2, "0")}thread:01;${reason}`;
    if (!this.running) return;
    this.running = false;
    if (message) this.reply(`O${toHex(Buffer.from(`${message}\n`))}`);
    this.reply(this.lastStop);
  }

  /** @param {number} code */
  exited(code) {
    if (this.running) this.reply(`W${(code & 0xff).toString(16).padStart(2, "0")}`);
  }

  /**
   * The answer to a packet; null for none now, the empty one for what is not known.
   * @param {string} text
   * @param {Buffer} data
   * @returns {string | null}
   */
  handle(text, data) {
    const rest = text.slice(1);
    switch (text[0]) {
      case "?":
        return this.lastStop;
      case "g":
        return REGISTERS.map(({ name }) => this.register(name)).join("");
      case "G":
        return this.setAll(rest);
      case "p":
        return this.registerByNumber(rest);
      case "P":
        return this.setOne(rest);
      case "m":
        return this.readMemory(rest);
      case "M":
        return this.writeMemory(rest.slice(0, rest.indexOf(":")), fromHex(rest.slice(rest.indexOf(":") + 1)));
      case "X":
        return this.writeMemory(rest.slice(0, rest.indexOf(":")), data.subarray(text.indexOf(":") + 1));
      case "Z":
      case "z":
        return this.point(text[0] === "Z", rest);
      case "c":
      case "C":
        return this.resume("continue", addressOf(text));
      case "s":
      case "S":
        return this.resume("single", addressOf(text));
      case "b":
        return text === "bs" || text === "bc" ? this.resume(text) : "";
      case "H":
      case "T":
        return "OK";
      case "D":
        return this.detach();
      case "k":
        this.debuggee.end();
        return null;
      case "v":
        return this.verbose(rest);
      case "q":
      case "Q":
        return this.query(text);
      default:
        return "";
    }
  }

  /** @param {string} name */
  register(name) {
    return toHex(this.pc.readRegister(name) ?? new Uint8Array());
  }

  /** @param {string} digits */
  registerByNumber(digits) {
    const register = REGISTERS[number(digits)];
    return register ? this.register(register.name) : "E01";
  }

  /** @param {string} text */
  setOne(text) {
    const [digits = "", value = ""] = text.split("=");
    const register = REGISTERS[number(digits)];
    const bytes = fromHex(value);
    return register && bytes && this.setRegister(register.name, bytes) ? "OK" : "E01";
  }

  /**
   * @param {string} name
   * @param {Uint8Array} bytes
   */
  setRegister(name, bytes) {
    try {
      this.pc.writeRegister(name, bytes);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {string} digits */
  setAll(digits) {
    const bytes = fromHex(digits);
    if (!bytes) return "E01";
    let at = 0;
    for (const { name, bits } of REGISTERS) {
      const part = bytes.subarray(at, at + bits / 8);
      at += bits / 8;
      // What cannot be set, and is sent back as it was, is not asked for.
      if (part.length === bits / 8 && toHex(part) !== this.register(name) && !this.setRegister(name, part))
        return "E01";
    }
    return "OK";
  }

  /** @param {string} text */
  readMemory(text) {
    const [address = Number.NaN, length = Number.NaN] = text.split(",").map(number);
    if (Number.isNaN(address) || Number.isNaN(length)) return "E01";
    const bytes = this.pc.readLinear(address, Math.min(length, MOST_BYTES));
    return bytes.length === 0 && length > 0 ? "E14" : toHex(bytes);
  }

  /**
   * @param {string} place address and length
   * @param {Uint8Array | undefined} bytes
   */
  writeMemory(place, bytes) {
    const [address = Number.NaN, length = Number.NaN] = place.split(",").map(number);
    if (Number.isNaN(address) || bytes?.length !== length) return "E01";
    return this.pc.writeLinear(address, bytes) ? "OK" : "E14";
  }

  /**
   * @param {boolean} set
   * @param {string} text
   */
  point(set, text) {
    const [type = Number.NaN, address = Number.NaN, length = 1] = text.split(";")[0]?.split(",").map(number) ?? [];
    if (Number.isNaN(type) || Number.isNaN(address) || Number.isNaN(length)) return "E01";
    const point = { type, address, length: Math.max(length, 1) };
    const done = set ? this.points.add(point) : this.points.remove(point);
    if (done === undefined) return "";
    return done ? "OK" : "E01";
  }

  /**
   * @param {string} command
   * @param {string} [address]
   */
  resume(command, address) {
    const eip = address === undefined ? undefined : number(address);
    if (eip !== undefined) {
      const bytes = Buffer.alloc(4);
      if (Number.isNaN(eip)) return "E01";
      bytes.writeUInt32LE(eip);
      this.setRegister("eip", bytes);
    }
    this.running = true;
    this.debuggee.go(command);
    return null;
  }

  detach() {
    this.detached = true;
    this.points.clear();
    this.reply("OK");
    this.debuggee.release();
    return null;
  }

  /** @param {string} text */
  verbose(text) {
    if (text === "Cont?") return "vCont;c;C;s;S";
    if (text.startsWith("Cont;")) {
      // One CPU: the first action is for it.
      const action = text.slice(5).split(";")[0]?.[0] ?? "";
      if (action === "c" || action === "C") return this.resume("continue");
      if (action === "s" || action === "S") return this.resume("single");
      return "";
    }
    if (text.startsWith("Kill")) {
      this.reply("OK");
      this.debuggee.end();
      return null;
    }
    return "";
  }

  /** @param {string} text */
  query(text) {
    const [name = ""] = text.split(/[:,;]/);
    switch (name) {
      case "qSupported":
        return `PacketSize=${PACKET_SIZE.toString(16)};QStartNoAckMode+;qXfer:features:read+;swbreak+;hwbreak+;vContSupported+;ReverseStep+;ReverseContinue+`;
      case "QStartNoAckMode":
        // Its own answer is still acknowledged.
        this.reply("OK");
        this.acknowledges = false;
        return null;
      case "qXfer":
        return this.transfer(text);
      case "qRcmd":
        return this.command(text.slice(text.indexOf(",") + 1));
      case "qAttached":
        return "1";
      case "qC":
        return "QC01";
      case "qfThreadInfo":
        return "m01";
      case "qsThreadInfo":
        return "l";
      case "qThreadExtraInfo":
        return toHex(Buffer.from("the CPU"));
      case "qSymbol":
        return "OK";
      default:
        return "";
    }
  }

  /** @param {string} text */
  transfer(text) {
    const match = /^qXfer:features:read:target\.xml:([0-9a-f]+),([0-9a-f]+)$/i.exec(text);
    if (!match) return text.startsWith("qXfer:features:read:") ? "E00" : "";
    const [offset, length] = [number(match[1] ?? ""), number(match[2] ?? "")];
    const part = TARGET_XML.slice(offset, offset + length);
    return (offset + part.length < TARGET_XML.length ? "m" : "l") + part;
  }

  /** @param {string} digits */
  command(digits) {
    const line = fromHex(digits);
    if (!line) return "E01";
    const answer = Buffer.from(`${monitor(this.pc, line.toString("utf8"))}\n`);
    // Long answers go as console output, piece by piece.
    for (let at = 0; at < answer.length; at += MOST_BYTES) {
      this.reply(`O${toHex(answer.subarray(at, at + MOST_BYTES))}`);
    }
    return "OK";
  }

  /** Whoever was there went away without a word. */
  lost() {
    if (!this.detached) this.points.clear();
  }

  /** Signals for stop replies. */
  static SIGNALS = { interrupt: SIGINT, trap: SIGTRAP };
}

/**
 * The address of `cADDR` and `CSIG;ADDR`, if there is one.
 * @param {string} text
 */
function addressOf(text) {
  const place = /^[cs]/.test(text) ? text.slice(1) : text.split(";")[1];
  return place === "" ? undefined : place;
}
