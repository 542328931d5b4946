import { expect, it } from "vitest";
import { farText, rangeOf } from "./cells";

it("reads what people write as ranges", () => {
  expect(rangeOf("")).toEqual({});
  expect(rangeOf(" 0E ")).toEqual({ first: 14, last: 14 });
  expect(rangeOf("3f8-3FF")).toEqual({ first: 0x3f8, last: 0x3ff });
  for (const text of ["x", "3ff-3f8", "1-", "-1", "12345", "1-2-3", "0x60"]) expect(rangeOf(text)).toBeNull();
});

it("writes addresses as wide as they are", () => {
  expect(farText(0xf000, 0xfff0)).toBe("F000:FFF0");
  expect(farText(8, 0xc0100000 | 0)).toBe("0008:C0100000");
});
