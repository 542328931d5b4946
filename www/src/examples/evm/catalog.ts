import { COUNTER } from "./counter";
import type { EvmExample } from "./example";

/** The EVM's programs, from the first to read to the last. */
export const EVM_EXAMPLES: readonly EvmExample[] = [COUNTER];
