import type { Imported } from "../../protocol/evm/message";
import type { AccessListSpec, AccountSpec, EvmProject, EvmRequest, TransactionSpec } from "../../protocol/evm/request";
import { RUN } from "../../strings/worker/run";
import { readChain } from "./genesis";

/** A state test as the official suites write it, as far as it is read here. */
interface StateTest {
  readonly env: Readonly<Record<string, string>>;
  readonly pre: Readonly<Record<string, AccountSpec>>;
  readonly transaction: Readonly<Record<string, unknown>> & {
    readonly data: readonly string[];
    readonly gasLimit: readonly string[];
    readonly value: readonly string[];
    readonly accessLists?: readonly (readonly AccessListSpec[] | null)[];
  };
  readonly post: Readonly<Record<string, readonly { readonly indexes: Indexes }[]>>;
  readonly config?: { readonly chainid?: string };
}

interface Indexes {
  readonly data: number;
  readonly gas: number;
  readonly value: number;
}

/** Runs offered from one file, at most. */
const MOST_RUNS = 500;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isStateTest = (value: unknown): value is StateTest =>
  isObject(value) && ["env", "pre", "transaction", "post"].every((key) => isObject(value[key]));

const HEX = /^(0x)?([0-9a-fA-F]{2})*$/;

/** What a file holds: the runs of a state test, a prestate (geth's tracer, a genesis file, a dump), or raw code. */
export function readFile(name: string, text: string): readonly Imported[] {
  const plain = text.trim();
  if (HEX.test(plain.replaceAll(/\s/g, "")) && plain !== "") {
    const code = plain.replaceAll(/\s/g, "");
    return [{ name, project: project(name, { code }) }];
  }
  let value: unknown;
  try {
    value = JSON.parse(plain);
  } catch (error) {
    throw new Error(RUN.unknown(name, error instanceof Error ? error.message : String(error)));
  }
  if (!isObject(value)) throw new Error(RUN.unknownJson(name));
  if (isObject(value.request) && Array.isArray(value.sources)) return [{ name, project: ownProject(value) }];
  const cases = Object.entries(value).filter((entry): entry is [string, StateTest] => isStateTest(entry[1]));
  if (cases.length > 0) return cases.flatMap(([title, test]) => runsOf(title, test)).slice(0, MOST_RUNS);
  const chain = readChain(name, value);
  return [chain ?? { name, project: project(name, { prestate: prestateOf(value) }) }];
}

function project(title: string, request: EvmRequest): EvmProject {
  return { title, request, sources: [], abi: [] };
}

/** A project that this page wrote: what is not in it is left out. */
function ownProject(value: Record<string, unknown>): EvmProject {
  const { title, request, sources, abi } = value;
  return {
    title: typeof title === "string" ? title : "",
    request: request as EvmRequest,
    sources: sources as EvmProject["sources"],
    abi: Array.isArray(abi) ? abi.filter((one): one is string => typeof one === "string") : [],
  };
}

/** Geth's tracer answers have the accounts under `result`, and with its diff mode under `pre`. */
function prestateOf(value: Record<string, unknown>): string {
  const inner = isObject(value.result) ? value.result : value;
  const accounts = isObject(inner.pre) && isObject(inner.post) ? inner.pre : inner;
  return JSON.stringify(accounts);
}

function runsOf(title: string, test: StateTest): Imported[] {
  return Object.entries(test.post).flatMap(([fork, posts]) =>
    posts.map(({ indexes }, at) => {
      const name = posts.length > 1 ? `${title} [${fork} ${at}]` : `${title} [${fork}]`;
      return { name, project: project(name, requestOf(test, fork, indexes)) };
    }),
  );
}

const given = <T>(key: string, value: T | undefined | null): Record<string, T> =>
  value === undefined || value === null ? {} : { [key]: value };

function requestOf(test: StateTest, fork: string, at: Indexes): EvmRequest {
  const { env, transaction } = test;
  const { data, gasLimit, value, accessLists, sender, to, ...rest } = transaction;
  const block = {
    ...given("number", env.currentNumber),
    ...given("timestamp", env.currentTimestamp),
    ...given("coinbase", env.currentCoinbase),
    ...given("gasLimit", env.currentGasLimit),
    ...given("baseFee", env.currentBaseFee),
    ...given("difficulty", env.currentDifficulty),
    ...given("prevRandao", env.currentRandom),
    ...given("excessBlobGas", env.currentExcessBlobGas),
  };
  const one = {
    ...rest,
    ...given("from", sender),
    ...(typeof to === "string" && to !== "" ? { to } : {}),
    ...given("data", data[at.data]),
    ...given("gas", gasLimit[at.gas]),
    ...given("value", value[at.value]),
    ...given("accessList", accessLists?.[at.data]),
  } as TransactionSpec;
  const chainId = test.config?.chainid;
  return {
    fork,
    block,
    prestate: test.pre,
    transactions: [one],
    ...(chainId === undefined ? {} : { chainId: Number(chainId) }),
  };
}

/** What the engine tells of a transaction for files. */
export interface ExportParts {
  readonly pre: Record<string, unknown>;
  readonly post: Record<string, unknown>;
  readonly root: string;
  readonly logs: string;
  readonly transaction: Record<string, unknown>;
  readonly sender: string;
  readonly refused: string | null;
}

/** The official names of block fields that differ from ours. */
const hexOf = (value: unknown): string => {
  const text = String(value);
  return text.startsWith("0x") ? text : `0x${BigInt(text).toString(16)}`;
};

/** One transaction as a state test. */
export function writeStateTest(
  name: string,
  fork: string,
  chainId: number,
  block: Readonly<Record<string, string | number>>,
  parts: ExportParts,
): string {
  const {
    input,
    gas,
    value,
    accessList,
    hash: _,
    v: _v,
    r: _r,
    s: _s,
    yParity: _y,
    type: _t,
    ...rest
  } = parts.transaction;
  const transaction = {
    ...rest,
    to: rest.to ?? "",
    data: [input],
    gasLimit: [gas],
    value: [value],
    ...(accessList ? { accessLists: [accessList] } : {}),
    sender: parts.sender,
  };
  const env = {
    currentCoinbase: block.coinbase,
    currentGasLimit: hexOf(block.gasLimit),
    currentNumber: hexOf(block.number),
    currentTimestamp: hexOf(block.timestamp),
    currentDifficulty: block.difficulty,
    currentRandom: block.prevRandao,
    currentBaseFee: block.baseFee,
    currentExcessBlobGas: hexOf(block.excessBlobGas),
  };
  const post = {
    [fork]: [
      {
        hash: parts.root,
        logs: parts.logs,
        indexes: { data: 0, gas: 0, value: 0 },
        state: parts.post,
        ...(parts.refused ? { expectException: "TransactionException" } : {}),
      },
    ],
  };
  const test = { env, pre: parts.pre, transaction, post, config: { chainid: hexOf(chainId) } };
  return `${JSON.stringify({ [name]: test }, null, 2)}\n`;
}
