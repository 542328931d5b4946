// `glassbox evm t8n`, against what the execution specifications say (t8n/oracle.py).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { loadEvmTools, loadPrecompiles, withPrecompiles } from "../../www/bin/terminal/evm_engine.mjs";
import { glassbox, ROOT, scratch } from "./glassbox.mjs";
import { cases } from "./t8n/cases.mjs";

const { folder } = scratch();
let engine;

before(async () => {
  engine = await loadEvmTools();
});

const short = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** A result as the oracle's lines have it. */
function kept(result, expected) {
  const made = {};
  for (const key of Object.keys(expected)) if (key in result) made[key] = result[key];
  made.logsBloom = short(result.logsBloom);
  made.currentBaseFee ??= null;
  made.rejected = (result.rejected ?? []).map(({ index }) => index);
  made.receipts = result.receipts.map(({ transactionHash, root, status, cumulativeGasUsed, logs }) => [
    transactionHash.slice(0, 10),
    root === undefined ? status === "0x1" : root.slice(0, 10),
    cumulativeGasUsed,
    logs.length,
  ]);
  made.refused = "blockException" in result;
  return made;
}

function transition({ fork, reward, alloc, env, txs }) {
  const wei = reward === "-1" ? undefined : reward;
  const texts = [alloc, env, txs].map((part) => JSON.stringify(part));
  return engine.transition(fork, undefined, 1n, wei, ...texts, undefined, undefined, false, false);
}

test("cases of every fork do what the execution specifications say", async () => {
  const lines = readFileSync(join(ROOT, "tests/terminal/t8n/expected.jsonl"), "utf8").trimEnd().split("\n");
  const expected = new Map(lines.map((line) => JSON.parse(line)).map(({ name, ...rest }) => [name, rest]));
  await loadPrecompiles(engine);
  let count = 0;
  for (const one of cases()) {
    const wanted = expected.get(one.name);
    assert.ok(wanted, `${one.name} has no line in expected.jsonl: see t8n/cases.mjs`);
    const { result, body, alloc } = JSON.parse(transition(one));
    const found = kept(result, wanted);
    if (wanted.refused) {
      // The block is no block: what its requests would be says nothing.
      for (const key of ["requests", "requestsHash"]) delete wanted[key];
    }
    // Specifications leave out a base fee of zero.
    if (wanted.currentBaseFee === null && found.currentBaseFee === "0x0") found.currentBaseFee = null;
    assert.deepEqual(found, wanted, one.name);
    // The same transactions, signed and as RLP, do the same.
    const again = JSON.parse(transition({ ...one, txs: body }));
    assert.deepEqual(again.alloc, alloc, one.name);
    assert.equal(again.result.stateRoot, result.stateRoot, one.name);
    assert.equal(again.result.rejected, undefined, one.name);
    count++;
  }
  assert.ok(count >= 200 && count === expected.size, `${count} cases`);
});

test("files go in and come out, and stdin and stdout do the same", async () => {
  const [one] = [...cases()].filter(({ name }) => name === "Shanghai 3");
  const path = (name) => join(folder, name);
  for (const part of ["alloc", "env", "txs"]) writeFileSync(path(`${part}.json`), JSON.stringify(one[part]));
  const inputs = ["alloc", "env", "txs"].flatMap((part) => [`--input.${part}`, path(`${part}.json`)]);
  const flags = ["--state.fork", one.fork, "--state.reward", one.reward, "--state.chainid", "1"];
  const basedir = join(folder, "out/of");
  const { code, out, err } = await glassbox([
    "evm",
    "t8n",
    ...inputs,
    ...flags,
    ...["--output.basedir", basedir, "--output.body", "body.txt", "--output.result", "stdout"],
  ]);
  assert.equal(code, 0, err);
  const { result } = JSON.parse(out);
  assert.ok(existsSync(join(basedir, "alloc.json")) && existsSync(join(basedir, "body.txt")));
  const alloc = JSON.parse(readFileSync(join(basedir, "alloc.json"), "utf8"));
  const body = JSON.parse(readFileSync(join(basedir, "body.txt"), "utf8"));
  assert.match(body, /^0x[0-9a-f]+$/);

  const stdin = ["alloc", "env", "txs"].flatMap((part) => [`--input.${part}`, "stdin"]);
  const stdout = ["alloc", "result", "body"].flatMap((part) => [`--output.${part}`, "stdout"]);
  const { alloc: before, env, txs } = one;
  const all = await glassbox(["evm", "t8n", ...stdin, ...flags, ...stdout], {
    dialog: [["", JSON.stringify({ alloc: before, env, txs })]],
  });
  assert.deepEqual(JSON.parse(all.out), { alloc, result, body });
});

