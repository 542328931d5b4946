// --save and --open: a run that is interrupted goes on as if it had not been, and files that do not fit are refused.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { commandLine, glassbox, guestFile, guestNamed, ROOT, scratch } from "./glassbox.mjs";

const { folder, file } = scratch();
const saved = (name) => join(folder, name);

/** A run to an instruction that prints the state's hash. */
const until = (guest, count, ...more) =>
  glassbox([...commandLine(guest), "--serial", "null", "--max-instructions", String(count), "--state-hash", ...more]);

for (const [name, half, whole] of [
  ["timer", 12_000_000, 20_000_000],
  ["linux", 30_000_000, 60_000_000],
]) {
  const guest = guestNamed(name);
  test(`${name} goes on from a file as if it had not stopped`, { skip: !guest && "not made here" }, async () => {
    const snapshot = saved(`${name}.glassbox`);
    const straight = await until(guest, whole);
    const first = await until(guest, half, "--save", snapshot);
    assert.equal(first.code, 0, first.err);
    const opened = await until(guest, half, "--open", snapshot, "--save", saved("again.glassbox"));
    assert.equal(opened.out, first.out, opened.err);
    assert.ok(readFileSync(saved("again.glassbox")).equals(readFileSync(snapshot)), "saved again: the same bytes");
    const rest = await until(guest, whole, "--open", snapshot);
    assert.equal(rest.out, straight.out, rest.err);
  });
}

const hello = guestNamed("hello");

test("the native twin and the wasm open each other's files", { skip: !hello && "not made here" }, async () => {
  await until(hello, 9_000_000, "--save", saved("wasm.glassbox"));
  const args = [...commandLine(hello), "--serial", "null", "--state-hash", "--max-instructions"];
  const native = (...more) =>
    promisify(execFile)("cargo", ["run", "-q", "-p", "emu-core", "--example", "run", "--", ...args, ...more], {
      cwd: ROOT,
    });
  const { stdout } = await native("9000000", "--save", saved("native.glassbox"));
  const straight = await until(hello, 12_000_000);
  // Packed bytes may differ: LZ4 looks for what repeats in words of the host's size.
  for (const name of ["wasm", "native"]) {
    const file = saved(`${name}.glassbox`);
    assert.equal((await until(hello, 9_000_000, "--open", file)).out, stdout, name);
    assert.equal((await native("9000000", "--open", file)).stdout, stdout, name);
    assert.equal((await native("12000000", "--open", file)).stdout, straight.out, name);
  }
});

test("files that do not fit are refused in one line", { skip: !hello && "not made here" }, async () => {
  const snapshot = saved("hello.glassbox");
  await until(hello, 9_000_000, "--save", snapshot);
  const refused = async (guest, name, pattern) => {
    const { code, err } = await until(guest, 10_000_000, "--open", name);
    assert.equal(code, 2, err);
    assert.match(err, pattern);
    assert.equal(err.trimEnd().split("\n").length, 1, err);
  };
  await refused(
    { ...hello, memoryMb: 32 },
    snapshot,
    /another machine: it has 16384 KiB of memory, this one 32768 KiB/,
  );
  await refused(hello, file("not.glassbox", "GIF89a and so on"), /not a snapshot/);
  await refused(hello, saved("none.glassbox"), /does not exist/);
  const bytes = readFileSync(snapshot);
  bytes[100] ^= 4;
  writeFileSync(saved("damaged.glassbox"), bytes);
  await refused(hello, saved("damaged.glassbox"), /damaged.*: copy or load the file again/);
  writeFileSync(saved("short.glassbox"), readFileSync(snapshot).subarray(0, -5));
  await refused(hello, saved("short.glassbox"), /bytes instead of/);
  const other = readFileSync(guestFile(hello.files.fda));
  other[other.length - 1] ^= 1;
  const swapped = { ...hello, files: { ...hello.files, fda: file("other.img", other) } };
  const args = ["run", "--memory", String(hello.memoryMb), "--fda", swapped.files.fda, "--open", snapshot];
  const { code, err } = await glassbox([...args, "--serial", "null", "--max-instructions", "10000000"]);
  assert.equal(code, 2, err);
  assert.match(err, /floppy drive A held another image of that size/);
});
