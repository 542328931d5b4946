// Makes goldens.json: the screens of graphics guests as QEMU shows them. Run it when such a guest changes:
//   node tests/browser/make_goldens.mjs
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const QEMU = resolve(import.meta.dirname, "../guests/qemu.mjs");

/**
 * Guests and how many bits of each colour their mode fixes: the DAC has six, and QEMU and we are free in how they make
 * eight of them; 5:6:5 pixels have at least five.
 */
const BITS = { plasma: 6, planar: 6, modex: 6, vbe: 8, vbe16: 5 };

/** Reads a binary PPM as QEMU writes it: `P6 width height 255`, one blank, pixels. */
function readPpm(bytes) {
  const [header, width, height] = /^P6\s(\d+)\s(\d+)\s255\s/.exec(bytes.toString("latin1", 0, 40)) ?? [];
  if (!header) throw new Error("QEMU's screenshot is no PPM");
  return { width: Number(width), height: Number(height), rgb: bytes.subarray(header.length) };
}

const folder = mkdtempSync(join(tmpdir(), "goldens-"));
const goldens = {};
for (const [name, bits] of Object.entries(BITS)) {
  const file = join(folder, `${name}.ppm`);
  execFileSync("node", [QEMU, name, "--screenshot", file], { stdio: ["ignore", "ignore", "inherit"] });
  const { width, height, rgb } = readPpm(readFileSync(file));
  const mask = (0xff << (8 - bits)) & 0xff;
  const sha256 = createHash("sha256")
    .update(rgb.map((value) => value & mask))
    .digest("hex");
  goldens[name] = { width, height, bits, sha256 };
  console.log(`${name}: ${width}x${height}`);
}
rmSync(folder, { recursive: true });
writeFileSync(new URL("goldens.json", import.meta.url), `${JSON.stringify(goldens, null, 2)}\n`);
