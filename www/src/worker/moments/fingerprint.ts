const PIECE = 4 << 20;

/** Bytes as hexadecimal digits. */
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** SHA-256 of bytes. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/**
 * What tells a file from all others without having it in memory: SHA-256 of the SHA-256s of its pieces of 4 MiB, for the
 * browser hashes only what is there whole.
 */
export async function fingerprint(file: Blob): Promise<string> {
  const prints: Uint8Array[] = [];
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = await file.slice(at, at + PIECE).arrayBuffer();
    prints.push(new Uint8Array(await crypto.subtle.digest("SHA-256", piece)));
  }
  const all = new Uint8Array(prints.length * 32);
  prints.forEach((print, index) => {
    all.set(print, 32 * index);
  });
  return sha256(all);
}
