import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

/** What each room may import from the others; see the README's code map. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  host: ["strings"],
  examples: ["protocol"],
  worker: ["protocol", "host", "wasm", "strings"],
  client: ["protocol", "host", "examples", "worker", "strings"],
  ui: ["protocol", "client", "host", "examples", "strings"],
  strings: [],
  embed: ["protocol", "strings"],
};
/** What there is a text for, the strings name by its type: nothing of it is in a script that only needs the text. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = { strings: ["protocol", "client", "examples"] };
/** The shapes of what the engine's bindings give are declared beside the bindings, and only types. */
const SHAPES = "../../web/src/x86/inspect";
/** The client starts the workers by their addresses, and imports nothing from them. */
const WORKER_BY_URL = [
  "client/start.ts",
  "client/evm/start.ts",
  "client/nasm_start.ts",
  "client/library/start.ts",
  "client/library/comparing_start.ts",
  "client/links/start.ts",
];

const SRC = import.meta.dirname;

function files(folder: string): string[] {
  return readdirSync(join(SRC, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => join(folder, name));
}

it.each(Object.keys(ALLOWED))("%s imports only what it may", (room) => {
  // What tests bring together is their own affair.
  for (const file of files(room).filter((name) => !name.endsWith(".test.ts"))) {
    const text = readFileSync(join(SRC, file), "utf8");
    const types = new Set([...text.matchAll(/^import type [^;]*? from "([^"]+)"/gm)].map(([, path]) => path));
    for (const [, path = ""] of text.matchAll(/(?:from|import|import\(|URL\()\s*["'](\.[^"']+)["']/g)) {
      const from = relative(SRC, resolve(SRC, dirname(file), path));
      const target = from.split("/")[0] ?? "";
      const allowed = [room, ...(ALLOWED[room] ?? []), ...(types.has(path) ? (TYPES_ONLY[room] ?? []) : [])];
      const fine = (room === "protocol" && from === SHAPES) || allowed.includes(target);
      expect(fine, `${file} imports ${path}`).toBe(true);
      if (target === "worker" && room === "client") expect(WORKER_BY_URL).toContain(file);
    }
  }
});
