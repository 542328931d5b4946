// The compiler under Node, for tests: the same compiler, and the same lines behind it as in the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runInNewContext } from "node:vm";

const glue = readFileSync(join(import.meta.dirname, "soljson_glue.js"), "utf8");

/** What the page has in a worker; it answers in the same turn.
 * @returns {import("./compiler").Engine} */
export function startUnderNode() {
  const Module = createRequire(import.meta.url)("solc/soljson.js");
  const engine = {
    onmessage: null,
    onerror: null,
    terminate() {},
    postMessage: (input) => self.onmessage({ data: input }),
  };
  const self = { onmessage: null, postMessage: (data) => engine.onmessage({ data }) };
  runInNewContext(glue, { Module, self });
  return engine;
}
