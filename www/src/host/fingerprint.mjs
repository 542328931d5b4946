// Files told from each other by hashes, in the page and its workers.

/** Bytes hashed at once: the browser hashes only what it has whole. */
const PIECE = 4 << 20;

/**
 * Bytes as hexadecimal digits.
 * @param {Uint8Array} bytes
 */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {BufferSource} bytes */
const digest = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/**
 * SHA-256 of bytes, in hexadecimal.
 * @param {BufferSource} bytes
 */
export const sha256 = async (bytes) => hex(await digest(bytes));

/**
 * What tells a file from all others without having it in memory: SHA-256 of the SHA-256s of its pieces of 4 MiB, in
 * hexadecimal.
 * @param {Blob} file
 */
export async function fingerprint(file) {
  /** @type {Uint8Array[]} */
  const prints = [];
  for (let at = 0; at < file.size; at += PIECE) {
    prints.push(await digest(await file.slice(at, at + PIECE).arrayBuffer()));
  }
  const all = new Uint8Array(prints.length * 32);
  for (const [at, print] of prints.entries()) all.set(print, 32 * at);
  return sha256(all);
}
