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

const LARGEST_GZ = 1024 * 1024;
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
  await run("cargo", args, { cwd: ROOT });
  rmSync(target, { recursive: true, force: true });
  return `${version} installed`;
}

function cargoTarget() {
  return process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
}

/** Compiles the x86 engine. */
export async function buildEngine() {
  await run("cargo", ["build", "--release", "--target", TARGET, "-p", "glassbox-web"], { cwd: ROOT });
}

/**
 * Makes `www/src/wasm/x86` from the compiled engine, and checks its size. `quick` leaves wasm-opt out, which makes the
 * interpreter about a tenth faster and takes half a minute.
 */
export async function bindEngine(quick = false) {
  const built = join(cargoTarget(), TARGET, "release/glassbox_web.wasm");
  const folder = join(WASM, "x86");
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
    const making = join(WASM, "x86.new");
    rmSync(making, { recursive: true, force: true });
    const args = ["--target", "web", "--out-dir", making, "--out-name", "x86", built];
    await run(join(bindgenFolder(), "wasm-bindgen"), args, { cwd: ROOT });
    if (!quick) await optimize(join(making, "x86_bg.wasm"));
    writeFileSync(join(making, "stamp.json"), stamp);
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  }
  return checkSize(join(folder, "x86_bg.wasm"));
}

function optimize(file) {
  const tool = join(WWW, "node_modules/binaryen/bin/wasm-opt");
  return run("node", [tool, "-O3", ...WASM_FEATURES, file, "-o", file]);
}

function checkSize(file) {
  const bytes = readFileSync(file);
  const gz = gzipSync(bytes, { level: 9 }).length;
  const text = `${(bytes.length / 1024).toFixed(0)} KiB, ${(gz / 1024).toFixed(0)} KiB gzipped`;
  if (gz > LARGEST_GZ) throw new StepError(`the x86 engine is ${text}: more than 1 MiB gzipped`);
  return text;
}
