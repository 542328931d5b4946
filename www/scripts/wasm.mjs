// Builds the engines to wasm: cargo, then wasm-bindgen, each only when its input changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { CACHE, ROOT, WASM, WWW } from "./paths.mjs";
import { run, StepError } from "./steps.mjs";

/** What rustc's wasm uses beyond the first version of wasm; wasm-opt has to be told. */
const WASM_FEATURES = [
  "bulk-memory",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
].map((feature) => `--enable-${feature}`);

/**
 * The wasm modules: name of the folder in `www/src/wasm` and of the files in it, Cargo package, most bytes gzipped, and
 * whether wasm-opt is to spare bytes rather than time.
 * @type {readonly {name: string, package: string, largestGz: number, small?: boolean}[]}
 */
export const ENGINES = [
  { name: "x86", package: "glassbox-web", largestGz: 1024 * 1024 },
  { name: "evm", package: "glassbox-evm-web", largestGz: 300 * 1024, small: true },
  { name: "evm_asm", package: "glassbox-evm-asm-web", largestGz: 100 * 1024 },
  { name: "evm_tools", package: "glassbox-evm-tools-web", largestGz: 1024 * 1024 },
  { name: "nasm", package: "glassbox-nasm-web", largestGz: 300 * 1024 },
  { name: "precompiles", package: "glassbox-precompiles-web", largestGz: 1024 * 1024 },
];

const TARGET = "wasm32-unknown-unknown";

/** The version of wasm-bindgen that Cargo.lock fixes: the tool must be the same. */
function bindgenVersion() {
  const lock = readFileSync(join(ROOT, "Cargo.lock"), "utf8");
  const version = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(lock)?.[1];
  if (!version) throw new StepError("Cargo.lock names no wasm-bindgen: run cargo check, then try again");
  return version;
}

/** The folder of wasm-bindgen's programs. */
export function bindgenFolder() {
  return join(CACHE, `wasm-bindgen-${bindgenVersion()}`, "bin");
}

/** Installs wasm-bindgen-cli once for each version. */
export async function installBindgen() {
  const version = bindgenVersion();
  if (existsSync(join(bindgenFolder(), "wasm-bindgen"))) return `${version} is here`;
  const root = join(CACHE, `wasm-bindgen-${version}`);
  const target = join(CACHE, "wasm-bindgen-build");
  const args = ["install", "wasm-bindgen-cli", "--version", version, "--root", root, "--target-dir", target];
  // It is compiled for longer than it ever runs.
  await run("cargo", args, { cwd: ROOT, env: { CARGO_PROFILE_RELEASE_OPT_LEVEL: "1" } });
  rmSync(target, { recursive: true, force: true });
  return `${version} installed`;
}

function cargoTarget() {
  return process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
}

/** @typedef {typeof ENGINES[number]} Engine */

/**
 * Compiles an engine.
 * @param {Engine} engine
 */
export async function buildEngine(engine) {
  await run("cargo", ["build", "--release", "--target", TARGET, "-p", engine.package], { cwd: ROOT });
}

/**
 * Makes `www/src/wasm/NAME` from a compiled engine, and checks its size. `quick` leaves wasm-opt out, which makes the
 * interpreter about a tenth faster and takes half a minute.
 * @param {Engine} engine
 */
export async function bindEngine(engine, quick = false) {
  const { name } = engine;
  const built = join(cargoTarget(), TARGET, "release", `${engine.package.replaceAll("-", "_")}.wasm`);
  const folder = join(WASM, name);
  const stampFile = join(folder, "stamp.json");
  const bytes = readFileSync(built);
  const stamp = JSON.stringify({
    engine: createHash("sha256").update(bytes).digest("hex"),
    bindgen: bindgenVersion(),
    quick,
  });
  const fresh = existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
  if (!fresh) {
    mkdirSync(WASM, { recursive: true });
    const making = join(WASM, `${name}.new`);
    rmSync(making, { recursive: true, force: true });
    const args = ["--target", "web", "--out-dir", making, "--out-name", name, built];
    await run(join(bindgenFolder(), "wasm-bindgen"), args, { cwd: ROOT });
    if (!quick) await optimize(join(making, `${name}_bg.wasm`), engine.small);
    writeFileSync(join(making, "stamp.json"), stamp);
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  }
  return checkSize(engine, join(folder, `${name}_bg.wasm`));
}

/**
 * @param {string} file
 * @param {boolean} small
 */
function optimize(file, small = false) {
  const tool = join(WWW, "node_modules/binaryen/bin/wasm-opt");
  const passes = [...(small ? ["-O2", "-Os"] : ["-O3"]), "--strip-producers", "--strip-target-features"];
  return run("node", [tool, ...passes, ...WASM_FEATURES, file, "-o", file]);
}

/**
 * @param {Engine} engine
 * @param {string} file
 */
function checkSize(engine, file) {
  const bytes = readFileSync(file);
  const gz = gzipSync(bytes, { level: 9 }).length;
  const kib = (/** @type {number} */ count) => `${(count / 1024).toFixed(0)} KiB`;
  const text = `${kib(bytes.length)}, ${kib(gz)} gzipped`;
  if (gz > engine.largestGz) {
    throw new StepError(`the ${engine.name} engine is ${text}: more than ${kib(engine.largestGz)} gzipped`);
  }
  return text;
}
