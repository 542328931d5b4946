// Where things are in the repository.
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");
export const WWW = join(ROOT, "www");
export const CACHE = join(ROOT, ".cache");
/** Generated JavaScript and wasm of the engines. */
export const WASM = join(WWW, "src/wasm");
/** What the page loads as it is: firmware and the gallery's guests. */
export const PUBLIC = join(CACHE, "public");
