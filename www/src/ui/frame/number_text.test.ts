import { expect, it } from "vitest";
import { hex, type NumberForm, numberText } from "./number_text";

it.each<[NumberForm, bigint, number, string | null]>([
  ["hex", 0xbeefn, 32, "0000BEEF"],
  ["hex", 0x1n, 1, "1"],
  ["hex", -1n, 8, "FF"],
  ["decimal", 0xffff_ffffn, 32, "4294967295"],
  ["signed", 0xffff_ffffn, 32, "-1"],
  ["signed", 0x7fn, 8, "127"],
  ["signed", 1n << 255n, 256, `-${1n << 255n}`],
  ["binary", 0xa5n, 8, "1010 0101"],
  ["binary", 1n, 6, "00 0001"],
  ["ascii", 0x64636261n, 32, "abcd"],
  ["ascii", 0x0041n, 16, "A·"],
  ["float", 0x3f800000n, 32, "1"],
  ["float", 0x3dcccccdn, 32, "0.1"],
  ["float", 0x80000000n, 32, "-0"],
  ["float", 0x7f800000n, 32, "Infinity"],
  ["float", 0x7fc00000n, 32, "NaN"],
  ["float", 0x400921fb54442d18n, 64, "3.141592653589793"],
  // Pi as FLDPI leaves it, SDM volume 1, section 8.3.8.
  ["float", 0x4000c90fdaa22168c235n, 80, "3.141592653589793"],
  ["float", 0xbfff8000000000000000n, 80, "-1"],
  ["float", 0x7fff8000000000000000n, 80, "Infinity"],
  ["float", 0x7fffc000000000000000n, 80, "NaN"],
  ["float", 0n, 80, "0"],
  ["float", 1n, 16, null],
])("%s of %s with %s bits", (form, value, bits, text) => {
  expect(numberText(value, bits, form)).toBe(text);
});

it("reads the EVM's words from their highest byte on", () => {
  expect(numberText(0x6162n, 16, "ascii", "big")).toBe("ab");
});

it("writes the bits of a negative number", () => {
  expect(hex(-1, 8)).toBe("FFFFFFFF");
});
