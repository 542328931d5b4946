// `glassbox evm run`.
import { UserError } from "../../src/host/user_error.mjs";
import { checkFork, loadEvmTools, loadPrecompiles, withPrecompiles } from "./evm_engine.mjs";
import { parseHex, readCode, readProgram, readText, writeNow, writeResult } from "./evm_files.mjs";
import { parseFlags } from "./evm_flags.mjs";

export const HELP = `glassbox evm run: runs code and shows what it does

  glassbox evm run [--code HEX | --codefile FILE] [FLAG...]

Code
  --code HEX          byte code
  --codefile FILE     hexadecimal digits, the bytes themselves, or text for the assembler (.easm, .asm); - is stdin
  --input HEX         data of the message
  --inputfile FILE    the same from a file, in digits or bytes
  --create            the code is init code: make a contract

Message
  --value N           wei (0); the sender has a million ether unless the prestate has it
  --gas N             gas (10000000000); nothing is added for a transaction, and no refund taken off
  --price N           wei a unit of gas (0); GASPRICE shows it, nobody pays it
  --sender ADDRESS    who sends ("sender")
  --receiver ADDRESS  where the code is ("receiver"); without --code the prestate's account, or a precompiled contract

Chain and state
  --fork NAME         the rules (the main network's today)
  --chain FILE        a chain file or genesis file, or mainnet, sepolia, hoodi, op-like; with all its forks
  --number N, --time N  of the block
  --prestate FILE     accounts as in a genesis file's alloc, or a genesis file, which also makes the block

Result
  --trace KIND        on stdout, and the result in words on stderr: eip3155 (a line for each instruction), struct
                      (geth's structLogs), call (callTracer, with logs), prestate (prestateTracer, diffMode)
  --json              the result as JSON: {"success", "halt", "gasUsed", "output", "logs", "error", "trace", "state"}
  --dump              the state afterwards, as geth's dump

Exit code: 0 it succeeded, 1 it failed or reverted, 2 bad arguments or files. Numbers are decimal, or hexadecimal with 0x.

Examples
  glassbox evm run --code 6001600201 --trace eip3155
  glassbox evm run --codefile loop.easm --gas 100000 --json
  glassbox evm run --prestate genesis.json --receiver 0x00000000000000000000000000000000000000aa --input 0xa9059cbb
  glassbox evm run --receiver 0x0000000000000000000000000000000000000002 --input 616263
`;

/** Flags that become numbers of the request, by their names there. */
const NUMBERS = {
  "--value": "value",
  "--gas": "gas",
  "--price": "gasPrice",
  "--number": "number",
  "--time": "timestamp",
};
const ADDRESSES = { "--sender": "sender", "--receiver": "receiver" };
const KINDS = ["eip3155", "struct", "call", "prestate"];

/**
 * A report, as the EVM gives it.
 * @typedef {object} Report
 * @property {boolean} success
 * @property {string} halt
 * @property {string} fork
 * @property {string} gasUsed digits: more than a number of JavaScript holds
 * @property {number} gasRefund
 * @property {string} output
 * @property {{address: string, topics: string[], data: string}[]} logs
 * @property {string} [error]
 * @property {string} [created]
 * @property {unknown} [trace]
 * @property {unknown} [state]
 */

/**
 * @param {string} text
 * @param {string} flag
 */
function checkNumber(text, flag) {
  const most = flag === "--value" || flag === "--price" ? 256n : 64n;
  const value = /^(\d{1,80}|0x[0-9a-f]{1,64})$/i.test(text) ? BigInt(text) : -1n;
  if (value < 0n || value >> most !== 0n) throw new UserError(`${flag}: ${text} is no whole number below 2^${most}`);
  return text.toLowerCase();
}

/**
 * The request without what has to be read with the engine.
 * @param {import('./evm_flags.mjs').Given} given
 */
function readRequest({ values, alone }) {
  /** @type {Record<string, unknown>} */
  const request = {};
  for (const [flag, name] of Object.entries(NUMBERS)) {
    const text = values.get(flag);
    if (text !== undefined) request[name] = checkNumber(text, flag);
  }
  for (const [flag, name] of Object.entries(ADDRESSES)) {
    const text = values.get(flag);
    if (text === undefined) continue;
    if (!/^(0x)?[0-9a-f]{40}$/i.test(text))
      throw new UserError(`${flag}: ${text} is no address: 40 hexadecimal digits`);
    request[name] = text;
  }
  const [input, inputFile] = [values.get("--input"), values.get("--inputfile")];
  if (input !== undefined && inputFile !== undefined) throw new UserError("--inputfile: leave --input away, or this");
  if (input !== undefined) request.input = toHex(parseHex(input, "--input"));
  if (inputFile !== undefined) request.input = toHex(readCode(inputFile));
  const prestate = values.get("--prestate");
  if (prestate !== undefined) request.prestate = readText(prestate);
  if (alone.has("--create")) request.create = true;
  const trace = values.get("--trace");
  if (trace !== undefined && !KINDS.includes(trace)) {
    throw new UserError(`--trace: ${trace} is unknown; use ${KINDS.join(", ")}`);
  }
  if (trace !== undefined) request.trace = trace;
  return request;
}

