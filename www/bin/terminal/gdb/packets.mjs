// Packets of the gdb remote serial protocol (gdb manual, appendix E): $DATA#CHECKSUM, acknowledgements, and the byte of Ctrl-C.

const DOLLAR = 0x24;
const HASH = 0x23;
const ESCAPE = 0x7d;
const INTERRUPT = 0x03;
/** Longest packet taken, as told in PacketSize. */
export const PACKET_SIZE = 0x4000;

/** @param {Uint8Array} bytes */
const checksum = (bytes) => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);

/**
 * What came: a packet's data with its escapes resolved, a packet to be asked for again, Ctrl-C, or an acknowledgement.
 * @typedef {{kind: 'packet', data: Buffer} | {kind: 'damaged' | 'interrupt' | 'ack' | 'nack'}} Incoming
 */

/** Cuts a stream of bytes into packets. */
export class PacketReader {
  constructor() {
    /** @type {Buffer} */
    this.rest = Buffer.alloc(0);
  }

  /**
   * Takes the next bytes; gives all that is complete.
   * @param {Buffer} bytes
   * @returns {Incoming[]}
   */
  add(bytes) {
    this.rest = Buffer.concat([this.rest, bytes]);
    /** @type {Incoming[]} */
    const found = [];
    for (;;) {
      const next = this.next();
      if (!next) return found;
      found.push(next);
    }
  }

  /** @returns {Incoming | undefined} */
  next() {
    while (this.rest.length > 0 && this.rest[0] !== DOLLAR) {
      const byte = this.rest[0];
      this.rest = this.rest.subarray(1);
      if (byte === INTERRUPT) return { kind: "interrupt" };
      if (byte === 0x2b) return { kind: "ack" };
      if (byte === 0x2d) return { kind: "nack" };
    }
    const end = this.rest.indexOf(HASH);
    if (end < 0 || this.rest.length < end + 3) {
      // A packet that never ends would fill memory.
      if (this.rest.length > 2 * PACKET_SIZE) this.rest = Buffer.alloc(0);
      return undefined;
    }
    const body = this.rest.subarray(1, end);
    const sum = this.rest.subarray(end + 1, end + 3).toString("latin1");
    this.rest = this.rest.subarray(end + 3);
    if (Number.parseInt(sum, 16) !== checksum(body)) return { kind: "damaged" };
    return { kind: "packet", data: resolveEscapes(body) };
  }
}

/** @param {Buffer} body */
function resolveEscapes(body) {
  const plain = [];
  for (let at = 0; at < body.length; at++) {
    const byte = /** @type {number} */ (body[at]);
    plain.push(byte === ESCAPE && at + 1 < body.length ? /** @type {number} */ (body[++at]) ^ 0x20 : byte);
  }
  return Buffer.from(plain);
}

/** Bytes that mean something else in a packet: # $ } * */
const SPECIAL = new Set([HASH, DOLLAR, ESCAPE, 0x2a]);

/**
 * A packet to be sent.
 * @param {string | Uint8Array} data characters up to FFh
 */
export function packet(data) {
  const plain = typeof data === "string" ? Buffer.from(data, "latin1") : data;
  const body = [];
  for (const byte of plain) {
    if (SPECIAL.has(byte)) body.push(ESCAPE, byte ^ 0x20);
    else body.push(byte);
  }
  const bytes = Buffer.from(body);
  const sum = checksum(bytes).toString(16).padStart(2, "0");
  return Buffer.concat([Buffer.from("$"), bytes, Buffer.from(`#${sum}`)]);
}

/** @param {Uint8Array} bytes */
export const toHex = (bytes) => Buffer.from(bytes).toString("hex");

/**
 * Bytes of hexadecimal digits, or undefined if they are none.
 * @param {string} digits
 */
export function fromHex(digits) {
  return /^([0-9a-f]{2})*$/i.test(digits) ? Buffer.from(digits, "hex") : undefined;
}
