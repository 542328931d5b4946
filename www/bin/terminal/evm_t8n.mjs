// `glassbox evm t8n`.
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../src/host/user_error.mjs";
import { loadEvmTools, loadPrecompiles, withPrecompiles } from "./evm_engine.mjs";
import { readText, writeResult } from "./evm_files.mjs";
import { parseFlags } from "./evm_flags.mjs";

export const HELP = `glassbox evm t8n: makes the state after transactions, as geth's evm t8n does

  glassbox evm t8n [FLAG...]

Input: a file each, or stdin, which has one object with the keys alloc, env, txs, blobParams
  --input.alloc FILE   accounts by address (alloc.json)
  --input.env FILE     currentCoinbase, currentGasLimit, currentNumber, currentTimestamp, and what the fork needs:
                       currentDifficulty, currentRandom, currentBaseFee, currentExcessBlobGas or their parents' values,
                       withdrawals, parentBeaconBlockRoot, blockHashes, ommers (env.json)
  --input.txs FILE     an array of transactions, signed or with secretKey, or their RLP list as text in hexadecimal
                       (txs.json)
  --input.blobParams FILE  target, max and baseFeeUpdateFraction instead of the fork's (none)

Rules
  --state.fork NAME    a fork, or a network such as BerlinToLondonAt5 (the main network's today)
  --state.chainid N    the chain's id (1)
  --state.reward N     wei for the beneficiary (0); -1: nobody is paid, nothing touched
  --chain FILE         a chain file, or mainnet, sepolia, hoodi, op-like, instead of --state.fork

Output: a file each, in --output.basedir; or stdout or stderr, which get one object with the keys
  --output.basedir DIR   where files go, made if missing (.)
  --output.alloc FILE    the accounts afterwards (alloc.json)
  --output.result FILE   roots, receipts, gas, and the transactions that were rejected (result.json)
  --output.body FILE     RLP list of the transactions that were executed (not written)
  --trace                a file of EIP-3155 lines for each transaction that was executed, in --output.basedir:
                         trace-N-HASH.jsonl, N counting from 0
  --trace.memory         with the memory; --trace.returndata: with the data that the last callee returned

A name that is empty (--output.alloc '') writes nothing. Exit code: 0 done, also if transactions were rejected; 2 bad
arguments or files.

Examples
  glassbox evm t8n --state.fork Cancun --input.alloc a.json --input.env e.json --input.txs t.json --output.result stdout
  glassbox evm t8n --input.alloc stdin --input.env stdin --input.txs stdin --output.alloc stdout < all.json
`;

const INPUTS = ["alloc", "env", "txs"];
const BLOBS = "blobParams";
const TRACE_PARTS = ["--trace.memory", "--trace.returndata"];
const OUTPUTS = { alloc: "alloc.json", result: "result.json", body: "" };

/**
 * The texts of the inputs.
 * @param {import('./evm_engine.mjs').EvmTools} engine
 * @param {Map<string, string>} values
 * @returns {{texts: Record<string, string>, files: Record<string, string>}}
 */
function readInputs(engine, values) {
  /** @type {string | undefined} */
  let stdin;
  /** @type {Record<string, string>} */
  const texts = {};
  /** @type {Record<string, string>} */
  const files = {};
  for (const name of [...INPUTS, BLOBS]) {
    const file = values.get(`--input.${name}`) ?? (name === BLOBS ? undefined : `${name}.json`);
    if (file === undefined) continue;
    files[name] = file;
    if (file !== "stdin") {
      texts[name] = readText(file);
      continue;
    }
    stdin ??= readText("-");
    let text;
    try {
      text = engine.memberOf(stdin, name);
    } catch (error) {
      throw new UserError(`stdin: ${error instanceof Error ? error.message : error}`);
    }
    if (text === undefined) throw new UserError(`stdin: the key "${name}" is missing; add it`);
    texts[name] = text;
  }
  return { texts, files };
}

/** @param {string | undefined} text */
function chainId(text) {
  if (text === undefined) return undefined;
  const id = /^(\d{1,20}|0x[0-9a-f]{1,16})$/i.test(text) ? BigInt(text) : -1n;
  if (id < 0n || id >> 64n !== 0n) throw new UserError(`--state.chainid: ${text} is no whole number below 2^64`);
  return id;
}

/** @param {string | undefined} text */
function reward(text) {
  if (text === "-1") return undefined;
  const wei = /^(\d{1,78}|0x[0-9a-f]{1,64})$/i.test(text ?? "0") ? BigInt(text ?? "0") : -1n;
  if (wei < 0n || wei >> 256n !== 0n) throw new UserError(`--state.reward: ${text} is no number of wei, nor -1`);
  return wei.toString();
}

