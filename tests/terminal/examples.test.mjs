// The teaching programs: each is assembled by NASM, runs in the terminal, and shows what its lesson says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";
import { need } from "../../www/scripts/guests/tools.mjs";
import { glassbox, ROOT } from "./glassbox.mjs";

const SOURCES = join(ROOT, "www/src/examples/pc");
const FOLDER = mkdtempSync(join(tmpdir(), "glassbox-"));
const MOST = 30e6;

after(() => rmSync(FOLDER, { recursive: true }));

const hex = (value) => value.toString(16).toUpperCase().padStart(2, "0");

/** What the text screen shows in the end: rows that follow each other, empty ones left out. */
const SHOWS = {
  hello: ["Hello from the boot sector!"],
  text_memory: [
    " Sixteen colours on sixteen grounds",
    ...Array.from({ length: 16 }, (_, row) => Array.from({ length: 16 }, (_, cell) => hex(row * 16 + cell)).join(" ")),
  ],
  stack: ["7! = 5040"],
  // The golden ratio is 1.6180339887..., pi 3.1415926535...
  fpu: ["golden ratio 1.61803399", "pi           3.14159265", "1 / 0 has set the zero-divide flag."],
  self_modifying: ["0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ!"],
  keyboard: ["Type something: glass box 42"],
  timer: ["tick, tock", "tick, tock"],
  // 01h is "invalid function or parameter".
  disk: ["Reading sector 2: this text came from the disk.", "Reading sector 63: error 01"],
  a20: ["A20 closed: FFFF:0510 is 0000:0500", "A20 open:   FFFF:0510 is another byte than 0000:0500"],
  protected: ["Hello from 32-bit protected mode.", "A byte above one megabyte was written and read back."],
  paging: [
    "Page fault at 40000000, gets the frame at 00020000",
    "Page fault at 40003000, gets the frame at 00021000",
    "Page fault at 40008000, gets the frame at 00022000",
    "All four bytes are where they were written.",
  ],
  ring3: [
    "Ring 3 asks the kernel to print this.",
    "The kernel: that was not allowed in ring 3. The program is stopped.",
  ],
  v86: [
    "The task wrote this row itself.",
    "The task asked for this row, character by character.",
    // One for each character of the second row, one for CLI, one for the end.
    `The task has ended. Faults that the monitor served: ${"The task asked for this row, character by character.".length + 2}`,
  ],
};

/** Those that show the same row again and again. */
const ENDLESS = new Set(["timer"]);

/** Keys for those that wait for a person. */
const TYPES = { keyboard: ["--type", "glass box 42", "--type-after", "Type something:"] };

