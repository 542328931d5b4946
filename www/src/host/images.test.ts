import { describe, expect, it } from "vitest";
import { checkImage, checkMemory, type Drive, HEAD_BYTES } from "./images.mjs";

const FLOPPY = 1474560;
const zeros = new Uint8Array(HEAD_BYTES);

function withText(text: string, at = 0): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  head.set(
    [...text].map((char) => char.charCodeAt(0)),
    at,
  );
  return head;
}

const failure = (drive: Drive, size: number, head: Uint8Array): string => {
  try {
    checkImage(drive, "a.img", size, head);
  } catch (error) {
    return (error as Error).message;
  }
  return "none";
};

describe("images", () => {
  it("takes floppies of every size, and fills a boot sector up to 1.44 MB", () => {
    for (const size of [163840, 184320, 327680, 368640, 737280, 1228800, FLOPPY]) {
      expect(checkImage("fda", "a.img", size, zeros)).toBe(size);
    }
    expect(checkImage("fdb", "a.img", 512, zeros)).toBe(FLOPPY);
  });

  it("takes disks of whole sectors and CDs with a volume descriptor", () => {
    expect(checkImage("hda", "a.img", 512 * 1000, zeros)).toBe(512000);
    expect(checkImage("cdrom", "a.iso", 2048 * 100, withText("CD001", 0x8001))).toBe(204800);
  });

  it.each<[string, Drive, number, Uint8Array, string]>([
    ["empty", "fda", 0, new Uint8Array(), "empty"],
    ["truncated", "hda", 1000, zeros, "truncated"],
    ["too large", "fda", FLOPPY + 512, zeros, "too many for a floppy"],
    ["no CD", "cdrom", 204800, zeros, "ISO 9660"],
    ["truncated CD", "cdrom", 204801, withText("CD001", 0x8001), "truncated"],
    ["qcow2", "hda", 196608, withText("QFI\xfb"), "qemu-img convert"],
    ["gzip", "hda", 196608, withText("\x1f\x8b\x08"), "unpack"],
    ["VDI", "hda", 196608, withText("\x7f\x10\xda\xbe", 0x40), "VDI"],
    ["huge", "hda", 2 ** 28 * 512 + 512, zeros, "128 GiB"],
  ])("refuses what is %s in one line", (_, drive, size, head, part) => {
    expect(failure(drive, size, head)).toContain(part);
    expect(failure(drive, size, head)).toMatch(/^a\.img: .*$/);
  });

  it("takes 1 to 2048 MB of memory", () => {
    expect(checkMemory(1, "Memory")).toBe(1048576);
    expect(checkMemory(2048, "Memory")).toBe(2147483648);
    for (const bad of [0, -1, 2049, 1.5, Number.NaN]) expect(() => checkMemory(bad, "Memory")).toThrow("Memory");
  });
});
