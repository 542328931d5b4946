// record and replay: what was typed and sent, and when, makes the same run again; nothing leaves it twice.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandLine, glassbox, guestNamed, ROOT, scratch } from "./glassbox.mjs";

const { folder } = scratch();
const at = (name) => join(folder, name);
/** Flags of a guest's machine. */
const flags = (guest) => commandLine(guest).slice(1);
const keyboard = guestNamed("keyboard");
const echo = guestNamed("serial");
const hello = guestNamed("hello");

test("a run is made again, to its end and to instructions in it", { skip: !keyboard && "not made here" }, async () => {
  const typed = ["--type", "glass\\e", "--type-after", "keyboard: ready", "--serial"];
  const most = (count) => ["--max-instructions", String(count), "--state-hash"];
  const file = at("typed.rec");
  const recorded = await glassbox(["record", file, ...flags(keyboard), ...typed, at("first.txt"), ...most(20_000_000)]);
  assert.equal(recorded.code, 0, recorded.err);
  assert.ok(readFileSync(file).length < 300, `${readFileSync(file).length} bytes`);
  const again = await glassbox(["replay", file, ...flags(keyboard), "--serial", at("second.txt"), "--state-hash"]);
  assert.deepEqual([again.code, again.out], [0, recorded.out], again.err);
  const sent = readFileSync(at("first.txt"), "latin1");
  assert.match(sent, /keyboard: ready/);
  assert.equal(readFileSync(at("second.txt"), "latin1"), sent);
  for (const count of [1, 3_000_000, 7_530_000]) {
    const run = await glassbox(["run", ...flags(keyboard), ...typed, "null", ...most(count)]);
    const replay = ["replay", file, ...flags(keyboard), "--to", String(count), "--serial", "null", "--state-hash"];
    assert.equal((await glassbox(replay)).out, run.out, `at ${count}`);
  }
});

test("what came on the serial line is part of it", { skip: !echo && "not made here" }, async () => {
  const file = at("serial.rec");
  const dialog = [
    ["serial: ok", "first words\n"],
    ["FIRST WORDS", "and more\n"],
  ];
  const recorded = await glassbox(["record", file, ...flags(echo), "--until", "AND MORE"], { dialog });
  assert.equal(recorded.code, 0, recorded.err);
  assert.match(recorded.out, /FIRST WORDS[\s\S]*AND MORE/);
  const again = await glassbox(["replay", file, ...flags(echo)]);
  assert.deepEqual([again.code, again.out], [0, recorded.out], again.err);
});

test("Ctrl-C and SIGTERM end the run, and the recording is written", { skip: !hello && "not made here" }, async () => {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    const file = at(`${signal}.rec`);
    const bin = join(ROOT, "www/bin/glassbox.mjs");
    const child = spawn(process.execPath, [bin, "record", file, ...flags(hello)], { timeout: 60_000 });
    child.stdout.on("data", () => child.kill(signal));
    const code = await new Promise((done) => child.on("close", done));
    assert.deepEqual([code, existsSync(file)], [0, true], signal);
    const again = await glassbox(["replay", file, ...flags(hello), "--serial", "null"]);
    assert.equal(again.code, 0, again.err);
  }
});

test("what does not fit is refused in one line", { skip: !hello && "not made here" }, async () => {
  const file = at("refused.rec");
  const recorded = await glassbox([
    "record",
    file,
    ...flags(hello),
    "--serial",
    "null",
    "--max-instructions",
    "100000",
  ]);
  assert.equal(recorded.code, 0, recorded.err);
  const refused = async (args, pattern) => {
    const { code, err } = await glassbox([...args, "--serial", "null"]);
    assert.equal(code, 2, err);
    assert.match(err, pattern);
    assert.equal(err.trimEnd().split("\n").length, 1, err);
  };
  await refused(["replay", file, ...flags({ ...hello, memoryMb: 32 })], /another machine: it has 16384 KiB/);
  await refused(["replay", file, ...flags(keyboard)], /floppy drive A held another image of that size/);
  await refused(["replay", file, ...flags(hello), "--to", "100001"], /the recording ends at instruction 100000/);
  await refused(["replay", file, ...flags(hello), "--type", "a"], /--type: is nothing for glassbox replay/);
  await refused(["record", at("x.rec"), ...flags(hello), "--open", file], /a recording begins at power-on/);
  await refused(["replay", at("none.rec"), ...flags(hello)], /does not exist/);
  const bytes = readFileSync(file);
  bytes[50] ^= 1;
  writeFileSync(at("damaged.rec"), bytes);
  await refused(["replay", at("damaged.rec"), ...flags(hello)], /the recording is damaged \(the checksum\)/);
});
