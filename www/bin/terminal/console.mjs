// COM1 and the user: stdin, stdout or a file.
import { closeSync, openSync, writeSync } from "node:fs";
import { UserError } from "../../src/host/user_error.mjs";

const LEAVE = 0x1d; // Ctrl-]

/** Where COM1 goes, and where its input comes from. */
export class Console {
  /** @param {string} serial the value of --serial */
  constructor(serial) {
    this.kind = serial === "stdio" || serial === "null" ? serial : "file";
    this.left = false;
    this.closed = false;
    /** @type {Buffer[]} */
    this.typed = [];
    this.file = this.kind === "file" ? openOutput(serial) : -1;
    this.interactive = this.kind === "stdio" && Boolean(process.stdin.isTTY);
  }

  /** Starts listening to the user. */
  open() {
    if (this.kind !== "stdio") return;
    if (this.interactive) process.stdin.setRawMode(true);
    process.stdin.on("data", (data) => this.receive(Buffer.from(data)));
    process.stdin.on("error", () => {}); // a closed stdin is no input
    process.stdin.resume();
  }

  /** @param {Buffer} bytes */
  receive(bytes) {
    const end = this.interactive ? bytes.indexOf(LEAVE) : -1;
    if (end >= 0) this.left = true;
    this.typed.push(end >= 0 ? bytes.subarray(0, end) : bytes);
  }

  /** What the user typed since the last call. */
  take() {
    const bytes = Buffer.concat(this.typed);
    this.typed = [];
    return bytes;
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    if (this.kind === "stdio") process.stdout.write(bytes);
    else if (this.kind === "file") writeSync(this.file, bytes);
  }

  /** Gives the terminal back. */
  close() {
    if (this.closed) return;
    this.closed = true;
    if (this.interactive) process.stdin.setRawMode(false);
    if (this.kind === "stdio") {
      process.stdin.removeAllListeners("data");
      process.stdin.pause();
      process.stdin.unref?.();
    }
    if (this.kind === "file") closeSync(this.file);
  }
}

/**
 * Opens a file for output, empty.
 * @param {string} file
 */
export function openOutput(file) {
  try {
    return openSync(file, "w");
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new UserError(`${file}: cannot be written (${code}); check the folder and its permissions`);
  }
}

/**
 * Writes a file whole.
 * @param {string} file
 * @param {Uint8Array} bytes
 */
export function writeOutput(file, bytes) {
  const descriptor = openOutput(file);
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
  closeSync(descriptor);
}
