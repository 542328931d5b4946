// Runs www/bin/glassbox.mjs for the tests.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after } from "node:test";

export const ROOT = resolve(import.meta.dirname, "../..");
const BIN = resolve(ROOT, "www/bin/glassbox.mjs");

/**
 * Runs the terminal emulator.
 * @param {string[]} args words after `glassbox`
 * @param {{dialog?: [after: string, say: string][], env?: Record<string, string>, timeout?: number}} [options]
 *   each `say` goes to stdin once stdout showed its `after` behind the one before; timeout in ms
 * @returns {Promise<{code: number | null, out: string, err: string}>}
 */
export function glassbox(args, { dialog = [], env = {}, timeout = 120_000 } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...env }, timeout });
    let [out, err] = ["", ""];
    let [turn, heard] = [0, 0];
    const speak = () => {
      for (; turn < dialog.length; turn++) {
        const [after, say] = dialog[turn];
        const at = out.indexOf(after, heard);
        if (at < 0) return;
        heard = at + after.length;
        child.stdin.write(say);
      }
      if (!child.stdin.writableEnded) child.stdin.end();
    };
    child.stdout.on("data", (data) => {
      out += data;
      speak();
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.on("error", fail);
    child.on("close", (code) => done({ code, out, err }));
    child.stdin.on("error", () => {}); // a run that was refused reads nothing
    speak();
  });
}

const GUESTS = join(ROOT, ".cache/guests");

/** The guests that set-up made. */
export const manifest = JSON.parse(readFileSync(join(GUESTS, "manifest.json"), "utf8"));

/** A guest by name, or undefined when set-up could not make it. */
export const guestNamed = (name) => manifest.find((guest) => guest.name === name);

/** The whole path of a guest's file. */
export const guestFile = (name) => join(GUESTS, name);

/**
 * The command line of a guest.
 * @param {string} [append] instead of its own kernel command line
 */
export function commandLine({ files, memoryMb }, append = files.append) {
  const { append: _, ...images } = files;
  const args = ["run", "--memory", String(memoryMb)];
  for (const [role, name] of Object.entries(images)) args.push(`--${role}`, guestFile(name));
  return append ? [...args, "--append", append] : args;
}

/**
 * A folder for a test file's own files, gone after its tests.
 * @returns {{folder: string, file: (name: string, content: string | Uint8Array) => string}} `file` writes one, in folders
 *   that it makes, and gives its path
 */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "glassbox-"));
  after(() => rmSync(folder, { recursive: true }));
  const file = (name, content) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  return { folder, file };
}
