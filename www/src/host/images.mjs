// Checks of what users give as disks, before a machine sees it.

import { IMAGE_CHECKS } from "../strings/host/images.mjs";
import { UserError } from "./user_error.mjs";

/** @typedef {'fda' | 'fdb' | 'hda' | 'hdb' | 'cdrom'} Drive */

/** @type {readonly Drive[]} */
export const DRIVES = ["fda", "fdb", "hda", "hdb", "cdrom"];

/** How many bytes of an image `checkImage` wants to see: up to the volume descriptor of a CD. */
export const HEAD_BYTES = 0x8806;

/** Sizes of the floppies that the drives know, in bytes: 160, 180, 320, 360, 720 KB, 1.2, 1.44 MB. */
const FLOPPY_SIZES = [163840, 184320, 327680, 368640, 737280, 1228800, 1474560];
const LARGEST_DISK = 2 ** 28 * 512; // 28-bit LBA

/** Beginnings of files that are not raw images, at offset 0 unless told. */
const FOREIGN = [
  { name: "qcow2", bytes: "QFI\xfb" },
  { name: "VMDK", bytes: "KDMV" },
  { name: "VHDX", bytes: "vhdxfile" },
  { name: "VHD", bytes: "conectix" },
  { name: "VDI", bytes: "\x7f\x10\xda\xbe", at: 0x40 },
  { name: "gzip", bytes: "\x1f\x8b", packed: true },
  { name: "xz", bytes: "\xfd7zXZ", packed: true },
  { name: "bzip2", bytes: "BZh", packed: true },
  { name: "Zstandard", bytes: "\x28\xb5\x2f\xfd", packed: true },
  { name: "zip", bytes: "PK\x03\x04", packed: true },
  { name: "7z", bytes: "7z\xbc\xaf", packed: true },
];

/**
 * @param {Uint8Array} head
 * @param {string} text
 * @param {number} [at]
 */
function has(head, text, at = 0) {
  return [...text].every((char, index) => head[at + index] === char.charCodeAt(0));
}

/**
 * Checks an image for a drive.
 * @param {Drive} drive
 * @param {string} name what the user calls it
 * @param {number} size bytes
 * @param {Uint8Array} head its first `HEAD_BYTES`, fewer when it is smaller
 * @returns {number} the size the drive should have: floppies are filled up to the next size that exists
 */
export function checkImage(drive, name, size, head) {
  if (size === 0) throw new UserError(IMAGE_CHECKS.empty(name));
  const foreign = FOREIGN.find((format) => has(head, format.bytes, format.at));
  if (foreign?.packed) throw new UserError(IMAGE_CHECKS.packed(name, foreign.name));
  if (foreign) {
    throw new UserError(IMAGE_CHECKS.foreign(name, foreign.name));
  }
  if (drive === "cdrom") return checkCd(name, size, head);
  if (size % 512 !== 0) {
    throw new UserError(IMAGE_CHECKS.sectors(name, size));
  }
  return drive.startsWith("fd") ? checkFloppy(name, size) : checkDisk(name, size);
}

/**
 * @param {string} name
 * @param {number} size
 * @param {Uint8Array} head
 */
function checkCd(name, size, head) {
  if (!has(head, "CD001", 0x8001)) {
    throw new UserError(IMAGE_CHECKS.notCd(name));
  }
  if (size % 512 !== 0) throw new UserError(IMAGE_CHECKS.cdSectors(name, size));
  return size;
}

/**
 * @param {string} name
 * @param {number} size
 */
function checkFloppy(name, size) {
  const full = FLOPPY_SIZES.find((known) => size <= known);
  if (full === undefined) {
    throw new UserError(IMAGE_CHECKS.tooManyForFloppy(name, size));
  }
  // A lone boot sector or a short image is taken for a 1.44 MB floppy whose rest is empty.
  return full === size ? size : 1474560;
}

/**
 * @param {string} name
 * @param {number} size
 */
function checkDisk(name, size) {
  if (size > LARGEST_DISK) {
    throw new UserError(IMAGE_CHECKS.tooLarge(name));
  }
  return size;
}

/**
 * Checks guest memory.
 * @param {number} megabytes
 * @param {string} field what the user calls it
 */
export function checkMemory(megabytes, field) {
  if (!(Number.isInteger(megabytes) && megabytes >= 1 && megabytes <= 2048)) {
    throw new UserError(IMAGE_CHECKS.memory(field));
  }
  return megabytes * 1024 * 1024;
}
