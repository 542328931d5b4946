// gdb's breakpoints and watchpoints as stops of the engine.

/** Kinds of gdb's Z packets: 0 and 1 are breakpoints in software and hardware, which are the same here. */
const KINDS = /** @type {const} */ (["execute", "execute", "write", "read", "access"]);

/** What a stop reply says of a watchpoint, by kind. */
const REASONS = { write: "watch", read: "rwatch", access: "awatch" };

/**
 * @typedef {import('../../../src/wasm/x86/x86.js').Pc} Pc
 * @typedef {{type: number, address: number, length: number}} Point
 */

/** The points that gdb has set. */
export class Points {
  /** @param {Pc} pc */
  constructor(pc) {
    this.pc = pc;
    /** @type {Point[]} */
    this.points = [];
  }

  /** Tells the engine; gives whether it takes them all. */
  apply() {
    const stops = this.points.map(({ type, address, length }) => ({
      kind: KINDS[type],
      at: address.toString(16),
      length: type < 2 ? 1 : length,
    }));
    return this.pc.setStops(stops).length === 0;
  }

  /** @param {Point} wanted */
  add(wanted) {
    if (!KINDS[wanted.type]) return undefined;
    if (this.find(wanted) >= 0) return true;
    this.points.push(wanted);
    const taken = this.apply();
    if (!taken) this.points.pop();
    return taken;
  }

  /** @param {Point} wanted */
  remove(wanted) {
    if (!KINDS[wanted.type]) return undefined;
    const at = this.find(wanted);
    if (at >= 0) this.points.splice(at, 1);
    return this.apply();
  }

  clear() {
    this.points = [];
    this.apply();
  }

  /** @param {Point} wanted */
  find({ type, address, length }) {
    return this.points.findIndex((p) => p.type === type && p.address === address && p.length === length);
  }

  /** Whether a hit is one of a watchpoint. @param {{stop: number}} hit */
  isWatch({ stop }) {
    const type = this.points[stop]?.type;
    return type !== undefined && type >= 2;
  }

  /**
   * The part of a stop reply that says why, for the first hit.
   * @param {readonly {stop: number, detail: {linear?: number | null}}[]} hits
   */
  reason(hits) {
    const point = hits[0] && this.points[hits[0].stop];
    if (!point) return "";
    const kind = KINDS[point.type];
    if (!kind || kind === "execute") return point.type === 1 ? "hwbreak:;" : "swbreak:;";
    return `${REASONS[kind]}:${point.address.toString(16)};`;
  }
}
