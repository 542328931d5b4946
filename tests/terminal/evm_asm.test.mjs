// `glassbox evm asm` and `glassbox evm disasm`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { glassbox, scratch } from "./glassbox.mjs";

const { folder, file } = scratch();

/** What a run that must succeed writes. */
async function output(...args) {
  const { code, out, err } = await glassbox(["evm", ...args]);
  assert.equal(code, 0, err);
  assert.equal(err, "");
  return out;
}

/** Runs with arguments that must be refused in one line. */
async function refused(args, part) {
  const { code, out, err } = await glassbox(["evm", ...args]);
  assert.equal(code, 2, err);
  assert.equal(out, "");
  assert.match(err, part);
  assert.match(err, /^glassbox: [^\n]+\n$/);
}

test("a text becomes code, and code a text that becomes the same code", async () => {
  const text = "PUSH 0 loop: DUP1 PUSH 1 ADD ; counts\nDUP1 PUSH 10 GT PUSH @loop JUMPI STOP .bytes 0xc0ffee";
  const code = "0x5f5b8060010180600a1160015700c0ffee\n";
  assert.equal(await output("asm", "--text", text), code);
  assert.equal(await output("asm", file("loop.easm", text)), code);
  const shown = await output("disasm", "--code", code.trim());
  assert.match(shown, /^L_0001: +; 0001$/m);
  assert.match(shown, /^ {4}PUSH1 @L_0001 +; 000a$/m);
  assert.match(shown, /\.bytes 0xc0ffee +; 000e nothing leads here/);
  assert.equal(await output("asm", file("again.easm", shown)), code);
});

test("binary files, hexadecimal files and stdin", async () => {
  const binary = join(folder, "code.bin");
  assert.equal(await output("asm", "--text", "%return_word 0xff00", "--binary", "--output", binary), "");
  assert.equal(readFileSync(binary).toString("hex"), "61ff005f5260205ff3");
  const shown = await output("disasm", binary);
  assert.match(shown, /PUSH2 0xff00/);
  assert.equal(await output("disasm", file("code.hex", "0x61ff00 5f52\n60205ff3\n")), shown);
  const { out } = await glassbox(["evm", "asm", "-"], { dialog: [["", "PUSH 0"]] });
  assert.equal(out, "0x5f\n");
});

test("forks", async () => {
  assert.equal(await output("asm", "--text", "PUSH 0", "--fork", "paris"), "0x6000\n");
  assert.equal(await output("asm", "--text", "DUPN 17", "--fork=Amsterdam"), "0xe680\n");
  assert.match(await output("disasm", "--code", "44", "--fork", "London"), /DIFFICULTY/);
  await refused(
    ["asm", "--text", "STOP", "--fork", "Petersberg"],
    /--fork: no fork is called Petersberg; there are Fron/,
  );
});

test("JSON", async () => {
  const { code, map, labels, expansions } = JSON.parse(
    await output("asm", "--json", "--text", "\n  here: %revert_empty"),
  );
  assert.equal(code, "5b5f5ffd");
  assert.deepEqual(map[1], { pc: 1, line: 2, column: 10, expansion: 0 });
  assert.deepEqual(labels, [{ name: "here", pc: 0, value: 0, jumpdest: true, line: 2, expansion: null }]);
  assert.deepEqual(expansions, [{ name: "revert_empty", line: 2, column: 10, parent: null }]);
  const listing = JSON.parse(await output("disasm", "--json", "--code", "5b5f56"));
  assert.equal(listing.fork, "BPO2");
  assert.deepEqual(listing.lines[0], { pc: 0, bytes: "5b", label: "L_0000", text: "", gas: 1 });
  assert.deepEqual(listing.blocks, [{ start: 0, end: 3, kind: "code", jump: { to: 0 }, falls_through: false }]);
});

test("errors have file, line and column", async () => {
  const path = file("wrong.easm", "PUSH1 256\nSTOP\n  FOO");
  const { code, out, err } = await glassbox(["evm", "asm", path]);
  assert.equal(code, 2);
  assert.equal(out, "");
  assert.deepEqual(err.split("\n"), [
    `${path}:1:1: the number does not fit in PUSH1: PUSH2 does, as does PUSH`,
    `${path}:3:3: \`FOO\` is no instruction; a label ends with a colon`,
    "",
  ]);
});

test("bad arguments and files", async () => {
  await refused([], /evm without a command: the commands are run, asm, disasm, statetest, t8n/);
  await refused(["asn"], /evm asn: /);
  await refused(["asm"], /give a FILE, or - for stdin, or --text/);
  await refused(["asm", "a", "b"], /b: one argument too many/);
  await refused(["asm", "--text"], /--text: needs a value/);
  await refused(["asm", "--text=STOP", "--colour"], /--colour: unknown/);
  await refused(["asm", join(folder, "none.easm")], /none\.easm: does not exist/);
  await refused(["asm", file("latin.easm", Buffer.from("; caf\xe9", "latin1"))], /latin\.easm: is not text in UTF-8/);
  await refused(["asm", "--text=STOP", "--output", join(folder, "no/such/folder")], /cannot be written/);
  await refused(["disasm", "--code", "0x6"], /--code: 1 digits; bytes have two digits each/);
  await refused(["disasm", "--code", "60zz"], /--code: "z" at digit 3 is not hexadecimal/);
  await refused(["disasm", file("text.hex", "PUSH 1")], /text\.hex: "P" at digit 1/);
});

test("--help and --macros", async () => {
  assert.match(await output("--help"), /glassbox evm asm/);
  assert.match(await output("asm", "--help"), /--macros/);
  assert.match(await output("disasm", "--help"), /--code HEX/);
  assert.match(await output("asm", "--macros"), /^%mapping slot +takes a key/m);
});
