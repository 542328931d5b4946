import { expect, it } from "vitest";
import { ANY, type PatternKind, parsePattern } from "./byte_pattern";

it.each<[string, number[] | null, boolean, PatternKind?]>([
  ["55 aa", [0x55, 0xaa], false],
  ["55AA", [0x55, 0xaa], false],
  ["0x55, 0xAA", [0x55, 0xaa], false],
  ['"GRUB"', [71, 82, 85, 66], true],
  ["'it's'", [105, 116, 39, 115], true],
  ['"open', [111, 112, 101, 110], true],
  ["5", null, false],
  ["GRUB", null, false],
  ["", null, false],
  ['""', null, false],
  ["00".repeat(257), null, false],
  ["55 ?a", null, false],
  ["?? ??", null, false],
  ["GRUB", [71, 82, 85, 66], true, "text"],
  [" x", [32, 120], true, "text"],
  ["", null, true, "text"],
  ["aa55", [0x55, 0xaa], false, "word"],
  ["1 0x1234h", [1, 0, 0x34, 0x12], false, "word"],
  ["12345", null, false, "word"],
  ["deadbeef", [0xef, 0xbe, 0xad, 0xde], false, "dword"],
  ["7c00", [0, 0x7c, 0, 0], false, "dword"],
  ["", null, false, "dword"],
])("%s", (text, bytes, foldCase, kind) => {
  const found = parsePattern(text, kind);
  expect(found && [...found.bytes]).toEqual(bytes);
  if (found) expect(found.foldCase).toBe(foldCase);
});

it("any byte stands between known ones", () => {
  const found = parsePattern("e8 ?? ??, c3");
  expect(found && [...found.bytes]).toEqual([0xe8, ANY, ANY, 0xc3]);
});
