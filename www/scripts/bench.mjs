#!/usr/bin/env node
// Times the sections of the Linux guest's benchmark in our engine, and beside it in the npm package v86 without its
// compiler, or in another checkout of this project, with its engine built. Prints a table of ratios (above 1: we are
// faster) and their geometric mean. Never part of a test: seconds depend on the machine.
// usage: node www/scripts/bench.mjs [--v86 DIR_WITH_node_modules --peer v86-run.mjs [--jit] | --before CHECKOUT]
//          [--timeout SECONDS] [--rounds N]
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values: o } = parseArgs({
  options: {
    v86: { type: "string" },
    before: { type: "string" },
    peer: { type: "string", default: "../shared/peers/v86-run.mjs" },
    jit: { type: "boolean", default: false },
    timeout: { type: "string", default: "600" },
    rounds: { type: "string", default: "1" },
  },
});
const root = path.resolve(import.meta.dirname, "../..");
const linux = path.join(root, ".cache/guests/linux");
const kernel = path.join(linux, "vmlinuz-686");
const initrd = path.join(linux, "initrd.cpio.gz");
const append =
  "tsc=reliable mitigations=off nowatchdog cryptomgr.notests noisapnp " +
  "initcall_blacklist=load_system_certificate_list,crypto_kdf108_init bench console=ttyS0";

/** Runs a program and gives its output line by line to `onLine`; resolves when it ends. */
function run(args, onLine) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    createInterface({ input: child.stdout }).on("line", onLine);
    child.on("error", reject);
    child.on("exit", resolve);
  });
}

async function glassbox(checkout) {
  const sections = new Map();
  let started = performance.now();
  const note = (name) => sections.set(name, performance.now() - started);
  const args = ["run", "--memory", "128", "--kernel", kernel, "--initrd", initrd, "--append", append];
  await run([path.join(checkout, "www/bin/glassbox.mjs"), ...args, "--until", "ALL-DONE", "--stats"], (line) => {
    const text = line.trim();
    if (text === "GUEST-READY") note("boot");
    if (text.startsWith("START ")) started = performance.now();
    const done = /^BENCH (\S+)/.exec(text);
    if (done) note(done[1]);
    if (text.startsWith("{")) console.error(text);
  });
  return sections;
}

async function peer() {
  const sections = new Map();
  const args = [o.peer, "--v86", o.v86, "--kernel", kernel, "--initrd", initrd, "--append", append];
  await run([...args, "--timeout", o.timeout, ...(o.jit ? [] : ["--no-jit"])], (line) => {
    const { name, ms } = JSON.parse(line);
    sections.set(name, ms);
  });
  return sections;
}

/** The least time of each section over the rounds: the one least disturbed by other work. */
function least(into, from) {
  for (const [name, ms] of from) into.set(name, Math.min(ms, into.get(name) ?? Infinity));
}

const [mine, theirs] = [new Map(), new Map()];
for (let round = 0; round < Number(o.rounds); round++) {
  least(mine, await glassbox(root));
  if (o.v86) least(theirs, await peer());
  if (o.before) least(theirs, await glassbox(path.resolve(o.before)));
}
let [product, count] = [0, 0];
for (const [name, ms] of mine) {
  const other = theirs.get(name);
  const ratio = other === undefined ? "" : `${Math.round(other)} ms  ratio ${(other / ms).toFixed(2)}`;
  if (other !== undefined) [product, count] = [product + Math.log(other / ms), count + 1];
  console.log(`${name.padEnd(16)}${String(Math.round(ms)).padStart(7)} ms  ${ratio}`);
}
if (count) console.log(`geometric mean ${Math.exp(product / count).toFixed(2)} over ${count} sections`);
