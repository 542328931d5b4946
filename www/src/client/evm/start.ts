import type { Port } from "../connection";
import { EvmStore } from "./store";

/** The EVM of this page: one worker, started when first asked; another for the compiler, when there is Solidity. */
export const evmStore = new EvmStore(
  () => new Worker(new URL("../../worker/evm/main.ts", import.meta.url), { type: "module" }) as Port,
  () =>
    new Worker(new URL("../../worker/solidity/solidity_worker.ts", import.meta.url), {
      type: "module",
      name: "solidity",
    }) as Port,
);
