#!/usr/bin/env node
// What the record of the past costs, in the engine's wasm under Node: processor time with and without it, in runs in turn,
// of Linux booting and of a program that computes and draws; then steps back and random points of Linux's last minute of
// virtual time, and the memory that takes. Prints, and judges nothing: seconds depend on the machine.
// usage: node www/scripts/bench_past.mjs [--rounds N] [--millions INSTRUCTIONS] [--points N] [--no-walk]
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { loadEngine } from "../bin/terminal/engine.mjs";
import { CACHE } from "./paths.mjs";

const { values: o } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    millions: { type: "string", default: "300" },
    points: { type: "string", default: "20" },
    "no-walk": { type: "boolean", default: false },
  },
});
const BUDGET = 256 << 20;
const EVER = 2n ** 62n;
/** What the page runs at once: about as long as a frame. */
const SLICE = 2_000_000n;
const { PcConfig, Pc } = (await loadEngine()).engine;

/** @param {string} name */
function file(name) {
  return readFileSync(path.join(CACHE, name));
}

/** @typedef {{files: {kernel?: string, initrd?: string, append?: string, fda?: string}, name: string, memoryMb: number}} Guest */
const guests = /** @type {Guest[]} */ (JSON.parse(file("guests/manifest.json").toString()));

/** @param {string} name */
function powerOn(name) {
  const guest = guests.find((other) => other.name === name);
  if (!guest) throw new Error(`there is no guest ${name}: node www/scripts/guests.mjs ${name}`);
  const config = new PcConfig();
  config.setRamBytes(guest.memoryMb << 20);
  config.setBios(file("firmware/bios.bin"));
  config.setVgaBios(file("firmware/vgabios.bin"));
  const { kernel, initrd, append, fda } = guest.files;
  if (kernel && initrd) config.setKernel(file(`guests/${kernel}`), file(`guests/${initrd}`), append ?? "");
  if (fda) config.attachBytes("fda", file(`guests/${fda}`), false);
  return new Pc(config);
}

/** Milliseconds of processor time that something takes. @param {() => void} work */
function timed(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Runs as the page does, slice by slice. @param {InstanceType<typeof Pc>} pc @param {() => boolean} done */
function run(pc, done) {
  while (!done() && pc.run(pc.instructions + SLICE, pc.time + 50_000_000n) === 0) pc.takeSerial(0);
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** @param {string} name @param {bigint} instructions */
function compare(name, instructions) {
  /** @type {[number[], number[]]} */
  const times = [[], []];
  let hashes = "";
  for (let round = 0; round < 2 * Number(o.rounds); round++) {
    const recorded = round % 2;
    const pc = powerOn(name);
    if (recorded) pc.record(BUDGET);
    times[recorded]?.push(timed(() => run(pc, () => pc.instructions >= instructions)));
    hashes += `${pc.instructions} `;
    pc.free();
  }
  if (new Set(hashes.trim().split(" ")).size !== 1) throw new Error(`runs of ${name} differ: ${hashes}`);
  const [without, with_] = times.map(median);
  const ratio = (((with_ ?? 0) / (without ?? 1) - 1) * 100).toFixed(1);
  console.log(`${name}: ${without?.toFixed(0)} ms without, ${with_?.toFixed(0)} ms with the record: ${ratio} %`);
}

/** @param {InstanceType<typeof Pc>} pc @param {() => void} work */
function told(pc, work) {
  const ms = timed(work);
  return { ms, at: Number(pc.time) / 1e9 };
}

function walk() {
  const pc = powerOn("linux");
  pc.record(BUDGET);
  let serial = "";
  const booted = timed(() => {
    while (!serial.includes("GUEST-READY") && pc.run(pc.instructions + SLICE, EVER) === 0) {
      serial = serial.slice(-64) + Buffer.from(pc.takeSerial(0)).toString("latin1");
    }
  });
  const until = pc.time + 40_000_000_000n;
  run(pc, () => pc.time >= until);
  const past = pc.past();
  const seconds = ((past.end.time - past.start.time) / 1e9).toFixed(1);
  console.log(`Linux: booted in ${booted.toFixed(0)} ms; ${seconds} s can be walked, ${past.moments.length} moments,`);
  console.log(`  ${(past.bytes / 2 ** 20).toFixed(0)} MiB, ${pc.marks(0n, EVER, 1e6).length} marks`);
  const steps = Array.from({ length: 10 }, () => told(pc, () => pc.goBack("into", "", 1, EVER)).ms);
  console.log(`  steps back: ${steps.map((ms) => ms.toFixed(0)).join(" ")} ms`);
  let seed = 1;
  const points = Array.from({ length: Number(o.points) }, () => {
    seed = (seed * 48271) % 2147483647;
    const time = past.end.time - Math.floor((seed / 2147483647) * Math.min(60e9, past.end.time - past.start.time));
    return told(pc, () => pc.goToTime(BigInt(time), EVER));
  });
  const longest = points.reduce((a, b) => (a.ms > b.ms ? a : b));
  console.log(`  ${points.length} points of the last minute: median ${median(points.map((p) => p.ms)).toFixed(0)} ms,`);
  console.log(`  longest ${longest.ms.toFixed(0)} ms (at ${longest.at.toFixed(1)} s)`);
  const back = timed(() => pc.goBack("into", "", 1, EVER));
  console.log(`  a step back from there: ${back.toFixed(0)} ms`);
  pc.free();
}

compare("linux", BigInt(o.millions) * 1_000_000n);
compare("plasma", BigInt(o.millions) * 1_000_000n);
if (!o["no-walk"]) walk();
