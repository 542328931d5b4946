// `glassbox evm statetest`.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { UserError } from "../../src/host/user_error.mjs";
import { loadEvmTools, loadPrecompiles } from "./evm_engine.mjs";
import { writeNow } from "./evm_files.mjs";
import { parseFlags } from "./evm_flags.mjs";
import { sources } from "./evm_sources.mjs";

export const HELP = `glassbox evm statetest: runs Ethereum's test suites

  glassbox evm statetest [FLAG...] PATH...

  PATH           a test file, a folder of them, or a .tar.zst, .tar.gz or .tar archive
  --fork NAME    only cases of this fork or network, such as Cancun or BerlinToLondonAt5
  --filter TEXT  only cases whose name contains TEXT
  --json         every case as a line of JSON; the summary goes to stderr
  --as-blocks    every state test once more, its transaction as a block of its own
  --threads N    threads that run tests (all cores)
  --trace        what the transactions of one state test do, as EIP-3155 lines on stdout; the rest goes to stderr

State, block, transaction and VM tests; what kind a case is, its content tells. Every case that failed is one line, and
the last line is "N passed, N failed". Exit code: 0 all passed, 1 some failed, 2 bad arguments.

Examples
  glassbox evm statetest tests/GeneralStateTests/stCallCodes
  glassbox evm statetest --fork Cancun --filter blob state_tests.tar.zst
  glassbox evm statetest --trace --fork Osaka --filter 'chainId[fork_Osaka' chainId.json
`;

/** @typedef {import('./evm_statetest_worker.mjs').Done} Done */

/** Hands test files to threads, one each, and what became of them to `report`. */
class Pool {
  /**
   * @param {number} threads
   * @param {{fork: string | undefined, filter: string | undefined, asBlocks: boolean, all: boolean}} selection
   * @param {(done: Done) => void} report
   */
  constructor(threads, selection, report) {
    this.selection = selection;
    this.report = report;
    /** @type {Worker[]} */
    this.idle = [];
    /** @type {Set<Worker>} */
    this.workers = new Set();
    /** @type {(() => void)[]} */
    this.waiting = [];
    /** @type {unknown} */
    this.failure = undefined;
    for (let n = 0; n < threads; n++) this.start();
  }

  start() {
    const worker = new Worker(new URL("./evm_statetest_worker.mjs", import.meta.url), { workerData: this.selection });
    this.workers.add(worker);
    worker.on("message", (/** @type {"ready" | Done} */ message) => {
      if (message !== "ready") this.report(message);
      // A module that broke may break what comes next.
      if (message !== "ready" && message.broken) {
        this.workers.delete(worker);
        void worker.terminate();
        this.start();
      } else {
        this.idle.push(worker);
        this.wake();
      }
    });
    worker.on("error", (error) => {
      this.failure ??= error;
      this.wake();
    });
  }

  wake() {
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** @param {() => boolean} condition */
  async until(condition) {
    while (!condition() && this.failure === undefined) {
      await /** @type {Promise<void>} */ (new Promise((done) => this.waiting.push(done)));
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** @param {{name: string, text: string}} job */
  async run(job) {
    await this.until(() => this.idle.length > 0);
    this.idle.pop()?.postMessage(job);
  }

  async end() {
    try {
      await this.until(() => this.idle.length === this.workers.size);
    } finally {
      await Promise.all([...this.workers].map((worker) => worker.terminate()));
    }
  }
}

/** @param {string | undefined} text */
function threadCount(text) {
  if (text === undefined) return availableParallelism();
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 1024) throw new UserError(`--threads: give a number from 1 to 1024, not ${text}`);
  return count;
}

/**
 * Runs the one case that is selected, in sight.
 * @param {import('./evm_flags.mjs').Given} given
 */
async function trace({ values, alone, words }) {
  const other = ["--json", "--as-blocks"].find((flag) => alone.has(flag));
  if (other !== undefined) throw new UserError(`--trace: leave ${other} away`);
  const [fork, filter] = [values.get("--fork"), values.get("--filter")];
  const engine = await loadEvmTools();
  await loadPrecompiles(engine);
  /** @type {{text: string, name: string, fork: string}[]} */
  const selected = [];
  let [said, failed] = ["", false];
  for (const path of words) {
    for await (const { name, text, error } of sources(path)) {
      if (text === undefined) throw new UserError(`${name}: ${error ?? "cannot be read"}`);
      let json;
      try {
        json = engine.runTests(text, fork, filter, false, true);
      } catch (wrong) {
        throw new UserError(`${name}: ${wrong instanceof Error ? wrong.message : wrong}`);
      }
      /** @type {{cases: import('./evm_statetest_worker.mjs').Case[]}} */
      const { cases } = JSON.parse(/** @type {string} */ (json));
      for (const one of cases) {
        if (!selected.some((each) => each.name === one.name && each.fork === one.fork))
          selected.push({ text, name: one.name, fork: one.fork });
        failed ||= !one.pass;
        said += `${one.text ?? `${one.name}: passed`}\n`;
      }
    }
  }
  const [first, ...others] = selected;
  if (first === undefined) throw new UserError("--trace: no case is selected; look at --fork and --filter");
  if (others.length > 0) {
    const count = selected.length;
    throw new UserError(
      `--trace: ${count} cases are selected, such as ${first.name}; choose one by --fork and --filter`,
    );
  }
  const traced = engine.traceTests(first.text, fork, filter, { write: writeNow });
  if (traced === 0 && !failed)
    throw new UserError(`--trace: ${first.name} is no state test, or its transaction is refused`);
  process.stderr.write(said);
  return failed ? 1 : 0;
}

/** @param {readonly string[]} words */
export async function main(words) {
  const given = parseFlags(words, {
    values: ["--fork", "--filter", "--threads"],
    alone: ["--json", "--as-blocks", "--trace"],
    most: 1_000_000,
    command: "glassbox evm statetest",
  });
  if (given.words.length === 0) throw new UserError("evm statetest: give a PATH: a file, a folder or an archive");
  const threads = threadCount(given.values.get("--threads"));
  const json = given.alone.has("--json");
  if (given.alone.has("--trace")) return trace(given);
  await loadEvmTools(); // says what is missing before threads do
  let [passed, failed] = [0, 0];
  /** @param {Done} done */
  const report = (done) => {
    passed += done.passed;
    failed += done.failed;
    const lines = done.cases.map(({ text, ...rest }) =>
      json ? JSON.stringify({ file: done.name, ...rest }) : `${done.name}: ${text}`,
    );
    if (done.error !== undefined) {
      const { name, error } = done;
      lines.push(json ? JSON.stringify({ file: name, pass: false, error }) : `${name}: ${error}`);
    }
    if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
  };
  const selection = {
    fork: given.values.get("--fork"),
    filter: given.values.get("--filter"),
    asBlocks: given.alone.has("--as-blocks"),
    all: json,
  };
  const pool = new Pool(threads, selection, report);
  try {
    for (const path of given.words) {
      for await (const { name, text, error } of sources(path)) {
        if (text === undefined) report({ name, passed: 0, failed: 1, cases: [], error: error ?? "cannot be read" });
        else await pool.run({ name, text });
      }
    }
  } finally {
    await pool.end();
  }
  const summary = `${passed} passed, ${failed} failed\n`;
  if (json) process.stderr.write(summary);
  else process.stdout.write(summary);
  return failed === 0 ? 0 : 1;
}
