import { LARGEST_UNPACKED, type LinkTrouble, LONGEST_LINK } from "../../protocol/links";

/** The versions of links that are understood. */
const VERSIONS: readonly string[] = ["1"];
/** Bytes given to the decompressor at once: so few become at most 1 MiB before they are counted. */
const PIECE = 1024;

/** Lists and objects within one another, at most: a project has eight. */
const DEEPEST = 32;
const [QUOTE, BACKSLASH, BRACKET, BRACE] = [0x22, 0x5c, 0x5b, 0x7b];

/** A link is not what it should be; nothing of it was used. */
export class LinkError extends Error {
  constructor(readonly why: LinkTrouble) {
    super(why.kind);
  }
}

/** The bytes of a text in base64url (RFC 4648, section 5) without padding; null if it is none. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function pieces(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(control) {
      if (at >= bytes.length) return control.close();
      control.enqueue(bytes.subarray(at, at + PIECE));
      at += PIECE;
    },
  });
}

/**
 * Inflates bytes, no more of them than `most`.
 * @throws LinkError
 */
export async function inflated(packed: Uint8Array<ArrayBuffer>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = pieces(packed).pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > most) throw new LinkError({ kind: "tooLarge" });
      parts.push(part.value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error instanceof LinkError ? error : new LinkError({ kind: "packed" });
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether lists and objects are nested too deep to be parsed in no time; `bytes` are UTF-8. */
function isDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) at += byte === BACKSLASH ? 1 : 0;
    else if (byte === BRACKET || byte === BRACE) {
      if (++depth > DEEPEST) return true;
    } else if (byte === BRACKET + 2 || byte === BRACE + 2) depth--;
  }
  return false;
}

/**
 * What a text in JSON says.
 * @throws LinkError
 */
export function jsonOf(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new LinkError({ kind: "notText" });
  }
  if (isDeep(bytes)) throw new LinkError({ kind: "tooLarge" });
  try {
    return JSON.parse(text);
  } catch {
    throw new LinkError({ kind: "notJson" });
  }
}

/** What a link says, before anything of it is believed. */
export interface Unpacked {
  readonly engine: "evm" | "pc";
  readonly value: unknown;
  /** Bytes that it became. */
  readonly size: number;
}

/**
 * Unpacks a link, from its `#` on.
 * @throws LinkError
 */
export async function unpacked(hash: string): Promise<Unpacked> {
  if (hash.length > LONGEST_LINK) throw new LinkError({ kind: "tooLong" });
  const [, engine, version = "", text = ""] = /^#(evm|pc)(\d{1,9})\.(.+)$/s.exec(hash) ?? [];
  if (engine !== "evm" && engine !== "pc") throw new LinkError({ kind: "notLink" });
  if (!VERSIONS.includes(version)) throw new LinkError({ kind: "newer" });
  const packed = bytesOf(text);
  if (!packed) throw new LinkError({ kind: "notLink" });
  const bytes = await inflated(packed, LARGEST_UNPACKED);
  return { engine, value: jsonOf(bytes), size: bytes.length };
}
