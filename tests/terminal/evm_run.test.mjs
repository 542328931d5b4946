// `glassbox evm run`.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { glassbox, scratch } from "./glassbox.mjs";

const { folder, file } = scratch();

async function run(...args) {
  return glassbox(["evm", "run", ...args]);
}

async function json(...args) {
  const { code, out, err } = await run("--json", ...args);
  assert.equal(err, "");
  return { code, ...JSON.parse(out) };
}

/** Adds 1 and 2 and returns the sum. */
const SUM = "600160020160005260206000f3";
const THREE = `0x${"3".padStart(64, "0")}`;

test("the result in words", async () => {
  const { code, out, err } = await run("--code", SUM);
  assert.equal(err, "");
  assert.equal(code, 0);
  // 6 x 3 for PUSH1, 3 for ADD, 3 + 3 for MSTORE and a word of memory.
  assert.equal(out, `succeeded (Return)\ngas used 27\noutput ${THREE}\n`.replace("27", "24"));
});

test("code from files: digits, bytes, and text for the assembler", async () => {
  const digits = file("sum.hex", `0x${SUM}\n`);
  const bytes = file("sum.bin", Buffer.from(SUM, "hex"));
  const text = file(
    "sum.easm",
    "PUSH 1 PUSH 2 ADD %return_word_on_stack".replace("%return_word_on_stack", "PUSH 0 MSTORE PUSH 32 PUSH 0 RETURN"),
  );
  for (const path of [digits, bytes, text]) assert.equal((await json("--codefile", path)).output, THREE);
  const { out } = await glassbox(["evm", "run", "--codefile", "-"], { dialog: [["", SUM]] });
  assert.match(out, /succeeded/);
});

test("failures say why, and where", async () => {
  const { code, out } = await run("--code", "600160005600");
  assert.equal(code, 1);
  assert.match(out, /^failed \(InvalidJump\): pc 0x4, JUMP: .*JUMPDEST/);
  const short = await json("--code", "6001600055", "--gas", "100");
  assert.equal(short.code, 1);
  assert.equal(short.gasUsed, 100);
  assert.match(short.error, /SSTORE/);
  // Error(string) "no".
  const reverts = `7f08c379a0${"0".repeat(56)}600052602060045260026024527f6e6f${"0".repeat(60)}60445260646000fd`;
  const reverted = await json("--code", reverts);
  assert.equal(reverted.halt, "Revert");
  assert.match(reverted.error, /reverted: "no"/);
  const fork = await json("--code", "5f00", "--fork", "Paris");
  assert.match(fork.error, /PUSH0 .*Shanghai/);
});

test("value, gas, input, sender and receiver are what the code sees", async () => {
  const store = (op, at) => `${op}60${at}52`;
  const code = `${store("34", "00")}${store("33", "20")}${store("30", "40")}6000356060526080${"6000f3"}`;
  const sender = `0x${"aa".repeat(20)}`;
  const receiver = `0x${"bb".repeat(20)}`;
  const { output } = await json(
    ...["--code", code, "--value", "0x10", "--input", "0102", "--sender", sender, "--receiver", receiver],
  );
  const words = output.slice(2).match(/.{64}/g);
  assert.deepEqual(words, [
    "10".padStart(64, "0"),
    "aa".repeat(20).padStart(64, "0"),
    "bb".repeat(20).padStart(64, "0"),
    "0102".padEnd(64, "0"),
  ]);
});

test("state: prestate, dump, creation", async () => {
  const account = `0x${"00".repeat(19)}aa`;
  const slot = `0x${"1".padStart(64, "0")}`;
  // Adds 1 to slot 1.
  const alloc = { [account]: { balance: "0x5", code: "0x60015460010160015500", storage: { [slot]: "0x41" } } };
  for (const state of [alloc, { alloc, gasLimit: "0x1000000", difficulty: "0x1" }]) {
    const prestate = file("prestate.json", JSON.stringify(state));
    const { state: dump, success } = await json("--prestate", prestate, "--receiver", account, "--dump");
    assert.ok(success);
    assert.deepEqual(dump.accounts[account].storage, { [slot]: "42" });
  }
  const init = "6001600c60003960016000f300";
  const { created, output } = await json("--create", "--code", init);
  assert.match(created, /^0x[0-9a-f]{40}$/);
  assert.equal(output, "0x00");
});

