import type { LinkMoment } from "../../protocol/links";

/** The version of links that this page writes; earlier ones are read as well. */
const VERSION = 1;

/** Bytes in the characters that an address may have (RFC 4648, section 5), without padding. */
export function base64url(bytes: Uint8Array): string {
  let text = "";
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x6000)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + 0x6000)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Bytes deflated, without a head. */
export async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Bytes within JSON. */
const bytesAsText = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? base64url(value) : value);

/** A moment as the part of an address after its path: `#evm1.` and its JSON (bytes as texts in base64url), deflated, in base64url. */
export async function linkOf({ engine, moment }: LinkMoment): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(moment, bytesAsText));
  return `#${engine}${VERSION}.${base64url(await deflated(bytes))}`;
}
