// A thread that runs test files for `glassbox evm statetest`.
import { parentPort, workerData } from "node:worker_threads";
import { loadEvmTools, loadPrecompiles } from "./evm_engine.mjs";

/** @typedef {{name: string, text: string}} Job */
/** @typedef {{name: string, index: string, fork: string, pass: boolean, error?: string, text?: string}} Case */
/** @typedef {{name: string, passed: number, failed: number, cases: Case[], error?: string, broken?: boolean}} Done */

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const { fork, filter, asBlocks, all } =
  /** @type {{fork?: string, filter?: string, asBlocks: boolean, all: boolean}} */ (workerData);
const engine = await loadEvmTools();
await loadPrecompiles(engine);

/**
 * @param {Job} job
 * @returns {Done}
 */
function run({ name, text }) {
  try {
    const json = engine.runTests(text, fork, filter, asBlocks, all);
    return { name, ...JSON.parse(/** @type {string} */ (json)) };
  } catch (error) {
    const broken = error instanceof WebAssembly.RuntimeError;
    const message = broken ? `the engine broke: ${engine.lastPanic() ?? error.message}` : String(error);
    return { name, passed: 0, failed: 1, cases: [], error: message.replace(/^Error: /, ""), broken };
  }
}

port.on("message", (/** @type {Job} */ job) => port.postMessage(run(job)));
port.postMessage("ready");
