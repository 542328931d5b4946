import type { Imported } from "../../protocol/evm/message";
import type { BlockSpec, EvmRequest } from "../../protocol/evm/request";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Fields of a genesis file that the block after it begins with, and what they are called here. */
const BLOCK: readonly (readonly [string, keyof BlockSpec])[] = [
  ["timestamp", "timestamp"],
  ["coinbase", "coinbase"],
  ["gasLimit", "gasLimit"],
  ["baseFeePerGas", "baseFee"],
  ["difficulty", "difficulty"],
  ["excessBlobGas", "excessBlobGas"],
];

const isNumber = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";

/** Geth's genesis file: accounts, chain and block, for transactions in the first block after it. */
function genesis(name: string, value: Json): Imported {
  const { alloc, config } = value;
  const block = Object.fromEntries(
    BLOCK.flatMap(([key, own]) => (isNumber(value[key]) ? [[own, value[key]] as const] : [])),
  );
  const request: EvmRequest = {
    ...(isObject(config) ? { chain: JSON.stringify(config, null, 2) } : {}),
    block: { number: 1, ...block },
    prestate: JSON.stringify(alloc, null, 2),
    transactions: [],
  };
  return { name, project: { title: name, request, sources: [], abi: [] } };
}

/** A chain file: its chain, for whatever is run. */
function chainFile(name: string, value: Json): Imported {
  const chain = JSON.stringify(value, null, 2);
  return { name, project: { title: name, request: { chain, transactions: [] }, sources: [], abi: [] }, chain };
}

/** What a genesis file or a chain file holds; null if it is neither. */
export function readChain(name: string, value: Json): Imported | null {
  if (isObject(value.alloc)) return genesis(name, value);
  const config = isObject(value.config) ? value.config : value;
  return isNumber(config.chainId) ? chainFile(name, config) : null;
}
