#!/usr/bin/env node
// Makes the guests that the page offers and the tests boot, in .cache/guests, with a manifest.json that lists them.
// usage: node www/scripts/guests.mjs [--require] [NAME...]        (all without names; nothing is made twice)
//   --require   a guest that cannot be made for want of a program or package is an error (exit 1)
import { mkdirSync } from "node:fs";
import { packaged, syslinux } from "./guests/images.mjs";
import * as linux from "./guests/linux.mjs";
import { writeManifest } from "./guests/manifest.mjs";
import { faults, own } from "./guests/own.mjs";
import { GUESTS, isFresh, markFresh, markStale, Skip, step } from "./guests/steps.mjs";

const makers = [
  ...own(),
  faults(),
  { name: "linux", inputs: linux.inputs, outputs: linux.outputs, make: linux.make },
  { name: "linux-disk", inputs: linux.diskInputs, outputs: linux.diskOutputs, make: linux.makeDisk },
  ...packaged,
  syslinux,
];

function chosen(names) {
  const unknown = names.filter((name) => !makers.some((maker) => maker.name === name));
  if (unknown.length === 0) return names.length ? makers.filter(({ name }) => names.includes(name)) : makers;
  console.error(`guests: no guest ${unknown.join(", ")}; there are: ${makers.map(({ name }) => name).join(" ")}`);
  process.exit(2);
}

/** Makes one guest unless it is there; returns why not, if so. */
function make({ name, inputs, outputs, make }) {
  if (isFresh(name, inputs(), outputs)) return null;
  markStale(name);
  try {
    make();
    markFresh(name, inputs());
    return null;
  } catch (error) {
    return { name, skipped: error instanceof Skip, reason: error.message };
  }
}

const args = process.argv.slice(2);
const required = args.includes("--require");
const selection = chosen(args.filter((arg) => arg !== "--require"));
mkdirSync(GUESTS, { recursive: true });
const failures = selection.map(make).filter(Boolean);
step("guests: manifest.json", () => `${writeManifest()} guests`);
for (const { name, skipped, reason } of failures) {
  console.error(`guests: ${name} ${skipped ? "left out" : "failed"}: ${reason}`);
}
process.exit(failures.some(({ skipped }) => required || !skipped) ? 1 : 0);
