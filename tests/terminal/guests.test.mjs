// Guests in the terminal: what they say, how runs end, and that runs repeat exactly.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { commandLine, glassbox, guestFile, manifest, scratch } from "./glassbox.mjs";

const { file } = scratch();

const own = manifest.filter(({ files }) => files.fda?.startsWith("own/"));

/** Guests that wait for a person: what to type, and their last words after that. */
const ASKS = {
  keyboard: { more: ["--type", "glass\\e", "--type-after", "keyboard: ready"], end: "keyboard: ok" },
};

for (const guest of own) {
  const { more, end } = ASKS[guest.name] ?? { more: [], end: guest.until.serial };
  test(`${guest.name} says ${end}`, async () => {
    const args = [...commandLine(guest), "--until", end, "--max-instructions", "400000000", ...more];
    const { code, out, err } = await glassbox(args);
    assert.equal(code, 0, `${err}\n${out}`);
  });
}

test("a run repeats exactly", async () => {
  const [guest] = own;
  const args = [...commandLine(guest), "--serial", "null", "--max-instructions", "30000000", "--state-hash"];
  const [first, second] = [await glassbox(args), await glassbox(args)];
  assert.match(first.out, /^[0-9a-f]{32}\n$/);
  assert.equal(first.out, second.out);
});

test("statistics are one line of JSON, the last", async () => {
  const [guest] = own;
  const { out } = await glassbox([...commandLine(guest), "--max-instructions", "3000000", "--stats"]);
  const stats = JSON.parse(out.trimEnd().split("\n").at(-1));
  for (const key of ["instructions", "virtual_ns", "host_ms", "mips", "wasm_memory"]) {
    assert.equal(typeof stats[key], "number", key);
  }
  assert.equal(stats.instructions, 3_000_000);
});

test("what was waited for and never came is exit code 1", async () => {
  const [guest] = own;
  const args = [...commandLine(guest), "--serial", "null", "--until", "never", "--max-instructions", "3000000"];
  assert.equal((await glassbox(args)).code, 1);
});

test("a ROM starts at FFFFFFF0, and its exit port is the exit code", async () => {
  const rom = Buffer.alloc(65536, 0xf4);
  // mov al, 2Ah; out 0F4h, al: at the reset vector, 16 bytes before the end.
  rom.set([0xb0, 0x2a, 0xe6, 0xf4], 0xfff0);
  const args = ["--rom", `FFFF0000:${file("exit.bin", rom)}`, "--exit-port", "f4", "--max-instructions", "1000"];
  const { code, err } = await glassbox(["run", "--serial", "null", ...args]);
  assert.equal(code, 42, err);
});

test("a triple fault is exit code 1 with a reason", async () => {
  const rom = Buffer.alloc(65536, 0xf4);
  // lidt cs:[FFF8h] with limit 0; int3
  rom.set([0x2e, 0x0f, 0x01, 0x1e, 0xf8, 0xff, 0xcc], 0xfff0);
  rom.fill(0, 0xfff8, 0xfffe);
  const args = ["--rom", `FFFF0000:${file("fault.bin", rom)}`, "--max-instructions", "1000"];
  const { code, err } = await glassbox(["run", "--serial", "null", ...args]);
  assert.equal(code, 1, err);
  assert.match(err, /triple fault/);
});

const remote = manifest.find(({ files }) => files.cdrom);

test("a CD over HTTP boots like the file", { skip: !remote }, async () => {
  const image = readFileSync(guestFile(remote.files.cdrom));
  let requests = 0;
  const server = createServer((request, response) => {
    const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
    const end = Math.min(Number(last) + 1, image.length);
    requests++;
    response.writeHead(206, { "Content-Range": `bytes ${first}-${end - 1}/${image.length}`, ETag: '"1"' });
    response.end(image.subarray(Number(first), end));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const common = ["--boot", "d", "--serial", "null", "--max-instructions", "60000000", "--state-hash"];
  const local = await glassbox(["run", "--cdrom", guestFile(remote.files.cdrom), ...common]);
  const web = await glassbox(["run", "--cdrom", `http://127.0.0.1:${server.address().port}/a.iso`, ...common]);
  server.closeAllConnections();
  server.close();
  assert.equal(web.out, local.out);
  assert.ok(requests > 2, `${requests} requests`);
});
