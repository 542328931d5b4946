import type { EvmProject, EvmRequest, SourceSpec, TransactionSpec } from "../../protocol/evm/request";
import { type Check, either, list, map, maybe, record, text, whole } from "../schema";
import { type Keeper, keptName, type Named, Shelf, type ShelfFormat } from "../shelf";

/** A project as it is kept, and where in it the reader was. */
export interface SavedProject extends Named {
  readonly project: EvmProject;
  /** Which transaction, from 0. */
  readonly transaction: number;
  /** Instructions executed of it. */
  readonly position: number;
}

const LONGEST = 1 << 20;
const word = text(100);
const amount = either(word, whole(Number.MAX_SAFE_INTEGER));
const bytes = text(LONGEST);
const slots = map(word, word, 100_000);

const account = record({
  balance: maybe(amount),
  nonce: maybe(amount),
  code: maybe(bytes),
  storage: maybe(slots),
});

const authorization = record({
  chainId: maybe(amount),
  address: word,
  nonce: maybe(amount),
  secretKey: maybe(word),
  yParity: maybe(amount),
  r: maybe(word),
  s: maybe(word),
});

const transaction = record({
  type: maybe(amount),
  from: maybe(word),
  secretKey: maybe(word),
  to: maybe(word),
  value: maybe(amount),
  data: maybe(bytes),
  call: maybe(record({ signature: text(2000), values: list(bytes, 100) })),
  gas: maybe(amount),
  nonce: maybe(amount),
  gasPrice: maybe(amount),
  maxFeePerGas: maybe(amount),
  maxPriorityFeePerGas: maybe(amount),
  maxFeePerBlobGas: maybe(amount),
  blobVersionedHashes: maybe(list(word, 100)),
  accessList: maybe(list(record({ address: word, storageKeys: maybe(list(word, 10_000)) }), 10_000)),
  authorizationList: maybe(list(authorization, 1000)),
}) as Check<TransactionSpec>;

const block = record({
  number: maybe(amount),
  timestamp: maybe(amount),
  coinbase: maybe(word),
  gasLimit: maybe(amount),
  baseFee: maybe(amount),
  difficulty: maybe(amount),
  prevRandao: maybe(word),
  excessBlobGas: maybe(amount),
});

const request = record({
  fork: maybe(word),
  chain: maybe(bytes),
  chainId: maybe(whole(Number.MAX_SAFE_INTEGER)),
  block: maybe(block),
  prestate: maybe(either(bytes, map(word, account, 100_000))),
  transactions: maybe(list(transaction, 10_000)),
  code: maybe(bytes),
  input: maybe(bytes),
  value: maybe(word),
  gas: maybe(whole(Number.MAX_SAFE_INTEGER)),
}) as Check<EvmRequest>;

const source = record({
  address: maybe(word),
  name: text(200),
  text: bytes,
  balance: maybe(word),
  storage: maybe(slots),
}) as Check<SourceSpec>;

const project: Check<EvmProject> = record({
  title: text(200),
  request,
  sources: list(source, 1000),
  abi: list(text(10_000), 10_000),
});

const checkProject = record({
  name: keptName,
  changed: maybe(whole(Number.MAX_SAFE_INTEGER)),
  project,
  transaction: whole(1_000_000),
  position: whole(Number.MAX_SAFE_INTEGER),
}) as Check<SavedProject>;

const FORMAT: ShelfFormat<SavedProject> = { field: "projects", check: checkProject, most: 100, longest: LONGEST };

/** EVM projects that the reader keeps. */
export class Projects extends Shelf<SavedProject> {
  constructor(keeper: Keeper, key: string, now?: () => number) {
    super(keeper, key, FORMAT, now);
  }

  /** Reads a project out of a file. */
  static readonly check: Check<SavedProject> = checkProject;
}
