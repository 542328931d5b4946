/** Messages with bytes in them, for a connection that carries small pieces of bytes and nothing else. */

/** Every browser carries pieces of this size. */
const PIECE = 60_000;
/** No message is larger: the card of a machine with its images. */
const LARGEST = 64 << 20;
/** Nor has more parts of bytes. */
const MOST_PARTS = 16;
const [MORE, LAST] = [0, 1];

type Bytes = Uint8Array<ArrayBuffer>;

function joined(parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const number = (value: number): Bytes => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
};

/** A message as pieces: its text, with numbers in the place of bytes, and then those. */
export function toPieces(message: object): readonly Bytes[] {
  const parts: Uint8Array[] = [];
  const fields = Object.entries(message).map(([name, value]) =>
    value instanceof Uint8Array ? [name, { part: parts.push(value) - 1 }] : [name, value],
  );
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields)));
  const all = joined([text, ...parts].flatMap((part) => [number(part.length), part]));
  const pieces: Bytes[] = [];
  for (let at = 0; at === 0 || at < all.length; at += PIECE) {
    const last = at + PIECE >= all.length;
    pieces.push(joined([Uint8Array.of(last ? LAST : MORE), all.subarray(at, at + PIECE)]));
  }
  return pieces;
}

/** Puts pieces together again. What is no message ends the connection: `add` throws. */
export class Gatherer {
  private pieces: Uint8Array[] = [];
  private size = 0;

  /** A piece came; the message that it ends, if it does. */
  add(piece: ArrayBuffer): object | null {
    const bytes = new Uint8Array(piece);
    this.size += bytes.length;
    if (this.size > LARGEST) throw new Error("a message is too large");
    this.pieces.push(bytes.subarray(1));
    if (bytes[0] !== LAST) return null;
    const whole = joined(this.pieces);
    this.pieces = [];
    this.size = 0;
    return fromBytes(whole);
  }
}

function fromBytes(all: Bytes): object {
  const view = new DataView(all.buffer);
  const parts: Bytes[] = [];
  for (let at = 0; at < all.length; ) {
    if (at + 4 > all.length || parts.length > MOST_PARTS) throw new Error("a message is cut off");
    const length = view.getUint32(at);
    if (at + 4 + length > all.length) throw new Error("a message is cut off");
    parts.push(all.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
  const [text, ...bytes] = parts;
  const fields = Object.entries(Object(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text))));
  return Object.fromEntries(
    fields.map(([name, value]) => {
      const { part } = Object(value) as { part?: number };
      return [name, typeof part === "number" && bytes[part] ? bytes[part] : value];
    }),
  );
}
