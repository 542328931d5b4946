import { describe, expect, it } from "vitest";
import type { Statement } from "../protocol/nasm";
import { SourceMap } from "./nasm_source_map";

const statement = (line: number, offset: number | null, length: number, code = true): Statement => ({
  line,
  offset,
  address: 0x100 + (offset ?? 0),
  length,
  text: "",
  code,
});

/** Line 1 is a comment; 2 and 3 instructions, 4 a macro of two, 6 data, 7 reserved, 9 an instruction. */
const MAP = new SourceMap({
  ok: true,
  image: Uint8Array.from([0x31, 0xc0, 0xb0, 7, 0x90, 0x91, 1, 2, 3, 0xf4]),
  statements: [
    statement(2, 0, 2),
    statement(3, 2, 2),
    statement(4, 4, 1),
    statement(4, 5, 1),
    statement(6, 6, 3, false),
    statement(7, null, 4, false),
    statement(9, 9, 1),
  ],
  symbols: [
    { name: "start", value: 0x100, kind: "label", line: 2 },
    { name: "start.end", value: 0x109, kind: "label", line: 8 },
    { name: "COUNT", value: 0x100, kind: "constant", line: 5 },
  ],
  warnings: [],
});

describe("a source map", () => {
  it("finds the line of each byte, wherever org puts the labels", () => {
    const lines = Array.from({ length: 12 }, (_, index) => MAP.at(0x7bff + index)?.line);
    expect(lines).toEqual([undefined, 2, 2, 3, 3, 4, 4, 6, 6, 6, 9, undefined]);
  });

  it("has the bytes that belong to a place", () => {
    expect(MAP.at(0x7c03)).toMatchObject({ linear: 0x7c02, bytes: Uint8Array.from([0xb0, 7]) });
  });

  it("breaks at the first instruction of a line, or of the next that has one", () => {
    expect([1, 2, 3, 4, 5, 9].map((line) => MAP.breakAt(line)?.linear)).toEqual([
      0x7c00, 0x7c00, 0x7c02, 0x7c04, 0x7c09, 0x7c09,
    ]);
    expect(MAP.breakAt(10)).toBeUndefined();
  });

  it("knows labels, and that constants are none", () => {
    expect([MAP.label("start"), MAP.label("start.end"), MAP.label("COUNT"), MAP.label("no")]).toEqual([
      0x7c00,
      0x7c09,
      undefined,
      undefined,
    ]);
  });
});
