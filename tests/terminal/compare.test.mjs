// compare: in what two snapshots differ, and where two recorded runs part.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { commandLine, glassbox, guestNamed, scratch } from "./glassbox.mjs";

const { folder, file } = scratch();
const at = (name) => join(folder, name);
const keyboard = guestNamed("keyboard");
const flags = (guest) => commandLine(guest).slice(1);
const quiet = ["--serial", "null", "--state-hash"];

test("two moments of one run", { skip: !keyboard && "not made here" }, async () => {
  const [first, second] = [at("first.glassbox"), at("second.glassbox")];
  for (const [shown, save] of [
    ["SeaBIOS", first],
    ["Booting from Floppy", second],
  ]) {
    const args = ["run", ...flags(keyboard), ...quiet, "--until-screen", shown, "--save", save];
    const { code, err } = await glassbox([...args, "--max-instructions", "50000000"]);
    assert.equal(code, 0, err);
  }
  const same = await glassbox(["compare", first, first]);
  assert.deepEqual([same.code, same.out], [0, "no difference\n"], same.err);
  const { code, out } = await glassbox(["compare", first, second, "--json"]);
  const found = JSON.parse(out);
  assert.deepEqual([code, found.machine], [1, null]);
  assert.ok(found.instructions[0] < found.instructions[1]);
  assert.ok(found.memory.bytes > 0 && found.memory.count >= found.memory.first.length);
  for (const { at, length, bytes } of found.memory.first) {
    assert.ok(at + length <= 16 * 1024 * 1024 && bytes[0].length === bytes[1].length);
    assert.notDeepEqual(bytes[0], bytes[1]);
  }
  const floppy = found.devices.find(({ name }) => name === "82077AA");
  assert.ok(
    floppy.first.some(({ name, values }) => name === "dor" && values[0] !== values[1]),
    "the motor",
  );
  assert.equal(found.screen.kind, "text");
  assert.ok(found.screen.rows.some(({ texts: [a, b] }) => a === "" && b.startsWith("Booting from Floppy")));
  const lines = (await glassbox(["compare", first, second])).out;
  assert.match(lines, /^instructions: \d+ \| \d+$/m);
  assert.match(lines, /^ {2}row \d+: {2}\| Booting from Floppy/m);
  assert.match(lines, /^memory: \d+ bytes in \d+ runs$/m);
});

test("two runs part where another key was pressed", { skip: !keyboard && "not made here" }, async () => {
  const record = async (name, text) => {
    const typed = ["--type", text, "--type-after", "keyboard: ready"];
    const args = ["record", at(name), ...flags(keyboard), ...quiet, ...typed, "--max-instructions", "9000000"];
    const { code, err } = await glassbox(args);
    assert.equal(code, 0, err);
  };
  await Promise.all([record("a.rec", "abc"), record("b.rec", "abd"), record("again.rec", "abc")]);
  const runs = (a, b) => glassbox(["compare", "--runs", at(a), at(b), ...flags(keyboard), "--json"]);
  const same = await runs("a.rec", "again.rec");
  assert.deepEqual([same.code, JSON.parse(same.out).kind], [0, "nowhere"], same.err);
  const { code, out, err } = await runs("a.rec", "b.rec");
  assert.equal(code, 1, err);
  const { kind, differences } = JSON.parse(out);
  assert.equal(kind, "at");
  // The key is in the keyboard's controller, and nobody has read it yet.
  assert.deepEqual(
    differences.devices.map(({ name }) => name),
    ["8042"],
  );
  assert.equal(differences.memory.bytes, 0);
});

test("what cannot be compared is refused in one line", async () => {
  const refused = async (args, pattern) => {
    const { code, err } = await glassbox(["compare", ...args]);
    assert.equal(code, 2, err);
    assert.match(err, pattern);
    assert.equal(err.trimEnd().split("\n").length, 1, err);
  };
  await refused([], /give two snapshots/);
  await refused([at("none"), at("none")], /does not exist/);
  const gif = file("not.glassbox", "GIF89a and so on");
  await refused([gif, gif], /the first moment: not a snapshot/);
  await refused(["--runs", gif, gif], /not a recording/);
});