/** Assembles an example with all of NASM's warnings on; returns the image's path. */
function assemble(name) {
  const image = join(FOLDER, `${name}.img`);
  const args = ["-f", "bin", "-w+all", "-w+error", "-o", image, join(SOURCES, `${name}.asm`)];
  const { status, stderr } = spawnSync(need("nasm"), args, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return image;
}

/** Runs an example for some time, or until its screen shows a text; returns the rows that are not empty. */
async function screenOf(name, { most = MOST, until = "", more = [] } = {}) {
  const ends = ["--max-instructions", String(most), ...(until ? ["--until-screen", until] : [])];
  const args = ["run", "--serial", "null", "--fda", assemble(name), "--screen-text", ...ends, ...more];
  const { code, out, err } = await glassbox(args);
  assert.equal(code, 0, err);
  return out.split("\n").filter((row) => row.trim() !== "");
}

const named = readdirSync(SOURCES)
  .filter((file) => file.endsWith(".asm"))
  .map((file) => file.replace(".asm", ""));

test("every example is tested here", () => {
  assert.deepEqual([...Object.keys(SHOWS), "fault", "picture", "scheduler"].sort(), named.sort());
});

test("the page's assembler makes the same bytes of every example as NASM", async () => {
  const folder = join(ROOT, "www/src/wasm/nasm");
  const assembler = await import(pathToFileURL(join(folder, "nasm.js")).href);
  assembler.initSync({ module: readFileSync(join(folder, "nasm_bg.wasm")) });
  for (const name of named) {
    const { code, errors } = JSON.parse(assembler.assemble(readFileSync(join(SOURCES, `${name}.asm`), "utf8"), ""));
    assert.deepEqual(errors, undefined, name);
    assert.equal(code, readFileSync(assemble(name)).toString("hex"), name);
  }
});

for (const [name, expected] of Object.entries(SHOWS)) {
  test(`${name} shows what it should`, async () => {
    const rows = await screenOf(name, { until: ENDLESS.has(name) ? "" : expected.at(-1), more: TYPES[name] });
    const shown = rows.map((row) => row.trim());
    const first = shown.indexOf(expected[0].trim());
    assert.deepEqual(
      shown.slice(first, first + expected.length),
      expected.map((row) => row.trim()),
    );
  });
}

test("fault reports both faults at the addresses of their instructions", async () => {
  const rows = await screenOf("fault", { until: "And the program goes on." });
  // Where NASM's listing has the two instructions.
  const listing = join(FOLDER, "fault.lst");
  spawnSync(need("nasm"), ["-f", "bin", "-l", listing, "-o", join(FOLDER, "fault.bin"), join(SOURCES, "fault.asm")]);
  const lines = readFileSync(listing, "utf8").split("\n");
  const address = (label) => {
    const at = lines.findIndex((line) => line.includes(`${label}:`));
    const offset = /^\s*\d+ ([0-9A-F]{8})/.exec(lines[at + 1])[1];
    return hex(0x7c00 + Number.parseInt(offset, 16)).padStart(8, "0");
  };
  assert.deepEqual(rows, [
    `General protection fault at ${address("first_fault")}, error code 00000088`,
    `General protection fault at ${address("second_fault")}, error code 00000000`,
    "And the program goes on.",
  ]);
});

test("the scheduler's three tasks all go on", async () => {
  const states = [];
  // A round of the three is three million instructions.
  for (const instructions of [9, 12, 15, 18, 21]) {
    states.push(await screenOf("scheduler", { most: instructions * 1e6 }));
  }
  for (const rows of states)
    assert.deepEqual(
      rows.map((row) => row.split(" ")[0]),
      ["counter", "wheel", "star"],
    );
  const counts = states.map(([row]) => Number.parseInt(row.slice(8), 16));
  assert.ok(
    counts.every((count, index) => index === 0 || count > counts[index - 1]),
    `the counter: ${counts}`,
  );
  const different = (row) => new Set(states.map((rows) => rows[row])).size;
  assert.ok(different(1) > 1, "the wheel stands still");
  assert.ok(different(2) > 1, "the star stands still");
});

/** A PNG of the terminal: 8-bit RGB, no filter (its own reader, so that the writer is tested too). */
function readPng(file) {
  const bytes = readFileSync(file);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const length = bytes.readUInt32BE(33);
  const rows = inflateSync(bytes.subarray(41, 41 + length));
  return { width, height, pixel: (x, y) => [0, 1, 2].map((part) => rows[y * (width * 3 + 1) + 1 + x * 3 + part]) };
}

test("the picture has the colours that its source computes", async () => {
  const file = join(FOLDER, "picture.png");
  await screenOf("picture", { more: ["--screenshot", file] });
  const { width, height, pixel } = readPng(file);
  const [scaleX, scaleY] = [width / 320, height / 200];
  assert.ok(Number.isInteger(scaleX) && Number.isInteger(scaleY), `${width}x${height}`);
  for (let y = 0; y < 200; y += 7) {
    for (let x = 0; x < 320; x += 3) {
      const number = (x ^ y) & 0xff;
      const dac = [number >> 2, number & 63, (~number & 0xff) >> 2];
      const seen = pixel(x * scaleX, y * scaleY);
      // 63 is full; monitors differ in how they spread the steps between.
      const far = seen.some((value, part) => Math.abs(value - (dac[part] * 255) / 63) > 3);
      assert.ok(!far, `pixel ${x},${y} is ${seen}, its palette entry ${dac}`);
    }
  }
});
