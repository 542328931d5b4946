/** What to search memory for. */
export interface BytePattern {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** ASCII letters of either case are equal: so texts are found. */
  readonly foldCase: boolean;
}

const LONGEST = 256;

/** A pattern as a reader writes it: bytes as `55 aa` or `55aa`, text in quotes; null if it is neither. */
export function parsePattern(text: string): BytePattern | null {
  const trimmed = text.trim();
  const [, , quoted] = /^(["'])(.*?)\1?$/.exec(trimmed) ?? [];
  if (quoted !== undefined) return limited(new TextEncoder().encode(quoted), true);
  const digits = trimmed.replace(/[\s,]+|0x/gi, "");
  if (!/^([0-9a-f]{2})+$/i.test(digits)) return null;
  return limited(
    Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
    false,
  );
}

const limited = (bytes: Uint8Array<ArrayBuffer>, foldCase: boolean): BytePattern | null =>
  bytes.length > 0 && bytes.length <= LONGEST ? { bytes, foldCase } : null;
