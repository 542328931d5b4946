import { type Check, list, maybe, record, text, whole } from "../schema";
import { either, map, nothing, oneOf, truth } from "../schema_forms";
import type {
  AccessListSpec,
  AccountSpec,
  AuthorizationSpec,
  BlockSpec,
  EvmProject,
  EvmRequest,
  Placement,
  SourceSpec,
  TransactionSpec,
} from "./request";
import type { SoliditySettings } from "./solidity";

/** Characters of a text in a project, and of a whole project as JSON, at most. */
export const LONGEST_PROJECT = 1 << 20;
const word = text(100);
const amount = either(word, whole(Number.MAX_SAFE_INTEGER));
const bytes = text(LONGEST_PROJECT);
const slots = map(word, word, 100_000);

const account = record<AccountSpec>({
  balance: maybe(amount),
  nonce: maybe(amount),
  code: maybe(bytes),
  storage: maybe(slots),
});

const authorization = record<AuthorizationSpec>({
  chainId: maybe(amount),
  address: word,
  nonce: maybe(amount),
  secretKey: maybe(word),
  yParity: maybe(word),
  r: maybe(word),
  s: maybe(word),
});

const transaction = record<TransactionSpec>({
  type: maybe(amount),
  from: maybe(word),
  secretKey: maybe(word),
  to: maybe(word),
  value: maybe(amount),
  data: maybe(bytes),
  constructorValues: maybe(list(bytes, 100)),
  call: maybe(record({ signature: text(2000), values: list(bytes, 100) })),
  gas: maybe(amount),
  nonce: maybe(amount),
  gasPrice: maybe(amount),
  maxFeePerGas: maybe(amount),
  maxPriorityFeePerGas: maybe(amount),
  maxFeePerBlobGas: maybe(amount),
  blobVersionedHashes: maybe(list(word, 100)),
  accessList: maybe(list(record<AccessListSpec>({ address: word, storageKeys: maybe(list(word, 10_000)) }), 10_000)),
  authorizationList: maybe(list(authorization, 1000)),
});

const block = record<BlockSpec>({
  number: maybe(amount),
  timestamp: maybe(amount),
  coinbase: maybe(word),
  gasLimit: maybe(amount),
  baseFee: maybe(amount),
  difficulty: maybe(amount),
  prevRandao: maybe(word),
  excessBlobGas: maybe(amount),
});

const request = record<EvmRequest>({
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
});

const placement = record<Placement>({
  contract: text(200),
  address: word,
  balance: maybe(word),
  storage: maybe(slots),
});

const source = record<SourceSpec>({
  address: maybe(word),
  name: text(200),
  language: maybe(oneOf("assembler", "solidity")),
  text: bytes,
  balance: maybe(word),
  storage: maybe(slots),
  contract: maybe(text(200)),
  also: maybe(list(placement, 1000)),
});

const solidity = record<SoliditySettings>({
  optimizer: maybe(either(record({ runs: whole(0xffff_ffff) }), nothing)),
  viaIr: maybe(truth),
  evmVersion: maybe(word),
});

/** A project that comes from outside: saved work, files, links. */
export const checkProject: Check<EvmProject> = record<EvmProject>({
  title: text(200),
  request,
  sources: list(source, 1000),
  solidity: maybe(solidity),
  abi: list(text(10_000), 10_000),
});
