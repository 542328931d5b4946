// Steps of set-up: each says what it does and how long it took, and is not done twice for the same inputs.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
/** Everything that set-up fetches or makes. */
export const CACHE = path.join(ROOT, ".cache");
/** The guests' images and `manifest.json`. */
export const GUESTS = path.join(CACHE, "guests");
/** The sources of our own guests. */
export const SOURCES = path.join(ROOT, "tests/guests");

/** The scripts themselves: what they make depends on them too. */
export const SCRIPTS = path.join(ROOT, "www/scripts/guests");

/** A guest that cannot be made here, for a reason that its user can remedy. */
export class Skip extends Error {}

/** Runs `body`, prints one line with its result (if it returns a text) and its duration. */
export function step(title, body) {
  const started = performance.now();
  process.stdout.write(`${title} ... `);
  let note;
  try {
    note = body();
  } catch (error) {
    console.log("no");
    throw error;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${typeof note === "string" ? `${note}, ` : ""}${seconds} s`);
}

/** SHA-256 (hex) over texts, and over the contents of files given as `{ file }`. */
export function hashOf(inputs) {
  const hash = createHash("sha256");
  for (const input of inputs) {
    const bytes = typeof input === "string" ? Buffer.from(input) : readFileSync(input.file);
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}

const stampFile = (name) => path.join(GUESTS, ".stamps", name);

/** Whether `name` was made from these very inputs and all its outputs (below GUESTS) are still there. */
export function isFresh(name, inputs, outputs) {
  const stamp = stampFile(name);
  return (
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === hashOf(inputs) &&
    outputs.every((file) => existsSync(path.join(GUESTS, file)))
  );
}

/** To be called before `name` is made: if that fails half way, the next run begins again. */
export function markStale(name) {
  rmSync(stampFile(name), { force: true });
}

/** Remembers that `name` was made from these inputs. */
export function markFresh(name, inputs) {
  mkdirSync(path.dirname(stampFile(name)), { recursive: true });
  writeFileSync(stampFile(name), hashOf(inputs));
}
