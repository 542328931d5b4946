// Every step of set-up, build and test says what it does and how long it took.
import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";

/** A failure whose message is all the user needs: it says what is missing and what supplies it. */
export class StepError extends Error {}

const started = performance.now();

const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

/**
 * Does one step, and prints its name, result and duration.
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} body may give a string to print beside the duration
 * @returns {Promise<T>}
 */
export async function step(name, body) {
  const from = performance.now();
  console.log(`\n▶ ${name}`);
  try {
    const result = await body();
    console.log(`✔ ${name}: ${typeof result === "string" ? `${result}, ` : ""}${seconds(from)}`);
    return result;
  } catch (error) {
    console.log(`✘ ${name}: failed after ${seconds(from)}`);
    throw error;
  }
}

/**
 * Runs a program with our own input and output; fails when it does.
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string>}} [options]
 * @returns {Promise<void>}
 */
export function run(program, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: "inherit" });
    child.on("error", (error) => {
      const missing = /** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT";
      reject(missing ? new StepError(`${program} is not installed`) : error);
    });
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(new StepError(`${program} ${args.slice(0, 3).join(" ")} … ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}

/** Runs a command's main function and turns failures into a line and an exit code. */
export async function main(body) {
  try {
    await body();
    console.log(`\nDone in ${seconds(started)}.`);
  } catch (error) {
    console.error(`\n${error instanceof StepError ? error.message : error.stack}`);
    process.exitCode = 1;
  }
}
