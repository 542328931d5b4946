import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { encodePng } from "./png.mjs";

/** Reads a PNG by the chunk layout of ISO/IEC 15948, section 5.3. */
function chunks(png: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    found.set(png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
}

it("writes signature, header and pixels", () => {
  const png = encodePng(2, 1, Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255));
  expect(png.subarray(0, 8)).toEqual(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"));
  const parts = chunks(png);
  expect([...parts.keys()]).toEqual(["IHDR", "IDAT", "IEND"]);
  expect(parts.get("IHDR")).toEqual(Buffer.from([0, 0, 0, 2, 0, 0, 0, 1, 8, 2, 0, 0, 0]));
  expect([...inflateSync(parts.get("IDAT") ?? Buffer.alloc(0))]).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

it("ends with the checksum that the standard gives for IEND", () => {
  const png = encodePng(1, 1, Uint8Array.of(0, 0, 0, 0));
  expect(png.subarray(-4).toString("hex")).toBe("ae426082");
});
