/** Digits of a word that are shown without leaving some out. */
const LONGEST = 40;

/** A word without leading zeros; of a long one the beginning and the end. */
export function shortHex(value: bigint): string {
  const digits = value.toString(16);
  return digits.length <= LONGEST ? `0x${digits}` : `0x${digits.slice(0, 10)}…${digits.slice(-8)}`;
}

/** An address in few letters: the last four digits of one with many zeros tell it best. */
export function shortAddress(address: string): string {
  const digits = address.slice(2).replace(/^0+/, "");
  return digits.length <= 8 ? `0x${digits || "0"}` : `0x${address.slice(2, 8)}…${address.slice(-4)}`;
}

/** A whole number with commas. */
export const grouped = (value: number | bigint): string => value.toLocaleString("en");

/** The words of data, 32 bytes each; the last may be shorter. */
export function wordsOf(data: string): readonly string[] {
  return data.replace(/^0x/, "").match(/.{1,64}/g) ?? [];
}

/** Bytes in pairs of digits. */
export const pairsOf = (digits: string): readonly string[] => digits.match(/../g) ?? [];

/** Bytes as text: printable ASCII, a point for all else. */
export const asciiOf = (digits: string): string =>
  pairsOf(digits)
    .map((pair) => Number.parseInt(pair, 16))
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·"))
    .join("");

/** A text with the middle of its long hexadecimal numbers left out: `balances[0xab12…34cd]`. */
export const shortenHex = (text: string): string =>
  text.replaceAll(/0x[0-9a-fA-F]{20,}/g, (digits) => shortAddress(digits));
