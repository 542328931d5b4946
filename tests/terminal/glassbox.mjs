// Runs www/bin/glassbox.mjs for the tests.
import { spawn } from "node:child_process";
import { resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");
const BIN = resolve(ROOT, "www/bin/glassbox.mjs");

/**
 * Runs the terminal emulator.
 * @param {string[]} args words after `glassbox`
 * @param {{input?: string, inputAfter?: string, env?: Record<string, string>, timeout?: number}} [options]
 *   `input` goes to stdin once stdout showed `inputAfter`; timeout in ms
 * @returns {Promise<{code: number | null, out: string, err: string}>}
 */
export function glassbox(args, { input = "", inputAfter = "", env = {}, timeout = 120_000 } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...env }, timeout });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += data;
      if (!child.stdin.writableEnded && out.includes(inputAfter)) child.stdin.end(input);
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.on("error", fail);
    child.on("close", (code) => done({ code, out, err }));
    child.stdin.on("error", () => {}); // a run that was refused reads nothing
    if (!inputAfter) child.stdin.end(input);
  });
}
