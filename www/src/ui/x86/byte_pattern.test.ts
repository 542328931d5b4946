import { expect, it } from "vitest";
import { parsePattern } from "./byte_pattern";

it.each<[string, number[] | null, boolean]>([
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
])("%s", (text, bytes, foldCase) => {
  const found = parsePattern(text);
  expect(found && [...found.bytes]).toEqual(bytes);
  if (found) expect(found.foldCase).toBe(foldCase);
});
