// What is wrong with arguments and files is one line that names it, and exit code 2.
import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { glassbox, scratch } from "./glassbox.mjs";

const { folder, file } = scratch();

/** Runs with arguments that must be refused. */
async function refused(args, part) {
  const { code, out, err } = await glassbox(["run", "--serial", "null", ...args]);
  assert.equal(code, 2, err);
  assert.equal(out, "");
  assert.match(err, part);
  assert.match(err, /^glassbox: [^\n]+\n$/);
}

test("no command, an unknown flag, a bad value", async () => {
  assert.equal((await glassbox([])).code, 2);
  await refused(["--colour"], /--colour/);
  await refused(["--memory", "4096"], /--memory.*1 to 2048/);
  await refused(["--memory", "0"], /--memory/);
});

test("--help shows flags and examples", async () => {
  const { code, out } = await glassbox(["--help"]);
  assert.equal(code, 0);
  assert.match(out, /--capture-port HEX:FILE/);
  assert.match(out, /Examples/);
});

test("files that are missing, empty, truncated, oversized or something else", async () => {
  await refused(["--fda", join(folder, "none.img")], /none\.img: does not exist/);
  await refused(["--hda", folder], /is a folder/);
  await refused(["--fda", file("empty.img", "")], /empty\.img: the file is empty/);
  await refused(["--hda", file("cut.img", Buffer.alloc(1000))], /cut\.img: 1000 bytes are not whole/);
  await refused(["--fda", file("big.img", Buffer.alloc(1474560 + 512))], /big\.img: .*too many for a floppy/);
  await refused(["--cdrom", file("text.iso", Buffer.alloc(4096))], /text\.iso: .*ISO 9660/);
  await refused(["--hda", file("q.img", Buffer.from("QFI\xfb".padEnd(512, "\0"), "latin1"))], /qemu-img convert/);
  await refused(["--kernel", file("empty.bin", "")], /empty\.bin: the file is empty/);
});

test("a file without permission", { skip: process.getuid?.() === 0 && "root may read everything" }, async () => {
  const path = file("secret.img", Buffer.alloc(512));
  chmodSync(path, 0);
  await refused(["--fda", path], /may not be read/);
});

test("firmware and kernels that are none", async () => {
  await refused(["--bios", file("odd.bin", Buffer.alloc(1000))], /BIOS/i);
  await refused(["--kernel", file("text.bin", Buffer.alloc(10_000))], /kernel/i);
  const cut = Buffer.alloc(2048);
  cut.write("HdrS", 0x202);
  cut.writeUInt16LE(0xaa55, 0x1fe);
  await refused(["--kernel", file("cut.bin", cut)], /kernel/i);
});

test("results that cannot be written", async () => {
  const nowhere = join(folder, "no", "such", "folder");
  await refused(["--capture-port", `e9:${nowhere}`], /cannot be written/);
  const serial = await glassbox(["run", "--serial", nowhere]);
  assert.equal(serial.code, 2);
});

/** A web server for one test. */
async function withServer(answer, body) {
  const server = createServer(answer);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    await body(`http://127.0.0.1:${server.address().port}/disk.img`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a disk address without Range requests, or that is not there", async () => {
  await withServer(
    (_, response) => response.end(Buffer.alloc(4096)),
    (url) => refused(["--hda", url], /does not answer Range requests/),
  );
  await withServer(
    (_, response) => response.writeHead(404).end(),
    (url) => refused(["--hda", url], /status 404/),
  );
});
