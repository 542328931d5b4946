import type { DriveName } from "../protocol/machine_spec";

/** What a file can be to a machine. */
export type Role = DriveName | "kernel" | "initrd" | "bios";

/** How much of a file `roleOf` wants to see. */
export const ROLE_HEAD_BYTES = 0x8806;

const LARGEST_FLOPPY = 1474560;

const text = (head: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...head.subarray(at, at + length));

/** Whether a Multiboot 1 header lies in the first 8 KiB, as the specification wants it. */
function isMultiboot(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, Math.min(head.length, 8192));
  for (let at = 0; at + 4 <= view.byteLength; at += 4) {
    if (view.getUint32(at, true) === 0x1badb002) return true;
  }
  return false;
}

/** What a dropped file is most likely meant to be, from its name, size and beginning. */
export function roleOf(name: string, size: number, head: Uint8Array): Role {
  if (text(head, 0x202, 4) === "HdrS") return "kernel";
  if (text(head, 0, 4) === "\x7fELF" && isMultiboot(head)) return "kernel";
  if (text(head, 0x8001, 5) === "CD001") return "cdrom";
  const lower = name.toLowerCase();
  if (/initr|initramfs|\.cpio/.test(lower)) return "initrd";
  if (/\.(iso|cdr)$/.test(lower)) return "cdrom";
  if (/bios.*\.(bin|rom)$/.test(lower)) return "bios";
  return size <= LARGEST_FLOPPY ? "fda" : "hda";
}