test("traces are a file for each transaction that was executed", async () => {
  const [one] = [...cases()].filter(({ name }) => name === "Shanghai 3");
  const inputs = ["alloc", "env", "txs"].flatMap((part) => {
    writeFileSync(join(folder, `${part}.json`), JSON.stringify(one[part]));
    return [`--input.${part}`, join(folder, `${part}.json`)];
  });
  const basedir = join(folder, "traces");
  const flags = ["--state.fork", one.fork, "--state.reward", one.reward, "--output.basedir", basedir, "--trace"];
  const { code, out, err } = await glassbox(["evm", "t8n", ...inputs, ...flags, "--output.result", "stdout"]);
  assert.equal(code, 0, err);
  const { receipts } = JSON.parse(out).result;
  assert.ok(receipts.length > 0);
  for (const [index, { transactionHash }] of receipts.entries()) {
    const lines = readFileSync(join(basedir, `trace-${index}-${transactionHash}.jsonl`), "utf8")
      .trimEnd()
      .split("\n");
    const last = JSON.parse(lines.at(-1));
    assert.match(last.gasUsed, /^0x/);
    assert.equal(typeof last.output, "string");
  }
});

test("receipts have what geth's have", async () => {
  const base = { currentCoinbase: `0x${"c0".repeat(20)}`, currentGasLimit: "0x1000000", currentNumber: "0x5" };
  const env = { ...base, currentTimestamp: "0x9", currentDifficulty: "0x20000", currentBaseFee: "0x7" };
  const sender = "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf";
  const common = { gas: "0x20000", value: "0x0", secretKey: `0x${"1".padStart(64, "0")}` };
  const txs = [
    { ...common, nonce: "0x0", gasPrice: "0x9", input: "0x60006000a000" },
    {
      ...common,
      nonce: "0x1",
      chainId: "0x1",
      maxFeePerGas: "0xff",
      maxPriorityFeePerGas: "0x3",
      input: "0x60006000a0",
    },
  ];
  const alloc = { [sender]: { balance: "0xffffffffff" } };
  const text = await withPrecompiles(engine, () => transition({ fork: "London", reward: "0", alloc, env, txs }));
  const { receipts } = JSON.parse(text).result;
  assert.deepEqual(
    receipts.map(({ effectiveGasPrice, transactionIndex, status, type }) => [
      effectiveGasPrice,
      transactionIndex,
      status,
      type,
    ]),
    [
      ["0x9", "0x0", "0x1", "0x0"],
      ["0xa", "0x1", "0x1", "0x2"],
    ],
  );
  assert.deepEqual(
    receipts.map(({ logs }) => logs.map(({ logIndex, removed, blockNumber }) => [logIndex, removed, blockNumber])),
    [[["0x0", false, "0x5"]], [["0x1", false, "0x5"]]],
  );
  assert.notEqual(receipts[0].contractAddress, receipts[1].contractAddress);
  assert.equal(BigInt(receipts[0].gasUsed) + BigInt(receipts[1].gasUsed), BigInt(receipts[1].cumulativeGasUsed));
});

test("bad arguments and files", async () => {
  const [one] = cases();
  const file = (name, content) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const good = Object.fromEntries(
    ["alloc", "env", "txs"].map((part) => [part, file(`good_${part}.json`, JSON.stringify(one[part]))]),
  );
  const run = async (extra, changed, part) => {
    const inputs = Object.entries({ ...good, ...changed }).flatMap(([name, path]) => [`--input.${name}`, path]);
    const { code, out, err } = await glassbox(["evm", "t8n", "--state.fork=Frontier", ...inputs, ...extra]);
    assert.equal(code, 2, err);
    assert.equal(out, "");
    assert.match(err, part);
    assert.match(err, /^glassbox: [^\n]+\n$/);
  };
  await run([], { env: join(folder, "none.json") }, /none\.json: does not exist/);
  await run([], { env: file("empty.json", "") }, /empty\.json: the file is empty/);
  await run([], { env: file("env.json", "{}") }, /env\.json: \$: the key "currentNumber" is missing; add it/);
  await run([], { alloc: file("alloc.json", '{"0x1": {}}') }, /alloc\.json: \$\["0x1"\]: this key is no address/);
  await run([], { txs: file("txs.json", '[{"nonce": "x"}]') }, /txs\.json: \$\[0\]\.nonce: expected a whole number/);
  await run([], { txs: file("rlp.json", '"0xc1"') }, /rlp\.json: \$: .*byte/);
  await run(["--state.reward", "much"], {}, /--state\.reward: much is no number of wei/);
  await run(["--state.chainid", "1e3"], {}, /--state\.chainid: 1e3 is no whole number/);
  await run(["--colour"], {}, /--colour: unknown; glassbox evm t8n --help/);
  await run(["--output.basedir", good.env], {}, /--output\.basedir: .* cannot be made/);
  const { code, err } = await glassbox(
    ["evm", "t8n", "--input.alloc", good.alloc, "--input.env", good.env].concat([
      "--input.txs",
      good.txs,
      "--state.fork",
      "Londom",
    ]),
  );
  assert.equal(code, 2);
  assert.match(err, /--state\.fork: no network "Londom"/);
  const paris = await glassbox(
    ["evm", "t8n", "--input.alloc", good.alloc, "--input.env", good.env].concat([
      "--input.txs",
      good.txs,
      "--state.fork",
      "Paris",
    ]),
  );
  assert.match(paris.err, /good_env\.json: Paris needs currentRandom; add it/);
});
