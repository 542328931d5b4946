// The engine under Node, for tests: the same modules as in the page, read from files.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const wasm = join(import.meta.dirname, "../../wasm");

async function load(name) {
  const module = await import(`../../wasm/${name}/${name}.js`);
  module.initSync({ module: readFileSync(join(wasm, name, `${name}_bg.wasm`)) });
  return module;
}

const [evm, assembler] = [await load("evm"), await load("evm_asm")];

export const { compareSessions, EvmSession, forks, lastPanic, presets, setPrecompiles } = evm;
export const { assemble, builtInMacros, disassemble, keccak256, opcodes } = assembler;
export const loadEvm = async () => undefined;
export const loadPrecompiles = async () => evm.setPrecompiles(await load("precompiles"));
