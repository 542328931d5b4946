/** Bytes hashed at once: the browser hashes only what it has whole. */
const PIECE = 4 << 20;

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const sha256 = async (bytes: BufferSource): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** SHA-256 of bytes, in hexadecimal. */
export const hashOf = async (bytes: BufferSource): Promise<string> => hex(await sha256(bytes));

/** What tells a file from all others: SHA-256 of the SHA-256s of its pieces of 4 MiB, in hexadecimal. */
export async function fingerprint(file: Blob): Promise<string> {
  const prints: Uint8Array[] = [];
  for (let at = 0; at < file.size; at += PIECE) {
    prints.push(await sha256(await file.slice(at, at + PIECE).arrayBuffer()));
  }
  const all = new Uint8Array(prints.length * 32);
  for (const [at, print] of prints.entries()) all.set(print, 32 * at);
  return hashOf(all);
}
