// Where test suites are: files, folders, archives.
import { createReadStream, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { Decompress } from "fzstd";
import { UserError } from "../../src/host/user_error.mjs";

/** Bytes of a test file, at most: V8's texts are not longer. */
const MOST_BYTES = 512 * 1024 * 1024;
/** Folders in folders, at most. */
const MOST_DEPTH = 64;
const BLOCK = 512;

/** @typedef {{name: string, text?: string, error?: string}} Source a test file, or why it can't be read */

/** @param {unknown} error */
const reason = (error) => (error instanceof Error ? error.message : String(error));

/**
 * The test files under a path, in the order of names.
 * @param {string} path
 * @returns {AsyncGenerator<Source>}
 */
export async function* sources(path) {
  let stat;
  try {
    stat = statSync(path);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new UserError(`${path}: ${code === "ENOENT" ? "does not exist" : `cannot be read (${code})`}`);
  }
  if (stat.isDirectory()) yield* folder(path, MOST_DEPTH);
  else if (/\.(tar\.zst|tar\.gz|tgz|tar)$/i.test(path)) yield* archive(path);
  else yield file(path);
}

/**
 * @param {string} path
 * @returns {Source}
 */
function file(path) {
  try {
    return { name: path, text: readFileSync(path, "utf8") };
  } catch (error) {
    return { name: path, error: reason(error) };
  }
}

/**
 * Files that end in `.json`, but for hidden ones: suites keep their index in `.meta`.
 * @param {string} path
 * @param {number} depth
 * @returns {AsyncGenerator<Source>}
 */
async function* folder(path, depth) {
  if (depth === 0) {
    yield { name: path, error: `folders are nested more than ${MOST_DEPTH} deep` };
    return;
  }
  let entries;
  try {
    entries = readdirSync(path).sort();
  } catch (error) {
    yield { name: path, error: reason(error) };
    return;
  }
  for (const entry of entries) {
    if (entry.startsWith(".")) continue;
    const inner = join(path, entry);
    const stat = statSync(inner, { throwIfNoEntry: false });
    if (stat?.isDirectory()) yield* folder(inner, depth - 1);
    else if (entry.endsWith(".json")) yield file(inner);
  }
}

/**
 * The bytes of an archive, decompressed piece by piece.
 * @param {string} path
 * @returns {AsyncGenerator<Uint8Array>}
 */
async function* decompressed(path) {
  const stream = createReadStream(path, { highWaterMark: 1 << 18 });
  if (/\.(tar\.gz|tgz)$/i.test(path)) {
    yield* stream.pipe(createGunzip());
  } else if (path.toLowerCase().endsWith(".zst")) {
    /** @type {Uint8Array[]} */
    let pieces = [];
    const zstd = new Decompress((piece) => pieces.push(piece));
    for await (const chunk of stream) {
      zstd.push(chunk);
      yield* pieces;
      pieces = [];
    }
    zstd.push(new Uint8Array(), true);
    yield* pieces;
  } else yield* stream;
}

/** Takes exact numbers of bytes from pieces of any length. */
class Bytes {
  /** @param {AsyncGenerator<Uint8Array>} pieces */
  constructor(pieces) {
    this.pieces = pieces;
    /** @type {Uint8Array} */
    this.rest = new Uint8Array();
  }

  /**
   * The next `count` bytes, or fewer where there are no more.
   * @param {number} count
   */
  async take(count) {
    const parts = [];
    let missing = count;
    while (missing > 0) {
      if (this.rest.length === 0) {
        const { value, done } = await this.pieces.next();
        if (done) break;
        this.rest = value;
      }
      const part = this.rest.subarray(0, missing);
      parts.push(part);
      missing -= part.length;
      this.rest = this.rest.subarray(part.length);
    }
    return Buffer.concat(parts);
  }
}

/**
 * The field of a tar header.
 * @param {Buffer} header
 * @param {number} at
 * @param {number} length
 */
function field(header, at, length) {
  const bytes = header.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? length : end).toString("utf8");
}

/**
 * The test files of a tar archive (POSIX ustar, with GNU's and pax's long names).
 * @param {string} path
 * @returns {AsyncGenerator<Source>}
 */
async function* archive(path) {
  const bytes = new Bytes(decompressed(path));
  let longName;
  try {
    for (;;) {
      const header = await bytes.take(BLOCK);
      if (header.length === 0 || header.every((byte) => byte === 0)) return;
      const size = Number.parseInt(field(header, 124, 12).trim() || "0", 8);
      if (header.length < BLOCK || !(size >= 0 && size <= MOST_BYTES)) {
        throw new Error("is no tar archive, or is cut off");
      }
      const content = await bytes.take(size);
      await bytes.take((BLOCK - (size % BLOCK)) % BLOCK);
      if (content.length < size) throw new Error("is cut off");
      const type = field(header, 156, 1);
      if (type === "L") longName = field(content, 0, content.length);
      else if (type === "x") longName = /^\d+ path=(.*)$/m.exec(content.toString("utf8"))?.[1];
      else if (type !== "g") {
        const prefix = field(header, 257, 5) === "ustar" ? field(header, 345, 155) : "";
        const name = longName ?? (prefix ? `${prefix}/` : "") + field(header, 0, 100);
        longName = undefined;
        if ((type === "0" || type === "") && isTest(name)) {
          yield { name: `${path}:${name}`, text: content.toString("utf8") };
        }
      }
    }
  } catch (error) {
    yield { name: path, error: reason(error) };
  }
}

/** @param {string} name */
function isTest(name) {
  const hidden = name.split("/").some((part) => part.startsWith(".") && part !== "." && part !== "..");
  return !hidden && name.endsWith(".json");
}
