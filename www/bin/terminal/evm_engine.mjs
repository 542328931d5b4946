// The page's EVM, loaded into Node.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../../src/host/user_error.mjs";

const WASM = resolve(import.meta.dirname, "../../src/wasm");

/** @typedef {typeof import('../../src/wasm/evm_tools/evm_tools.js')} EvmTools */
/** @typedef {typeof import('../../src/wasm/precompiles/precompiles.js')} Precompiles */

/**
 * Loads a wasm module.
 * @param {string} name
 */
async function load(name) {
  if (typeof WebAssembly === "undefined")
    throw new UserError("WebAssembly is switched off: run node without --jitless");
  const wasm = join(WASM, name, `${name}_bg.wasm`);
  if (!existsSync(wasm)) throw new UserError(`the module ${name} is not built yet: run npm --prefix www run wasm`);
  const module = await import(pathToFileURL(join(WASM, name, `${name}.js`)).href);
  module.initSync({ module: readFileSync(wasm) });
  return module;
}

/**
 * Loads the EVM with test suites and the transition tool.
 * @returns {Promise<EvmTools>}
 */
export async function loadEvmTools() {
  return /** @type {EvmTools} */ (await load("evm_tools"));
}

/**
 * Loads the cryptography, a module of its own, and hands it to the EVM.
 * @param {EvmTools} engine
 */
export async function loadPrecompiles(engine) {
  engine.setPrecompiles(/** @type {Precompiles} */ (await load("precompiles")));
}

/**
 * What `work` gives; where that is nothing the cryptography is missing, and it is begun again with it.
 * @template T
 * @param {EvmTools} engine
 * @param {() => T | undefined} work
 * @returns {Promise<T>}
 */
export async function withPrecompiles(engine, work) {
  const first = work();
  if (first !== undefined) return first;
  await loadPrecompiles(engine);
  const second = work();
  if (second === undefined) throw new Error("the cryptography is loaded, but the EVM does not find it");
  return second;
}

/**
 * The fork of a name as the EVM calls it; its default, `undefined`, where none was given.
 * @param {EvmTools} engine
 * @param {string | undefined} name
 */
export function checkFork(engine, name) {
  if (name === undefined) return undefined;
  if (!engine.isFork(name))
    throw new UserError(`--fork: no fork is called ${name}; there are ${engine.forks().join(", ")}`);
  return name;
}
