import { expect, it } from "vitest";
import { ROLE_HEAD_BYTES, roleOf } from "./drop_roles";

function head(text = "", at = 0): Uint8Array {
  const bytes = new Uint8Array(ROLE_HEAD_BYTES);
  bytes.set(
    [...text].map((char) => char.charCodeAt(0)),
    at,
  );
  return bytes;
}

function elf(magicAt: number): Uint8Array {
  const bytes = head("\x7fELF");
  new DataView(bytes.buffer).setUint32(magicAt, 0x1badb002, true);
  return bytes;
}

it.each<[string, string, number, Uint8Array, string]>([
  ["a bzImage", "vmlinuz", 5_000_000, head("HdrS", 0x202), "kernel"],
  ["a Multiboot kernel", "kernel.elf", 100_000, elf(4096), "kernel"],
  ["an ELF file with the mark too late", "program", 100_000, elf(8192), "fda"],
  ["a CD without a telling name", "image", 1_000_000, head("CD001", 0x8001), "cdrom"],
  ["an initrd", "initrd.cpio.gz", 2_000_000, head("\x1f\x8b"), "initrd"],
  ["a BIOS", "bios-256k.bin", 262144, head(), "bios"],
  ["a floppy", "dos.img", 1474560, head(), "fda"],
  ["a disk", "dos.img", 1474560 + 512, head(), "hda"],
])("takes %s for what it is", (_, name, size, bytes, role) => {
  expect(roleOf(name, size, bytes)).toBe(role);
});

it("takes short files", () => {
  expect(roleOf("x", 3, new Uint8Array(3))).toBe("fda");
});
