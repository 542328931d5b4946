#!/usr/bin/env node
// Makes golden.json: what the screen of each graphics guest shows in QEMU when the guest has come to its end.
// usage: node tests/guests/golden.mjs           (QEMU is needed; only to be run when a guest's picture changes)
//
// An entry is { width, height, scale, bits, sha256 }: QEMU's picture of width x height pixels, where each pixel of the guest
// is `scale` x `scale`. The hash is over all rows, three bytes a pixel (red, green, blue), of which only the upper `bits` of
// each component count and the others are zero: how 6 bits of the DAC become 8 differs from one emulator to the next.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const DAC = [6, 6, 6];
const PICTURES = {
  plasma: { scale: 2, bits: DAC },
  planar: { scale: 1, bits: DAC },
  modex: { scale: 2, bits: DAC },
  vbe: { scale: 1, bits: [8, 8, 8] },
  vbe16: { scale: 1, bits: [5, 6, 5] },
};

/** A binary PPM with 8 bits a component, as QEMU writes it. */
function parsePpm(bytes) {
  const header = /^P6\s(\d+) (\d+)\s255\s/.exec(bytes.toString("latin1", 0, 64));
  if (!header) throw new Error("not a PPM of 8 bits");
  return { width: Number(header[1]), height: Number(header[2]), pixels: bytes.subarray(header[0].length) };
}

function golden(name, { scale, bits }, folder) {
  const file = path.join(folder, `${name}.ppm`);
  const done = spawnSync(process.execPath, [path.join(HERE, "qemu.mjs"), name, "--screenshot", file], {
    stdio: "inherit",
  });
  if (done.status !== 0) throw new Error(`${name} did not come to its end in QEMU`);
  const { width, height, pixels } = parsePpm(readFileSync(file));
  const masks = bits.map((count) => (0xff << (8 - count)) & 0xff);
  const sha256 = createHash("sha256")
    .update(pixels.map((value, at) => value & masks[at % 3]))
    .digest("hex");
  return { width, height, scale, bits, sha256 };
}

const folder = mkdtempSync(path.join(os.tmpdir(), "glassbox-golden-"));
try {
  const all = Object.entries(PICTURES).map(([name, picture]) => [name, golden(name, picture, folder)]);
  writeFileSync(path.join(HERE, "golden.json"), `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
