// Texts and byte code that the `glassbox evm` subcommands read and write.
import { readFileSync, writeFileSync, writeSync } from "node:fs";
import { UserError } from "../../src/host/user_error.mjs";
import { readWhole } from "./files.mjs";

/** Texts and code are far smaller. */
const LARGEST = 64 * 1024 * 1024;

/**
 * The bytes of a file, or of stdin for `-`.
 * @param {string} file
 */
export function readInput(file) {
  const bytes = file === "-" ? new Uint8Array(readFileSync(0)) : readWhole(file);
  if (bytes.length > LARGEST) throw new UserError(`${file}: ${bytes.length} bytes are too many; give the right file`);
  return bytes;
}

/**
 * A text in UTF-8.
 * @param {string} file
 */
export function readText(file) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readInput(file));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file}: is not text in UTF-8; give the right file`);
  }
}

/**
 * The bytes that hexadecimal digits are, with or without 0x; white space does not count.
 * @param {string} text
 * @param {string} name of the flag or file, for the message
 */
export function parseHex(text, name) {
  const digits = text.replace(/\s+/g, "").replace(/^0x/i, "");
  const wrong = /[^0-9a-f]/i.exec(digits);
  if (wrong) throw new UserError(`${name}: ${JSON.stringify(wrong[0])} at digit ${wrong.index + 1} is not hexadecimal`);
  if (digits.length % 2 !== 0) throw new UserError(`${name}: ${digits.length} digits; bytes have two digits each`);
  return new Uint8Array(Buffer.from(digits, "hex"));
}

/**
 * Byte code from a file as {@link readCode} has it, or, by the name's end, from a text for the assembler.
 * @param {string} file
 * @param {(text: string) => string} assemble gives the JSON of the assembler
 */
export function readProgram(file, assemble) {
  if (!/\.(easm|asm)$/i.test(file)) return readCode(file);
  /** @type {{code: string, errors?: {line: number, column: number, message: string}[]}} */
  const { code, errors } = JSON.parse(assemble(readText(file)));
  const first = errors?.[0];
  if (first) throw new UserError(`${file}:${first.line}:${first.column}: ${first.message}`);
  return new Uint8Array(Buffer.from(code, "hex"));
}

/**
 * Byte code from a file, or from stdin for `-`: hexadecimal text, or the bytes themselves.
 * @param {string} file
 */
export function readCode(file) {
  const bytes = readInput(file);
  const isText = bytes.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127));
  if (!isText) return bytes;
  return parseHex(Buffer.from(bytes).toString("latin1"), file);
}

/**
 * Writes a result to a file, or to stdout if none is named.
 * @param {string | undefined} file
 * @param {string | Uint8Array} result
 */
export async function writeResult(file, result) {
  if (file === undefined || file === "-") {
    await new Promise((done) => process.stdout.write(result, () => done(undefined)));
    return;
  }
  try {
    writeFileSync(file, result);
  } catch (error) {
    throw new UserError(`${file}: cannot be written (${/** @type {NodeJS.ErrnoException} */ (error).code})`);
  }
}

/**
 * Writes at once: nothing piles up while the EVM runs.
 * @param {string} text
 */
export function writeNow(text) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === "EPIPE") process.exit(0);
      if (code !== "EAGAIN") throw error;
    }
  }
}
