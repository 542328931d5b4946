import type { EvmProject, SourceSpec, TransactionSpec } from "../../protocol/evm/request";
import type { SoliditySettings } from "../../protocol/evm/solidity";
import { EVM } from "../../strings/evm";

const WORDS = EVM.form;

/** Bytes; a function with its arguments; a contract to be created, with its constructor's. */
export type DataKind = "raw" | "call" | "deploy";

/** A transaction as its fields are typed. */
export interface TransactionDraft {
  readonly from: string;
  readonly to: string;
  readonly value: string;
  readonly gas: string;
  readonly nonce: string;
  readonly kind: DataKind;
  readonly data: string;
  readonly signature: string;
  readonly values: readonly string[];
  /** What the constructor is given, where data is `@Contract`. */
  readonly constructorValues: readonly string[];
  readonly gasPrice: string;
  readonly maxFee: string;
  readonly tip: string;
  readonly accessList: string;
  readonly authorizations: string;
  /** What has no field of its own, kept as it is. */
  readonly rest: TransactionSpec;
}

/** A run as its fields are typed. */
export interface Draft {
  readonly title: string;
  readonly fork: string;
  readonly chain: string;
  readonly block: string;
  readonly prestate: string;
  readonly abi: string;
  readonly transactions: readonly TransactionDraft[];
  readonly sources: readonly SourceSpec[];
  /** How Solidity is compiled. */
  readonly solidity: SoliditySettings;
  readonly rest: EvmProject["request"];
}

const text = (value: string | number | undefined): string => (value === undefined ? "" : String(value));
const pretty = (value: unknown): string => (value === undefined ? "" : JSON.stringify(value, null, 2));

function transactionDraft(spec: TransactionSpec): TransactionDraft {
  const { from, to, value, gas, nonce, data, call, gasPrice, maxFeePerGas, maxPriorityFeePerGas, ...others } = spec;
  const { accessList, authorizationList, constructorValues, ...rest } = others;
  return {
    from: text(from),
    to: text(to),
    value: text(value),
    gas: text(gas),
    nonce: text(nonce),
    kind: call ? "call" : data?.startsWith("@") && !to ? "deploy" : "raw",
    data: text(data),
    signature: call?.signature ?? "",
    values: call?.values ?? [],
    constructorValues: constructorValues ?? [],
    gasPrice: text(gasPrice),
    maxFee: text(maxFeePerGas),
    tip: text(maxPriorityFeePerGas),
    accessList: pretty(accessList),
    authorizations: pretty(authorizationList),
    rest,
  };
}

/** The fields of a project. */
export function draftOf({ title, request, sources, solidity, abi }: EvmProject): Draft {
  const { fork, chain, block, prestate, transactions, code, input, value, gas, ...rest } = request;
  const short = { data: text(input), value: text(value), gas: text(gas), to: RECEIVER };
  const accounts = code === undefined ? prestate : withCode(prestate, code);
  return {
    title,
    fork: fork ?? "",
    chain: chain ?? "",
    block: pretty(block),
    prestate: typeof accounts === "string" ? accounts : pretty(accounts),
    abi: abi.join("\n"),
    transactions: [...(transactions ?? []), ...(code === undefined ? [] : [short])].map(transactionDraft),
    sources,
    solidity: solidity ?? {},
    rest,
  };
}

/** Where code by itself is put, as in geth: the letters "receiver". */
const RECEIVER = "0x0000000000000000000000007265636569766572";

function withCode(prestate: EvmProject["request"]["prestate"], code: string) {
  const accounts = typeof prestate === "string" ? (JSON.parse(prestate) as object) : prestate;
  return { ...accounts, [RECEIVER]: { code } };
}

function json(field: string, typed: string): unknown {
  if (typed.trim() === "") return undefined;
  try {
    return JSON.parse(typed);
  } catch (error) {
    throw new Error(WORDS.notJson(field, error instanceof Error ? error.message : String(error)));
  }
}

/** The entry, if there is something in it. */
const entry = <T>(key: string, value: T | undefined): Record<string, T> =>
  value === undefined || (typeof value === "string" && value.trim() === "")
    ? {}
    : { [key]: typeof value === "string" ? (value.trim() as T) : value };

/** What the data are made of. */
function dataOf({ kind, data, signature, values, constructorValues }: TransactionDraft): Partial<TransactionSpec> {
  switch (kind) {
    case "call":
      return { call: { signature, values } };
    case "deploy":
      return { ...entry("data", data), ...(constructorValues.length > 0 ? { constructorValues } : {}) };
    case "raw":
      return entry("data", data);
  }
}

function transactionOf(draft: TransactionDraft): TransactionSpec {
  return {
    ...draft.rest,
    ...entry("from", draft.from),
    ...(draft.kind === "deploy" ? {} : entry("to", draft.to)),
    ...entry("value", draft.value),
    ...entry("gas", draft.gas),
    ...entry("nonce", draft.nonce),
    ...dataOf(draft),
    ...entry("gasPrice", draft.gasPrice),
    ...entry("maxFeePerGas", draft.maxFee),
    ...entry("maxPriorityFeePerGas", draft.tip),
    ...entry("accessList", json(WORDS.accessList, draft.accessList)),
    ...entry("authorizationList", json(WORDS.authorizations, draft.authorizations)),
  };
}

/**
 * The project that the fields make.
 * @throws Error that names a field which is no JSON
 */
export function projectOf(draft: Draft): EvmProject {
  const request = {
    ...draft.rest,
    ...entry("fork", draft.fork),
    ...entry("chain", draft.chain),
    ...entry("block", json(WORDS.block, draft.block)),
    ...entry("prestate", json(WORDS.prestate, draft.prestate)),
    transactions: draft.transactions.map(transactionOf),
  };
  return { ...sourcesOf(draft), request: request as EvmProject["request"] };
}

/** What of a project the sources alone make: as much as a compiler needs. */
export function sourcesOf({ title, fork, sources, solidity, abi }: Draft): EvmProject {
  const lines = abi.split("\n").filter((line) => line.trim() !== "");
  const settings = Object.keys(solidity).length > 0 ? { solidity } : {};
  return { title, request: entry("fork", fork), sources, ...settings, abi: lines };
}

export const isSolidity = ({ language }: SourceSpec): boolean => language === "solidity";

/** A transaction with nothing in it. */
export const EMPTY_TRANSACTION: TransactionDraft = transactionDraft({});

/** Where one begins to write. */
export const BLANK: EvmProject = {
  title: EVM.blank,
  request: { transactions: [{ to: "0x00000000000000000000000000000000000000aa" }] },
  sources: [
    {
      address: "0x00000000000000000000000000000000000000aa",
      name: "main",
      text: EVM.blankSource,
    },
  ],
  abi: [],
};

/** What a new source begins with. */
export const NEW_ASSEMBLER: SourceSpec = { name: "contract", text: "    STOP\n" };

/** What a new Solidity file begins with. */
export const NEW_SOLIDITY: SourceSpec = {
  name: "Counter.sol",
  language: "solidity",
  text: EVM.editor.template,
};