/** @param {Uint8Array} bytes */
function toHex(bytes) {
  return Buffer.from(bytes).toString("hex");
}

/**
 * @param {import('./evm_engine.mjs').EvmTools} engine
 * @param {import('./evm_flags.mjs').Given} given
 * @param {Record<string, unknown>} request
 */
function readCodeAndChain(engine, { values, words }, request) {
  const fork = checkFork(engine, values.get("--fork"));
  const chain = values.get("--chain");
  if (fork !== undefined && chain !== undefined) throw new UserError("--chain: leave --fork away, or this");
  if (fork !== undefined) request.fork = fork;
  if (chain !== undefined) request.chain = engine.presets().includes(chain) ? chain : readText(chain);
  const sources = [values.get("--code"), values.get("--codefile"), words[0]].filter((source) => source !== undefined);
  if (sources.length > 1) throw new UserError("evm run: give --code or --codefile, one of them");
  const code = values.get("--code");
  if (code !== undefined) request.code = toHex(parseHex(code, "--code"));
  const file = values.get("--codefile") ?? words[0];
  if (file !== undefined) request.code = toHex(readProgram(file, (text) => engine.assemble(text, fork)));
  else if (code === undefined && request.receiver === undefined) {
    throw new UserError("evm run: give --code HEX or --codefile FILE, or --receiver with what is in --prestate");
  }
}

/** Which flag a message of the EVM is about. */
const PARTS = { prestate: "--prestate", chain: "--chain", value: "--value", code: "--code", fork: "--fork" };

/**
 * @param {unknown} error
 * @param {Map<string, string>} values
 */
function told(error, values) {
  if (!(error instanceof Error) || error instanceof WebAssembly.RuntimeError) return error;
  const part = Object.keys(PARTS).find((name) => error.message.startsWith(`${name}: `));
  if (part === undefined) return error;
  const flag = PARTS[/** @type {keyof typeof PARTS} */ (part)];
  const file = part === "prestate" || part === "chain" ? ` ${values.get(flag) ?? ""}` : "";
  return new UserError(`${flag}${file}${error.message.slice(part.length)}`);
}

/** @param {Report} report */
function inWords(report) {
  const refund = report.gasRefund > 0 ? ` (a transaction would get up to ${report.gasRefund} back)` : "";
  const lines = [
    report.success ? `succeeded (${report.halt})` : `failed (${report.halt}): ${report.error}`,
    `gas used ${report.gasUsed}${refund}`,
    `output ${report.output}`,
  ];
  if (report.created !== undefined) lines.push(`created ${report.created}`);
  for (const { address, topics, data } of report.logs) lines.push(`log ${address} [${topics.join(", ")}] ${data}`);
  return `${lines.join("\n")}\n`;
}

/**
 * @param {Report} report
 * @param {string} json
 * @param {import('./evm_flags.mjs').Given} given
 */
async function show(report, json, { values, alone }) {
  if (alone.has("--json")) {
    await writeResult(undefined, `${json}\n`);
    return;
  }
  const trace = values.has("--trace");
  if (report.trace !== undefined) await writeResult(undefined, `${JSON.stringify(report.trace)}\n`);
  if (trace) process.stderr.write(inWords(report));
  else await writeResult(undefined, inWords(report));
  if (report.state !== undefined) await writeResult(undefined, `${JSON.stringify(report.state, null, 2)}\n`);
}

/** @param {readonly string[]} words */
export async function main(words) {
  const files = ["--codefile", "--inputfile", "--prestate", "--chain"];
  const given = parseFlags(words, {
    values: [...files, ...Object.keys(NUMBERS), ...Object.keys(ADDRESSES), "--code", "--input", "--fork", "--trace"],
    alone: ["--create", "--json", "--dump"],
    most: 1,
    command: "glassbox evm run",
  });
  const request = readRequest(given);
  const engine = await loadEvmTools();
  readCodeAndChain(engine, given, request);
  const lines = request.trace === "eip3155";
  // Lines that were written can't be taken back when the cryptography turns out to be missing.
  if (lines) await loadPrecompiles(engine);
  const sink = lines ? { write: writeNow } : undefined;
  const text = JSON.stringify(request);
  const withState = given.alone.has("--dump");
  let json;
  try {
    json = await withPrecompiles(engine, () => engine.runCode(text, withState, sink));
  } catch (error) {
    throw told(error, given.values);
  }
  /** @type {Report} */
  const report = { ...JSON.parse(json), gasUsed: /"gasUsed":(\d+)/.exec(json)?.[1] };
  await show(report, json, given);
  return report.success ? 0 : 1;
}
