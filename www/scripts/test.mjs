// `npm test`: every check of the project. All steps run, whatever fails; the exit code says whether all passed.
// `npm test -- NAME...` runs only the steps whose name contains one of the words, after their set-up.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, WWW } from "./paths.mjs";
import { buildPage, buildWasm, setUpGuests, setUpTools } from "./setup.mjs";
import { main, run, StepError, step } from "./steps.mjs";
import { findChromium, needGdb } from "./tools.mjs";
import { bindgenFolder, ENGINES } from "./wasm.mjs";

const wanted = process.argv.slice(2);
const failures = [];

const isWanted = (name) => wanted.length === 0 || wanted.some((word) => name.includes(word));

async function check(name, body) {
  if (!isWanted(name)) return;
  try {
    await step(name, body);
  } catch (error) {
    failures.push(name);
    console.log(error instanceof StepError ? error.message : error.stack);
  }
}

const cargo = (...args) => run("cargo", args, { cwd: ROOT });
const tool = (path, ...args) => run("node", [join(WWW, "node_modules", path), ...args], { cwd: WWW });

/** The crates with bindings, whose tests exist only in wasm. */
const packagesAs = (option) => ENGINES.flatMap((engine) => [option, engine.package]);
const BINDINGS = packagesAs("-p");

const TYPE_ROOTS = ["src/protocol", "src/strings", "src/examples", "src/worker", "src/ui", "src/embed", "scripts"];

async function typeCheck() {
  for (const root of TYPE_ROOTS) await tool("typescript/bin/tsc", "--noEmit", "-p", join(root, "tsconfig.json"));
}

function wasmTests() {
  const env = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: join(bindgenFolder(), "wasm-bindgen-test-runner") };
  const args = ["test", "--profile", "bare", "--target", "wasm32-unknown-unknown", ...BINDINGS];
  return run("cargo", args, { cwd: ROOT, env });
}

/** Runs the test files of a folder, some at a time. */
function nodeTests(folder, { env = {}, together = 2 } = {}) {
  const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".test.mjs"));
  const args = [
    "--test",
    `--test-concurrency=${together}`,
    "--test-reporter=spec",
    ...files.map((name) => join(ROOT, folder, name)),
  ];
  return run("node", args, { cwd: ROOT, env });
}

await main(async () => {
  await setUpTools();
  await check("rust format", () => cargo("fmt", "--all", "--check"));
  await check("rust lint", async () => {
    await cargo("clippy", "--workspace", "--all-targets", "--", "-D", "warnings");
    // The bindings' tests exist only in wasm.
    const wasm = ["--target", "wasm32-unknown-unknown", ...BINDINGS, "--tests"];
    await cargo("clippy", ...wasm, "--", "-D", "warnings");
  });
  await buildWasm();
  await check("types", typeCheck);
  await check("lint", () => tool("@biomejs/biome/bin/biome", "ci", "--config-path=.", ".", "../tests"));
  await check("unit tests", () => tool("vitest/vitest.mjs", "run"));
  await check("wasm-bindgen tests", wasmTests);
  if (["rust tests", "terminal tests", "gdb tests", "browser tests"].some(isWanted)) await setUpGuests();
  await check("rust tests", () => cargo("test", "--workspace", "--no-fail-fast", ...packagesAs("--exclude")));
  await check("terminal tests", () => nodeTests("tests/terminal"));
  await check("gdb tests", () => {
    needGdb();
    return nodeTests("tests/gdb");
  });
  await check("browser tests", async () => {
    const chromium = findChromium();
    await buildPage();
    // Each waits for its page half of the time.
    await nodeTests("tests/browser", { env: { CHROMIUM: chromium }, together: 3 });
  });
  if (failures.length > 0) throw new StepError(`Failed: ${failures.join(", ")}`);
  console.log("\nAll checks passed.");
});
