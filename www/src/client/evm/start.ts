import type { Port } from "../connection";
import { EvmStore } from "./store";

/** The EVM of this page: one worker, started when first asked. */
export const evmStore = new EvmStore(
  () => new Worker(new URL("../../worker/evm/main.ts", import.meta.url), { type: "module" }) as Port,
);
