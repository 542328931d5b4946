import { RUN } from "../../strings/worker/run";
import init, { compareSessions, EvmSession, forks, lastPanic, presets, setPrecompiles } from "../../wasm/evm/evm.js";
import evmUrl from "../../wasm/evm/evm_bg.wasm?url";
import initAssembler, { assemble, builtInMacros, disassemble, keccak256, opcodes } from "../../wasm/evm_asm/evm_asm.js";
import assemblerUrl from "../../wasm/evm_asm/evm_asm_bg.wasm?url";
import precompilesUrl from "../../wasm/precompiles/precompiles_bg.wasm?url";
import { once } from "../loading";

export {
  assemble,
  builtInMacros,
  compareSessions,
  disassemble,
  EvmSession,
  forks,
  keccak256,
  lastPanic,
  opcodes,
  presets,
};

/** Loads the EVM and its assembler once. */
export const loadEvm: () => Promise<unknown> = once(RUN.evm, () => {
  const at = (url: string) => ({ module_or_path: new URL(url, self.location.href) });
  return Promise.all([init(at(evmUrl)), initAssembler(at(assemblerUrl))]);
});

/** Loads the cryptography once, and hands it to the EVM. */
export const loadPrecompiles: () => Promise<void> = once(RUN.cryptography, async () => {
  const module = await import("../../wasm/precompiles/precompiles.js");
  await module.default({ module_or_path: new URL(precompilesUrl, self.location.href) });
  setPrecompiles(module as unknown as Parameters<typeof setPrecompiles>[0]);
});
