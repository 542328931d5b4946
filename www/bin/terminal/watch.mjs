// Waits for texts in a stream of bytes.

/** Finds a text in a stream that comes in pieces. */
export class StreamWatch {
  /** @param {string} text */
  constructor(text) {
    this.wanted = Buffer.from(text, "utf8");
    /** @type {Buffer} the end of what came, too short to hold the text */
    this.tail = Buffer.alloc(0);
    this.seen = false;
  }

  /**
   * Takes the next piece; gives whether the text was seen by now.
   * @param {Uint8Array} bytes
   */
  add(bytes) {
    if (this.seen || bytes.length === 0) return this.seen;
    const all = Buffer.concat([this.tail, bytes]);
    this.seen = all.includes(this.wanted);
    const keep = Math.max(this.wanted.length - 1, 0);
    this.tail = all.subarray(Math.max(all.length - keep, 0));
    return this.seen;
  }
}

/**
 * Whether rows of a text screen show a text, which may go on in the next row.
 * @param {readonly string[]} rows
 * @param {string} text
 */
export function screenShows(rows, text) {
  return rows.some((row) => row.includes(text)) || rows.join("").includes(text);
}
