// <glassbox-machine> in a page of another origin: the package as it is built, its methods, its events, its limits.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { siteAndBrowser } from "./browser.mjs";

const around = siteAndBrowser();
const PACKAGE = resolve(import.meta.dirname, "../../www/dist/embed");
const TSC = resolve(import.meta.dirname, "../../www/node_modules/typescript/bin/tsc");

/** A teacher's own host, with the package's script and one page. */
async function teachersPage(attributes) {
  const html = `<!doctype html><title>Lesson</title><h1>Lesson</h1>
    <script type="module" src="glassbox_machine.js"></script>
    <glassbox-machine page="${around.site.url}x86/" label="A boot sector" ${attributes}></glassbox-machine>`;
  const server = createServer((request, response) => {
    const script = request.url === "/glassbox_machine.js";
    response.setHeader("Content-Type", script ? "text/javascript" : "text/html");
    response.end(script ? readFileSync(join(PACKAGE, "glassbox_machine.js")) : html);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

async function openLesson(attributes = "") {
  const lesson = await teachersPage(attributes);
  const context = await around.browser.newContext();
  const page = await context.newPage();
  await page.goto(lesson.url);
  const close = async () => {
    await context.close();
    lesson.close();
  };
  return { page, close };
}

test("an embedded machine is booted, stopped, stepped, read and heard from another origin", async () => {
  const { page, close } = await openLesson('preset="debug"');
  const seen = await page.evaluate(async () => {
    const machine = document.querySelector("glassbox-machine");
    const stopped = () =>
      new Promise((done) => machine.addEventListener("stop", (event) => done(event.detail), { once: true }));
    const serial = [];
    machine.addEventListener("serial", ({ detail }) => serial.push(detail.text));
    // At 7C00: mov ax, 1234; mov dx, 3F8; mov al, 'G'; out dx, al; hlt; jmp to hlt.
    const floppy = new Uint8Array(1474560);
    floppy.set([0xb8, 0x34, 0x12, 0xba, 0xf8, 0x03, 0xb0, 0x47, 0xee, 0xf4, 0xeb, 0xfd]);
    floppy.set([0x55, 0xaa], 510);
    let rest = stopped();
    await machine.boot({ title: "Lesson", memoryMb: 4, drives: { fda: floppy } }, { paused: true });
    await rest;
    const errors = await machine.setStops([{ kind: "execute", at: "7c00" }]);
    rest = stopped();
    await machine.run();
    const first = await rest;
    rest = stopped();
    await machine.step();
    await rest;
    const { eax, eip } = await machine.registers();
    const code = await machine.memory(0x7c00, 4);
    const hash = await machine.stateHash();
    const wrong = await machine.setStops([{ kind: "execute", at: "nowhere" }]);
    await machine.setStops([]);
    // The UART takes its time to send, and then the machine sleeps.
    await machine.run();
    while (serial.length === 0) await new Promise((done) => setTimeout(done, 20));
    const refused = [];
    for (const [name, ...args] of [
      ["memory", -1, 4],
      ["memory", 0, 1 << 20],
      ["step", "sideways"],
      ["boot", "no such guest"],
      ["boot", { title: "x", drives: { fda: "https://example.org/" } }],
    ]) {
      refused.push(
        await machine[name](...args).then(
          () => "taken",
          (error) => error.message,
        ),
      );
    }
    const rows = await machine.textScreen();
    return {
      errors,
      reason: first.reason.reason,
      eax: eax & 0xffff,
      eip,
      code,
      hash,
      wrong,
      serial,
      refused,
      rows: rows.length,
    };
  });
  assert.deepEqual(seen.errors, []);
  assert.equal(seen.reason, "stopped");
  assert.equal(seen.eax, 0x1234);
  assert.equal(seen.eip, 0x7c03);
  assert.deepEqual(seen.code, [0xb8, 0x34, 0x12, 0xba]);
  assert.match(seen.hash, /^[0-9a-f]{32}$/);
  assert.equal(seen.wrong[0].field, "at");
  assert.equal(seen.serial.join(""), "G");
  assert.equal(seen.rows, 25);
  const [memory, large, step, guest, drive] = seen.refused;
  assert.match(memory, /^memory\[0\]/);
  assert.match(large, /^memory\[1\]/);
  assert.match(step, /^step\[0\]/);
  assert.match(guest, /no guest is called no such guest/);
  assert.match(drive, /^boot\[0\]\.drives\.fda/);
  // The machine ran, and its page is hidden: another one would be kept now.
  const inside = await (await page.waitForSelector("glassbox-machine >> iframe")).contentFrame();
  await inside.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.waitForTimeout(500);
  const kept = await inside.evaluate(async () => [Object.keys(localStorage), await indexedDB.databases()]);
  assert.deepEqual(kept, [[], []]);
  await close();
});

test("an embedded page has no head, remembers nothing, and heeds no other window", async () => {
  const { page, close } = await openLesson('preset="watch"');
  const frame = await page.waitForSelector("glassbox-machine >> iframe");
  const inside = await frame.contentFrame();
  await inside.waitForSelector("machine-gallery");
  assert.equal(await inside.locator("page-header").count(), 0);
  assert.equal(await inside.evaluate(() => localStorage.length), 0);
  // A message that is not the embedding window's own, or has no port, connects nobody.
  await inside.evaluate(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => document.body.setAttribute("data-answered", "");
    window.postMessage({ glassbox: 1, say: "connect" }, "*", [port2]);
    port1.postMessage({ id: 1, method: "registers", args: [] });
  });
  await page.waitForTimeout(300);
  assert.equal(await inside.locator("body[data-answered]").count(), 0);
  await close();
});

test("the package's types are whole, for Node's resolution and for bundlers'", () => {
  const folder = mkdtempSync(join(tmpdir(), "embed-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(PACKAGE, join(folder, "node_modules/glassbox-machine"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const use = `import type { EmbeddedSpec } from "glassbox-machine";
      const machine = document.querySelector("glassbox-machine")!;
      const spec: EmbeddedSpec = { title: "x", drives: { fda: new Uint8Array(512) } };
      machine.addEventListener("stop", ({ detail }) => console.log(detail.instructions, detail.reason?.hits.length));
      export const eax: number = (await machine.boot(spec).then(() => machine.registers())).eax;
      // @ts-expect-error: no such drive
      machine.boot({ title: "x", drives: { fdz: new Uint8Array(512) } });
      // @ts-expect-error: no such step
      machine.step("sideways");\n`;
    writeFileSync(join(folder, "use.ts"), use);
    for (const [module, resolution] of [
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ]) {
      const args = ["--strict", "--noEmit", "--target", "es2022", "--module", module, "--moduleResolution", resolution];
      execFileSync("node", [TSC, ...args, "use.ts"], {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
