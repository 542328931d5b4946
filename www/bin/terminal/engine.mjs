// The page's x86 engine, loaded into Node.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../../src/host/user_error.mjs";

const FOLDER = resolve(import.meta.dirname, "../../src/wasm/x86");

/** @typedef {typeof import('../../src/wasm/x86/x86.js')} Engine */

/**
 * Loads the engine.
 * @returns {Promise<{engine: Engine, memory: WebAssembly.Memory}>}
 */
export async function loadEngine() {
  if (typeof WebAssembly === "undefined")
    throw new UserError("WebAssembly is switched off: run node without --jitless");
  const wasm = join(FOLDER, "x86_bg.wasm");
  if (!existsSync(wasm)) throw new UserError("the engine is not built yet: run npm --prefix www run wasm");
  const engine = /** @type {Engine} */ (await import(pathToFileURL(join(FOLDER, "x86.js")).href));
  const { memory } = engine.initSync({ module: readFileSync(wasm) });
  return { engine, memory };
}
