// The engine compiled to wasm and the one compiled for this machine go through the same states.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { glassbox, ROOT } from "./glassbox.mjs";

const GUESTS = join(ROOT, ".cache/guests");
const manifest = JSON.parse(readFileSync(join(GUESTS, "manifest.json"), "utf8"));
const native = ["run", "-q", "-p", "emu-core", "--example", "run", "--"];

/** Text typed at the keyboard is part of the run: it comes at the same virtual time in both. */
const RUNS = {
  keyboard: ["--type", "glass\\e", "--type-after", "keyboard: ready", "--max-instructions", "20000000"],
  paging: ["--max-instructions", "8000000"],
  vbe: ["--max-instructions", "20000000"],
  linux: ["--max-instructions", "60000000"],
  "grub-floppy": ["--max-instructions", "40000000"],
};

for (const [name, more] of Object.entries(RUNS)) {
  const guest = manifest.find((entry) => entry.name === name);
  test(`${name} natively and in wasm`, { skip: !guest && "not made on this system" }, async () => {
    const args = ["run", "--memory", String(guest.memoryMb), "--serial", "null", "--state-hash"];
    for (const [role, value] of Object.entries(guest.files)) {
      args.push(`--${role}`, role === "append" ? value : join(GUESTS, value));
    }
    const wasm = await glassbox([...args, ...more]);
    const twin = await promisify(execFile)("cargo", [...native, ...args, ...more], { cwd: ROOT });
    assert.match(wasm.out, /^[0-9a-f]{32}\n$/);
    assert.equal(twin.stdout, wasm.out);
  });
}
