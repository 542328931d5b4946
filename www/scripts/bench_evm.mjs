#!/usr/bin/env node
// Times programs in the Glassbox EVM and in revm, both in one wasm module built the same way, and beside them in the
// npm package @ethereumjs/evm. Prints a table of ratios (above 1: we are faster). Never part of a test: seconds depend
// on the machine.
// usage: node www/scripts/bench_evm.mjs [--ethereumjs DIR_WITH_node_modules] [NAME…]
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const { values: o, positionals: only } = parseArgs({
  options: { ethereumjs: { type: "string" } },
  allowPositionals: true,
});
const root = path.resolve(import.meta.dirname, "../..");
const cargo = (...args) =>
  execFileSync("cargo", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 26,
  });

const cases = cargo("run", "-q", "--profile", "quick", "-p", "evm-peer", "--example", "cases")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const target = ["--target", "wasm32-unknown-unknown"];
cargo("rustc", "-q", "--release", "-p", "evm-peer", "--lib", ...target, "--crate-type", "cdylib");
const wasm = readFileSync(path.join(root, "target/wasm32-unknown-unknown/release/evm_peer.wasm"));
const { exports: engines } = new WebAssembly.Instance(new WebAssembly.Module(wasm));
const snail = cases.find((one) => one.name === "snailtracer");
for (const byte of Buffer.from(snail?.code ?? "", "hex")) engines.code_byte(byte);

/** Milliseconds of the shortest of many runs of each engine, in turn, and the gas they used. */
function wasmTimes(index) {
  const shortest = [Infinity, Infinity];
  const gas = [0, 0];
  const begun = performance.now();
  for (let round = 0; round < 3 || performance.now() - begun < 3000; round++) {
    for (const engine of [0, 1]) {
      engines.prepare(index, engine);
      gas[engine] = engines.run();
      for (let again = 0; again < 3; again++) {
        const start = performance.now();
        engines.run();
        shortest[engine] = Math.min(shortest[engine], performance.now() - start);
      }
    }
  }
  if (gas[0] !== gas[1] || gas[0] < 0) throw new Error(`${cases[index].name}: gas ${gas[0]}, revm ${gas[1]}`);
  return [...shortest, gas[0]];
}

/** A function that runs a case in @ethereumjs/evm and tells the milliseconds. */
async function ethereumjs(folder) {
  const require = createRequire(path.resolve(folder, "package.json"));
  const load = (name) => import(pathToFileURL(require.resolve(name)));
  const { createEVM } = await load("@ethereumjs/evm");
  const { Common, Hardfork, Mainnet } = await load("@ethereumjs/common");
  const { createAddressFromString, hexToBytes } = await load("@ethereumjs/util");
  return async (one) => {
    const common = new Common({ chain: Mainnet, hardfork: Hardfork.Prague });
    const evm = await createEVM({ common });
    const to = createAddressFromString(`0x${"c0".repeat(20)}`);
    await evm.stateManager.putCode(to, hexToBytes(`0x${one.code}`));
    for (const [n, code] of one.others.entries()) {
      const callee = createAddressFromString(`0x${"ca".repeat(19)}${n.toString(16).padStart(2, "0")}`);
      await evm.stateManager.putCode(callee, hexToBytes(`0x${code}`));
    }
    const start = performance.now();
    const data = hexToBytes(`0x${one.input}`);
    const { execResult } = await evm.runCall({ to, data, gasLimit: BigInt(one.gas) });
    if (execResult.exceptionError) throw new Error(`${one.name}: ${execResult.exceptionError.error}`);
    return performance.now() - start;
  };
}

const mean = (ratios) => Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
const third = o.ethereumjs && (await ethereumjs(o.ethereumjs));
const [againstRevm, againstThird] = [[], []];
console.log(`| case | gas | Glassbox ms | revm ms | ratio |${third ? " @ethereumjs/evm ms | ratio |" : ""}`);
console.log(`| --- | --- | --- | --- | --- |${third ? " --- | --- |" : ""}`);
for (const [index, one] of cases.entries()) {
  if (only.length > 0 && !only.some((word) => one.name.includes(word))) continue;
  const [ours, revm, gas] = wasmTimes(index);
  againstRevm.push(revm / ours);
  let line = `| ${one.name} | ${gas} | ${ours.toFixed(2)} | ${revm.toFixed(2)} | ${(revm / ours).toFixed(2)} |`;
  if (third) {
    const ms = await third(one);
    againstThird.push(ms / ours);
    line += ` ${ms.toFixed(0)} | ${(ms / ours).toFixed(0)} |`;
  }
  console.log(line);
}
console.log(
  `geometric mean against revm ${mean(againstRevm).toFixed(2)}, least ${Math.min(...againstRevm).toFixed(2)}`,
);
if (third) console.log(`geometric mean against @ethereumjs/evm ${mean(againstThird).toFixed(0)}`);
