/** The ways a number can be read. */
export type NumberForm = "hex" | "decimal" | "signed" | "binary" | "ascii" | "float";

export const NUMBER_FORMS: readonly NumberForm[] = ["hex", "decimal", "signed", "binary", "ascii", "float"];

/** Which byte of a word is the first in memory: the PC's lowest, the EVM's highest. */
export type ByteOrder = "little" | "big";

const wrap = (value: bigint, bits: number): bigint => BigInt.asUintN(bits, value);

const grouped = (digits: string, every: number): string =>
  digits.replace(new RegExp(`\\B(?=(.{${every}})+$)`, "g"), " ");

/** The bytes of a word as they stand in memory. */
function bytesOf(value: bigint, bits: number, order: ByteOrder): number[] {
  const bytes = Array.from({ length: Math.ceil(bits / 8) }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn));
  return order === "little" ? bytes : bytes.reverse();
}

/** A byte as a character: printable ASCII, a point for all else. */
export const asciiOf = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·");

/** IEEE 754 single or double, or an x87 double-extended; null for other widths. */
function floatOf(value: bigint, bits: number): string | null {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, value));
  if (bits === 32) return shortFloat(view.getFloat32(4));
  if (bits === 64) return floatText(view.getFloat64(0));
  return bits === 80 ? extendedOf(value) : null;
}

const floatText = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** The shortest decimal that is the same single. */
function shortFloat(value: number): string {
  if (value === 0) return floatText(value);
  for (let digits = 1; digits < 10; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return floatText(Number(text));
  }
  return floatText(value);
}

/** Intel SDM volume 1, section 4.2.2: sign, 15 bits of exponent, 64 bits of significand with its integer bit. */
function extendedOf(value: bigint): string {
  const sign = (value >> 79n) & 1n ? "-" : "";
  const exponent = Number((value >> 64n) & 0x7fffn);
  const significand = BigInt.asUintN(64, value);
  if (exponent === 0x7fff) return significand << 1n === 0n || significand === 1n << 63n ? `${sign}Infinity` : "NaN";
  if (significand === 0n) return `${sign}0`;
  const scale = Math.max(exponent, 1) - 16383 - 63;
  const near = Number(significand) * 2 ** scale;
  if (Number.isFinite(near) && near !== 0) return `${sign}${near}`;
  return `${sign}${significand} × 2^${scale}`;
}

/**
 * A number of `bits` bits in one form, or null where that form has no meaning: floats have 32, 64 or 80 bits.
 * @param value taken modulo 2^bits
 */
export function numberText(value: bigint, bits: number, form: NumberForm, order: ByteOrder = "little"): string | null {
  const word = wrap(value, bits);
  switch (form) {
    case "hex":
      return word
        .toString(16)
        .toUpperCase()
        .padStart(Math.ceil(bits / 4), "0");
    case "decimal":
      return word.toString();
    case "signed":
      return BigInt.asIntN(bits, word).toString();
    case "binary":
      return grouped(word.toString(2).padStart(bits, "0"), 4);
    case "ascii":
      return bytesOf(word, bits, order).map(asciiOf).join("");
    case "float":
      return floatOf(word, bits);
  }
}

/** A number in hexadecimal with leading zeros, as addresses are written. */
export const hex = (value: number, digits: number): string =>
  (value >>> 0).toString(16).toUpperCase().padStart(digits, "0");
