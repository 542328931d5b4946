// Solidity's words, for colours and completion. What they mean is told in the strings.
import { EVM_WORDS } from "../../strings/evm_words";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const KEYWORDS: readonly string[] = words(`
  abstract as assembly break case catch constructor continue contract default delete do else emit enum error event
  fallback for from function if import interface is leave let library mapping modifier new receive return returns
  revert struct switch transient try type unchecked using while
`);

/** What qualifies a declaration. */
export const MODIFIERS: readonly string[] = words(`
  anonymous calldata constant external immutable indexed internal memory override payable private public pure storage
  view virtual
`);

export const LITERALS: readonly string[] = words("true false this super");

export const UNITS: readonly string[] = words("wei gwei ether seconds minutes hours days weeks");

/** Types that are completed; others have a size in their name. */
export const TYPES: readonly string[] = words(`
  address bool bytes bytes4 bytes32 int int256 mapping string uint uint8 uint16 uint32 uint64 uint96 uint128 uint256
`);

/** What is there in every contract: as it is written, and what it is. */
export const GLOBALS: readonly { readonly name: string; readonly text: string }[] = Object.entries(
  EVM_WORDS.solidity,
).map(([name, text]) => ({ name, text }));
