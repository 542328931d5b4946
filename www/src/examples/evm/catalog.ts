import { BUBBLE } from "./bubble";
import { COUNTER } from "./counter";
import { CREATE2 } from "./create2";
import { DELEGATION } from "./delegation";
import { ERC20 } from "./erc20";
import type { EvmExample } from "./example";
import { GRIEFING } from "./griefing";
import { OUT_OF_GAS } from "./out_of_gas";
import { PACKING } from "./packing";
import { PRECOMPILE } from "./precompile";
import { PROXY_EXAMPLE } from "./proxy";
import { REENTRANCY } from "./reentrancy";
import { SOLIDITY_BANK } from "./solidity_bank";
import { SOLIDITY_STORAGE } from "./solidity_storage";
import { SOLIDITY_TOKEN } from "./solidity_token";
import { TRANSIENT } from "./transient";

/** The EVM's programs, from the first to read to the last. */
export const EVM_EXAMPLES: readonly EvmExample[] = [
  COUNTER,
  OUT_OF_GAS,
  BUBBLE,
  PACKING,
  ERC20,
  PRECOMPILE,
  PROXY_EXAMPLE,
  CREATE2,
  REENTRANCY,
  TRANSIENT,
  GRIEFING,
  DELEGATION,
  SOLIDITY_STORAGE,
  SOLIDITY_TOKEN,
  SOLIDITY_BANK,
];
