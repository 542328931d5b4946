// `glassbox evm statetest`.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { glassbox, ROOT, scratch } from "./glassbox.mjs";

const { folder, file } = scratch();

/** Three cases of the execution-spec tests (v5.4.0, stChainId), one each for Cancun, Prague, Osaka. */
const SAMPLE = readFileSync(join(ROOT, "tests/terminal/statetest/chainId.json"), "utf8");
/** The whole suite, where it is. */
const VECTORS = process.env.GLASSBOX_VECTORS ?? join(ROOT, "../shared/vectors");
const SUITE = join(VECTORS, "evm/eest-v5.4.0-state_tests.tar.zst");

const run = (...args) => glassbox(["evm", "statetest", ...args], { timeout: 1_200_000 });

test("files and folders", async () => {
  const path = file("suite/a/chainId.json", SAMPLE);
  file("suite/.meta/index.json", "no test");
  file("suite/notes.txt", "no test");
  assert.deepEqual(await run(path), { code: 0, out: "3 passed, 0 failed\n", err: "" });
  assert.deepEqual(await run(join(folder, "suite")), { code: 0, out: "3 passed, 0 failed\n", err: "" });
  const twice = await run("--threads", "1", path, path);
  assert.equal(twice.out, "6 passed, 0 failed\n");
});

test("forks and names are selected", async () => {
  const path = file("chainId.json", SAMPLE);
  assert.equal((await run("--fork", "prague", path)).out, "1 passed, 0 failed\n");
  assert.equal((await run("--filter", "fork_Osaka", path)).out, "1 passed, 0 failed\n");
  assert.equal((await run("--as-blocks", path)).out, "3 passed, 0 failed\n");
});

test("archives", async () => {
  // A name over 100 bytes is written in a block of its own, in one of two ways.
  const long = `pack/${"long".repeat(30)}.json`;
  file(long, SAMPLE);
  file("pack/short.json", SAMPLE);
  file("pack/.meta/index.json", "no test");
  for (const format of ["gnu", "pax"]) {
    const tar = join(folder, `${format}.tar`);
    execFileSync("tar", [`--format=${format}`, "-cf", tar, "-C", folder, "pack"]);
    execFileSync("gzip", ["-k", tar]);
    execFileSync("zstd", ["-q", "-k", tar]);
    for (const end of ["", ".gz", ".zst"]) {
      assert.deepEqual(await run(tar + end), { code: 0, out: "6 passed, 0 failed\n", err: "" }, format + end);
    }
  }
  const short = file("short.tar", readFileSync(join(folder, "gnu.tar")).subarray(0, 3000));
  const cut = await run(short);
  assert.equal(cut.code, 1);
  assert.match(cut.out, /short\.tar: is cut off\n/);
  const zst = file("bad.tar.zst", "no archive");
  assert.equal((await run(zst)).code, 1);
});

test("what fails is named: file, case, fork, and the first difference", async () => {
  const path = file(
    "wrong.json",
    SAMPLE.replaceAll('"0x01": "0x01"', '"0x01": "0x02"').replaceAll('"hash": "0x', '"hash": "0xf'),
  );
  const { code, out } = await run(
    file("wrong.json", readFileSync(path, "utf8").replace(/"hash": "0xf(.{63})./g, '"hash": "0xf$1')),
  );
  assert.equal(code, 1);
  const lines = out.trimEnd().split("\n");
  assert.equal(lines.pop(), "0 passed, 3 failed");
  assert.equal(lines.length, 3);
  for (const line of lines) {
    assert.match(
      line,
      /wrong\.json: .*chainId\[fork_.*(Cancun|Prague|Osaka).*0x1b794e6ad1fbe9569a4ae9d0165d95a08b336386/,
    );
  }
});

test("JSON lines", async () => {
  const path = file("lines.json", SAMPLE);
  const { out, err } = await run("--json", path);
  assert.equal(err, "3 passed, 0 failed\n");
  const cases = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    cases.map(({ file: name, fork, pass }) => [name, fork, pass]),
    ["Cancun", "Osaka", "Prague"].map((fork) => [path, fork, true]),
  );
});

test("one case in sight", async () => {
  const path = file("trace.json", SAMPLE);
  const { code, out, err } = await run("--trace", "--fork", "Osaka", path);
  assert.equal(code, 0, err);
  const lines = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(lines[0].pc, 0);
  assert.equal(lines.at(-1).pass, true);
  assert.match(err, /fork_Osaka.*: passed\n$/);
  const many = await run("--trace", path);
  assert.equal(many.code, 2);
  assert.match(many.err, /--trace: 3 cases are selected/);
});

test("bad arguments and files", async () => {
  const refused = async (args, part) => {
    const { code, err } = await run(...args);
    assert.equal(code, 2, err);
    assert.match(err, part);
    assert.match(err, /^glassbox: [^\n]+\n$/);
  };
  await refused([], /give a PATH/);
  await refused([join(folder, "none")], /none: does not exist/);
  await refused(["--threads", "0", folder], /--threads: give a number from 1 to 1024, not 0/);
  await refused(["--colour", folder], /--colour: unknown/);
  for (const [content, part] of [
    ["", /not JSON: EOF/],
    ["[]", /expected an object/],
    ['{"a": {}}', /expected a test/],
    ["[".repeat(100_000), /not JSON: recursion limit/],
  ]) {
    const { code, out } = await run(file("bad.json", content));
    assert.equal(code, 1);
    assert.match(out, part);
    assert.match(out, /bad\.json: [^\n]+\n0 passed, 1 failed\n$/);
  }
});

test("all 32,939 cases of the execution-spec tests pass in wasm", { skip: !existsSync(SUITE) }, async () => {
  const { code, out } = await run(SUITE);
  assert.match(out, /^32939 passed, 0 failed\n$/);
  assert.equal(code, 0);
});
