// The page's EVM, loaded into Node.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../../src/host/user_error.mjs";

const FOLDER = resolve(import.meta.dirname, "../../src/wasm/evm");

/** @typedef {typeof import('../../src/wasm/evm/evm.js')} EvmEngine */

/**
 * Loads the EVM.
 * @returns {Promise<EvmEngine>}
 */
export async function loadEvm() {
  if (typeof WebAssembly === "undefined")
    throw new UserError("WebAssembly is switched off: run node without --jitless");
  const wasm = join(FOLDER, "evm_bg.wasm");
  if (!existsSync(wasm)) throw new UserError("the EVM is not built yet: run npm --prefix www run wasm");
  const engine = /** @type {EvmEngine} */ (await import(pathToFileURL(join(FOLDER, "evm.js")).href));
  engine.initSync({ module: readFileSync(wasm) });
  return engine;
}

/**
 * The fork of a name as the EVM calls it; its default, `undefined`, where none was given.
 * @param {EvmEngine} engine
 * @param {string | undefined} name
 */
export function checkFork(engine, name) {
  if (name === undefined) return undefined;
  if (!engine.isFork(name))
    throw new UserError(`--fork: no fork is called ${name}; there are ${engine.forks().join(", ")}`);
  return name;
}
