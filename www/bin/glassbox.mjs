#!/usr/bin/env node
// The PC and the EVM in a terminal: the page's engines under Node.
import { HELP, parseArguments } from "./terminal/arguments.mjs";
import { compare } from "./terminal/compare.mjs";
import { Console, writeOutput } from "./terminal/console.mjs";
import { loadEngine } from "./terminal/engine.mjs";
import { evm } from "./terminal/evm.mjs";
import { readWhole } from "./terminal/files.mjs";
import { GdbServer } from "./terminal/gdb/server.mjs";
import { powerOn } from "./terminal/machine.mjs";
import { Replay, readRecording } from "./terminal/replay.mjs";
import { report } from "./terminal/report.mjs";
import { Run } from "./terminal/run.mjs";

/** Memory for moments to go back to: gdb goes back, a recording needs none. */
const HISTORY_BYTES = 256 * 1024 * 1024;
const RECORDING_BYTES = 1024 * 1024;

/**
 * Everything that fails before the guest runs is the user's to mend: one line, exit code 2.
 * @param {unknown} error
 */
function refuse(error) {
  console.error(`glassbox: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}

/** @param {import('./terminal/arguments.mjs').RunOptions} options */
async function runMachine(options) {
  const { engine, memory } = await loadEngine();
  const machine = await powerOn(engine, options);
  const terminal = new Console(options.serial);
  const run = new Run(engine, machine, options, terminal);
  if (options.record !== null) beginRecording(machine.pc, terminal);
  if (options.gdb) {
    machine.pc.record(HISTORY_BYTES);
    run.gdb = new GdbServer(engine, machine.pc);
    console.error(`glassbox: waiting for gdb at ${await run.gdb.listen(options.gdb)}`);
  }
  terminal.open();
  try {
    const { code, message } = await run.toEnd();
    run.gdb?.close(code);
    terminal.close();
    if (options.record !== null) writeOutput(options.record, machine.pc.recording());
    if (message) console.error(`glassbox: ${message}`);
    process.exitCode = code;
    report(run, memory, options);
  } finally {
    terminal.close();
  }
}

/**
 * Ctrl-C and SIGTERM end the run, not the program: what was recorded is written.
 * @param {InstanceType<import('./terminal/engine.mjs').Engine['Pc']>} pc
 * @param {Console} terminal
 */
function beginRecording(pc, terminal) {
  pc.record(RECORDING_BYTES);
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      terminal.left = true;
    });
  }
}

/** @param {import('./terminal/arguments.mjs').RunOptions & {replay: string}} options */
async function replayRecording(options) {
  const { engine, memory } = await loadEngine();
  const bytes = readWhole(options.replay);
  const info = readRecording(engine, bytes, options.replay);
  const machine = await powerOn(engine, options, info.rtc);
  const terminal = new Console(options.serial);
  const run = new Run(engine, machine, options, terminal);
  const replay = new Replay(engine, machine, { bytes, info, file: options.replay }, options, run);
  const { code, message } = await replay.toEnd();
  terminal.close();
  if (message) console.error(`glassbox: ${message}`);
  process.exitCode = code;
  report(run, memory, options);
}

process.stdout.on("error", (error) => {
  // The reader of a pipe went away: there is nobody left to write for.
  if (/** @type {NodeJS.ErrnoException} */ (error).code === "EPIPE") process.exit(process.exitCode ?? 0);
});

try {
  const [command, ...rest] = process.argv.slice(2);
  if (command === "evm") process.exitCode = await evm(rest);
  else if (command === "compare") process.exitCode = await compare(rest);
  else {
    const options = parseArguments(process.argv.slice(2));
    if (options === "help") process.stdout.write(HELP);
    else if (options.replay !== null) await replayRecording({ ...options, replay: options.replay });
    else await runMachine(options);
  }
} catch (error) {
  if (error instanceof WebAssembly.RuntimeError) {
    console.error(`glassbox: the engine broke: ${error.message}`);
    process.exitCode = 1;
  } else refuse(error);
}
