/** What to search memory for. */
export interface BytePattern {
  /** `ANY` where any byte will do. */
  readonly bytes: Uint16Array<ArrayBuffer>;
  /** ASCII letters of either case are equal: so texts are found. */
  readonly foldCase: boolean;
}

/** How a pattern is written: `bytes` as `55 aa ?? "text"`, a text as it is, or little-endian numbers. */
export const PATTERN_KINDS = ["bytes", "text", "word", "dword"] as const;
export type PatternKind = (typeof PATTERN_KINDS)[number];

const LONGEST = 256;
/** More than any byte. */
export const ANY = 0x100;

/** A pattern as a reader writes it; null if it is none. */
export function parsePattern(text: string, kind: PatternKind = "bytes"): BytePattern | null {
  if (kind === "text") return ofText(text);
  const trimmed = text.trim();
  if (kind !== "bytes") return ofNumbers(trimmed, kind === "word" ? 2 : 4);
  const [, , quoted] = /^(["'])(.*?)\1?$/.exec(trimmed) ?? [];
  return quoted !== undefined ? ofText(quoted) : ofBytes(trimmed);
}

const ofText = (text: string): BytePattern | null => pattern([...new TextEncoder().encode(text)], true);

/** Pairs of digits, or of question marks. */
function ofBytes(text: string): BytePattern | null {
  const digits = text.replace(/[\s,]+|0x/gi, "");
  if (!/^([0-9a-f]{2}|\?\?)+$/i.test(digits)) return null;
  return pattern((digits.match(/../g) ?? []).map((pair) => (pair === "??" ? null : Number.parseInt(pair, 16))));
}

/** Hexadecimal numbers of so many bytes, the lowest first. */
function ofNumbers(text: string, size: number): BytePattern | null {
  const words = text.split(/[\s,]+/).map((word) => word.replace(/^0x|h$/gi, ""));
  if (!words.every((word) => /^[0-9a-f]+$/i.test(word) && word.length <= 2 * size)) return null;
  return pattern(
    words.flatMap((word) => {
      const value = Number.parseInt(word, 16);
      return Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** at) % 256);
    }),
  );
}

/** Something must be known of it: any bytes at all are everywhere. */
function pattern(bytes: readonly (number | null)[], foldCase = false): BytePattern | null {
  if (bytes.length > LONGEST || bytes.every((byte) => byte === null)) return null;
  return {
    bytes: Uint16Array.from(bytes, (byte) => byte ?? ANY),
    foldCase,
  };
}
