// Files and addresses that a run names.
import { createHash } from "node:crypto";
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { checkImage, HEAD_BYTES } from "../../src/host/images.mjs";
import { RangeReader } from "../../src/host/range_reader.mjs";
import { UserError } from "../../src/host/user_error.mjs";

const ROOT = resolve(import.meta.dirname, "../../..");
/** Kernels, RAM disks and ROMs are read whole. */
const LARGEST_WHOLE = 1024 * 1024 * 1024;

/** Where set-up leaves `bios.bin` and `vgabios.bin`. */
const FIRMWARE_MADE = join(ROOT, ".cache/firmware");
/** Where distributions put SeaBIOS, and under which names. */
const FIRMWARE_FOLDERS = ["/usr/share/seabios", "/usr/share/qemu", "/opt/homebrew/share/qemu", "/usr/local/share/qemu"];
const FIRMWARE_NAMES = {
  bios: ["bios-256k.bin", "bios.bin"],
  // A distribution's plain vgabios.bin is for other adapters: that name is only looked for where set-up makes it.
  vgabios: ["vgabios-stdvga.bin"],
};

/**
 * @param {unknown} error
 * @param {string} file
 */
function fileError(error, file) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === "ENOENT") return new UserError(`${file}: does not exist; check the name`);
  if (code === "EACCES") return new UserError(`${file}: may not be read; check its permissions`);
  if (code === "EISDIR") return new UserError(`${file}: is a folder; give a file`);
  return new UserError(`${file}: cannot be read (${code ?? error})`);
}

/**
 * Reads a file whole.
 * @param {string} file
 */
export function readWhole(file) {
  try {
    const stat = statSync(file);
    if (stat.size > LARGEST_WHOLE) throw new UserError(`${file}: ${stat.size} bytes are too many; give the right file`);
    const bytes = readFileSync(file);
    if (bytes.length === 0) throw new UserError(`${file}: the file is empty; give the right file`);
    return new Uint8Array(bytes);
  } catch (error) {
    throw error instanceof UserError ? error : fileError(error, file);
  }
}

/**
 * The BIOS that was named, or the one of this system.
 * @param {keyof typeof FIRMWARE_NAMES} kind
 * @param {string | null} named
 */
export function readFirmware(kind, named) {
  if (named !== null) return readWhole(named);
  const places = FIRMWARE_FOLDERS.flatMap((folder) => FIRMWARE_NAMES[kind].map((name) => join(folder, name)));
  const found = [join(FIRMWARE_MADE, `${kind}.bin`), ...places].find((place) => existsSync(place));
  if (!found) {
    throw new UserError(`--${kind}: no SeaBIOS found; run node www/scripts/firmware.mjs, or name a file`);
  }
  return readWhole(found);
}

/**
 * Whether an image is named by an http(s) address.
 * @param {string} name
 */
export function isAddress(name) {
  return /^https?:\/\//i.test(name);
}

/**
 * SHA-256 of a file.
 * @param {string} file
 */
export function hashOf(file) {
  const descriptor = openFile(file);
  const hash = createHash("sha256");
  const piece = new Uint8Array(1024 * 1024);
  for (let count = readSync(descriptor, piece); count > 0; count = readSync(descriptor, piece)) {
    hash.update(piece.subarray(0, count));
  }
  closeSync(descriptor);
  return new Uint8Array(hash.digest());
}

/**
 * An image that is ready to go into a drive.
 * @typedef {{kind: 'local', size: number, read: (offset: number, length: number) => Uint8Array}
 *   | {kind: 'remote', size: number, reader: RangeReader}} OpenImage
 */

/**
 * Opens an image without reading it whole.
 * @param {import('../../src/host/images.mjs').Drive} drive
 * @param {string} name file or http(s) address
 * @returns {Promise<OpenImage>}
 */
export async function openImage(drive, name) {
  if (isAddress(name)) {
    const reader = await RangeReader.open(name);
    const head = await reader.read(0, Math.min(HEAD_BYTES, reader.size));
    const size = checkImage(drive, name, reader.size, head);
    if (size !== reader.size) throw new UserError(`${name}: is shorter than a floppy; download it and name the file`);
    return { kind: "remote", size, reader };
  }
  return openLocal(drive, name);
}

/**
 * @param {import('../../src/host/images.mjs').Drive} drive
 * @param {string} file
 * @returns {OpenImage}
 */
function openLocal(drive, file) {
  const descriptor = openFile(file);
  const stat = fstatSync(descriptor);
  if (stat.isDirectory()) {
    closeSync(descriptor);
    throw new UserError(`${file}: is a folder; give a file`);
  }
  /** @type {(offset: number, length: number) => Uint8Array} */
  const read = (offset, length) => {
    const bytes = new Uint8Array(length);
    // Bytes of a floppy that was filled up to its full size stay zero.
    const inside = Math.max(Math.min(length, stat.size - offset), 0);
    let done = 0;
    while (done < inside) {
      const count = readSync(descriptor, bytes, done, inside - done, offset + done);
      if (count === 0) throw new UserError(`${file}: became shorter while the machine ran`);
      done += count;
    }
    return bytes;
  };
  const size = checkImage(drive, basename(file), stat.size, read(0, Math.min(HEAD_BYTES, stat.size)));
  return { kind: "local", size, read };
}

/** @param {string} file */
function openFile(file) {
  try {
    return openSync(file, "r");
  } catch (error) {
    throw fileError(error, file);
  }
}
