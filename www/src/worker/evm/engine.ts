import init, { compareSessions, EvmSession, forks, lastPanic, presets, setPrecompiles } from "../../wasm/evm/evm.js";
import evmUrl from "../../wasm/evm/evm_bg.wasm?url";
import initAssembler, { assemble, builtInMacros, disassemble, opcodes } from "../../wasm/evm_asm/evm_asm.js";
import assemblerUrl from "../../wasm/evm_asm/evm_asm_bg.wasm?url";
import precompilesUrl from "../../wasm/precompiles/precompiles_bg.wasm?url";

export { assemble, builtInMacros, compareSessions, disassemble, EvmSession, forks, lastPanic, opcodes, presets };

let loading: Promise<unknown> | undefined;
let cryptography: Promise<void> | undefined;

/** Loads the EVM and its assembler once. */
export function loadEvm(): Promise<unknown> {
  const at = (url: string) => ({ module_or_path: new URL(url, self.location.href) });
  loading ??= Promise.all([init(at(evmUrl)), initAssembler(at(assemblerUrl))]);
  return loading;
}

async function fetchPrecompiles(): Promise<void> {
  const module = await import("../../wasm/precompiles/precompiles.js");
  await module.default({ module_or_path: new URL(precompilesUrl, self.location.href) });
  setPrecompiles(module as unknown as Parameters<typeof setPrecompiles>[0]);
}

/** Loads the cryptography once, and hands it to the EVM. One that could not be fetched is tried again. */
export function loadPrecompiles(): Promise<void> {
  cryptography ??= fetchPrecompiles().catch((error: unknown) => {
    cryptography = undefined;
    throw new Error(`The cryptography could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
  });
  return cryptography;
}