/** @param {Map<string, string>} values */
const baseFolder = (values) => values.get("--output.basedir") ?? ".";

/** @param {string} folder */
function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(
      `--output.basedir: ${folder} cannot be made (${/** @type {NodeJS.ErrnoException} */ (error).code})`,
    );
  }
}

/**
 * Writes traces to files, one for each transaction; what was there before goes.
 * @param {string} folder
 */
function traceFiles(folder) {
  makeFolder(folder);
  let last = "";
  return {
    /**
     * @param {number} index
     * @param {string} hash
     * @param {string} lines
     */
    write(index, hash, lines) {
      const file = join(folder, `trace-${index}-${hash}.jsonl`);
      try {
        if (file === last) appendFileSync(file, lines);
        else writeFileSync(file, lines);
      } catch (error) {
        throw new UserError(`${file}: cannot be written (${/** @type {NodeJS.ErrnoException} */ (error).code})`);
      }
      last = file;
    },
  };
}

/**
 * @param {Record<string, unknown>} outputs
 * @param {Map<string, string>} values
 */
async function writeOutputs(outputs, values) {
  const folder = baseFolder(values);
  /** @type {{stdout: Record<string, unknown>, stderr: Record<string, unknown>}} */
  const streams = { stdout: {}, stderr: {} };
  for (const [name, usual] of Object.entries(OUTPUTS)) {
    const file = values.get(`--output.${name}`) ?? usual;
    if (file === "stdout" || file === "stderr") streams[file][name] = outputs[name];
    else if (file !== "") {
      makeFolder(folder);
      await writeResult(join(folder, file), `${JSON.stringify(outputs[name], null, 2)}\n`);
    }
  }
  const shown = (/** @type {object} */ object) => `${JSON.stringify(object, null, 2)}\n`;
  if (Object.keys(streams.stdout).length > 0) await writeResult(undefined, shown(streams.stdout));
  if (Object.keys(streams.stderr).length > 0) process.stderr.write(shown(streams.stderr));
}

/** @param {readonly string[]} words */
export async function main(words) {
  const { values, alone } = parseFlags(words, {
    values: [
      ...[...INPUTS, BLOBS].map((name) => `--input.${name}`),
      ...Object.keys(OUTPUTS).map((name) => `--output.${name}`),
      ...["--output.basedir", "--state.fork", "--state.chainid", "--state.reward", "--chain"],
    ],
    alone: ["--trace", ...TRACE_PARTS],
    most: 0,
    command: "glassbox evm t8n",
  });
  const id = chainId(values.get("--state.chainid"));
  const wei = reward(values.get("--state.reward"));
  const fork = values.get("--state.fork");
  const chain = values.get("--chain");
  if (fork !== undefined && chain !== undefined) throw new UserError("--chain: leave --state.fork away, or this");
  const part = TRACE_PARTS.find((flag) => alone.has(flag));
  if (part !== undefined && !alone.has("--trace")) throw new UserError(`${part}: only with --trace`);
  const engine = await loadEvmTools();
  const chainText = chain === undefined || engine.presets().includes(chain) ? chain : readText(chain);
  const { texts, files } = readInputs(engine, values);
  const { alloc = "", env = "", txs = "", blobParams } = texts;
  const traces = alone.has("--trace") ? traceFiles(baseFolder(values)) : undefined;
  // Lines that were written can't be taken back when the cryptography turns out to be missing.
  if (traces) await loadPrecompiles(engine);
  const [memory, returned] = TRACE_PARTS.map((flag) => alone.has(flag));
  const make = () =>
    engine.transition(
      fork,
      chainText,
      id,
      wei,
      alloc,
      env,
      txs,
      blobParams,
      traces,
      memory === true,
      returned === true,
    );
  let json;
  try {
    json = await withPrecompiles(engine, make);
  } catch (error) {
    throw told(error, { ...files, chain });
  }
  await writeOutputs(JSON.parse(json), values);
  return 0;
}

/**
 * An error with the file instead of the input's name.
 * @param {unknown} error
 * @param {Record<string, string | undefined>} files
 */
function told(error, files) {
  if (!(error instanceof Error) || error instanceof UserError || error instanceof WebAssembly.RuntimeError)
    return error;
  const name = Object.keys(files).find((each) => error.message.startsWith(`${each}: `));
  if (name === undefined) return new UserError(`--state.fork: ${error.message}`);
  const flag = name === "chain" ? "--chain" : `--input.${name}`;
  return new UserError(`${flag} ${files[name]}${error.message.slice(name.length)}`);
}