test("cryptography is loaded when it is called", async () => {
  const { output } = await json("--receiver", "0x0000000000000000000000000000000000000002", "--input", "616263");
  assert.equal(output, "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const call = "60006000600060006000600161fffff100";
  assert.equal((await json("--code", call)).success, true);
});

test("forks and chains", async () => {
  assert.equal((await json("--code", "5f00")).fork, "BPO2");
  assert.equal((await json("--code", "5f00", "--chain", "sepolia")).success, true);
  const chain = file("chain.json", JSON.stringify({ chainId: 77, berlinBlock: 0, londonBlock: 0 }));
  const { code, err } = await run("--code", "4660005260206000f3", "--chain", chain);
  // A schedule needs the forks before, and the message says so.
  assert.equal(code, 2);
  assert.match(err, /^glassbox: --chain .*chain\.json: /);
});

test("traces", async () => {
  const lines = await run("--code", "600160020100", "--trace", "eip3155");
  const steps = lines.out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    steps.slice(0, 4).map(({ pc, opName }) => [pc, opName]),
    [
      [0, "PUSH1"],
      [2, "PUSH1"],
      [4, "ADD"],
      [5, "STOP"],
    ],
  );
  assert.equal(steps[4].pass, true);
  assert.match(lines.err, /^succeeded/);

  const struct = JSON.parse((await run("--code", "600160020100", "--trace", "struct")).out);
  assert.deepEqual(struct.structLogs[2].stack, ["0x1", "0x2"]);
  const inner = "6000600060006000600060aa61fffff100";
  const call = await json("--code", inner, "--trace", "call");
  assert.equal(call.trace.calls[0].to, `0x${"aa".padStart(40, "0")}`);
  const prestate = await json("--code", "6001600055", "--trace", "prestate");
  const receiver = "0x0000000000000000000000007265636569766572";
  assert.deepEqual(Object.values(prestate.trace.post[receiver].storage), [`0x${"1".padStart(64, "0")}`]);
});

test("a recursion to depth 1024 with a tree of calls that deep", async () => {
  // Calls itself with all gas.
  const { code, trace } = await json(
    "--code",
    "600060006000600060003061ffff5a03f100".replace("61ffff5a03", "5a"),
    "--trace",
    "call",
  );
  assert.equal(code, 0);
  let depth = 0;
  for (let frame = trace; frame; frame = frame.calls?.[0]) depth++;
  assert.ok(depth > 300, `${depth}`);
});

test("bad arguments and files", async () => {
  const refused = async (args, part) => {
    const { code, out, err } = await run(...args);
    assert.equal(code, 2, err);
    assert.equal(out, "");
    assert.match(err, part);
    assert.match(err, /^glassbox: [^\n]+\n$/);
  };
  await refused([], /evm run: give --code HEX or --codefile FILE/);
  await refused(["--code", "60", "--codefile", "x"], /one of them/);
  await refused(["--code", "6"], /--code: 1 digits/);
  await refused(["--codefile", join(folder, "none")], /none: does not exist/);
  await refused(["--codefile", file("empty.bin", "")], /empty\.bin: the file is empty/);
  await refused(["--codefile", file("bad.easm", "FOO")], /bad\.easm:1:1: /);
  await refused(["--code", "00", "--value", "-1"], /--value: -1 is no whole number below 2\^256/);
  await refused(["--code", "00", "--gas", "18446744073709551616"], /--gas: .* below 2\^64/);
  await refused(["--code", "00", "--value", `0x${"f".repeat(64)}`], /--value: .* more than the/);
  await refused(["--code", "00", "--fork", "Foo"], /--fork: no fork is called Foo/);
  await refused(["--code", "00", "--trace", "all"], /--trace: all is unknown; use eip3155/);
  await refused(["--code", "00", "--sender", "me"], /--sender: me is no address/);
  await refused(["--code", "00", "--prestate", file("bad.json", "{")], /--prestate .*bad\.json: not JSON: EOF/);
  await refused(["--code", "00", "--prestate", file("bad2.json", '{"0x1": {}}')], /bad2\.json: \$\["0x1"\]: this key/);
  await refused(["--code", "00", "--chain", file("bad3.json", '{"chainId": "x"}')], /bad3\.json: .*chainId/);
  await refused(["--receiver", `0x${"0".repeat(38)}aa`], /--code: none is given/);
  await refused(["--code", "00", "--colour"], /--colour: unknown; glassbox evm run --help/);
});

test("--help has examples", async () => {
  for (const name of ["run", "t8n", "statetest"]) {
    const { code, out } = await glassbox(["evm", name, "--help"]);
    assert.equal(code, 0);
    assert.match(out, new RegExp(`Examples\n  glassbox evm ${name}`));
  }
});
