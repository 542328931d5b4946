// What a run leaves: screenshot, text screen, hash, statistics.
import { closeSync, writeSync } from "node:fs";
import { openOutput, writeOutput } from "./console.mjs";
import { encodePng } from "./png.mjs";

/**
 * @param {import('./run.mjs').Run} run
 * @param {WebAssembly.Memory} memory
 * @param {import('./arguments.mjs').RunOptions} options
 */
export function report(run, memory, options) {
  const { pc } = run;
  if (options.screenshot !== null) screenshot(pc, memory, options.screenshot);
  if (options.save !== null) {
    writeOutput(options.save, pc.save());
  }
  if (options.screenText) {
    const screen = pc.textScreen();
    process.stdout.write(screen === null ? "(graphics mode)\n" : `${trimmed(screen.rows)}\n`);
  }
  if (options.stateHash) process.stdout.write(`${pc.stateHash()}\n`);
  if (options.stats) {
    const instructions = Number(pc.instructions);
    const stats = {
      instructions,
      virtual_ns: Number(pc.time),
      host_ms: Math.round(run.hostMs),
      mips: Number((instructions / 1000 / Math.max(run.hostMs, 0.001)).toFixed(2)),
      wasm_memory: memory.buffer.byteLength,
    };
    process.stdout.write(`${JSON.stringify(stats)}\n`);
  }
}

/** @param {readonly string[]} rows */
function trimmed(rows) {
  return rows
    .map((row) => row.trimEnd())
    .join("\n")
    .trimEnd();
}

/**
 * @param {import('./run.mjs').Run['pc']} pc
 * @param {WebAssembly.Memory} memory
 * @param {string} file
 */
function screenshot(pc, memory, file) {
  pc.render();
  const rgba = new Uint8Array(memory.buffer, pc.framePointer, pc.frameLength);
  const descriptor = openOutput(file);
  writeSync(descriptor, encodePng(pc.frameWidth, pc.frameHeight, rgba));
  closeSync(descriptor);
}
