// Saved moments in the browser: a machine goes on from one as if nothing had been; a browser that is killed, a full storage
// and bad files cost nothing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { findChromium } from "../../www/scripts/tools.mjs";
import { violations } from "./axe.mjs";
import { eventually, open, serialShows, siteAndBrowser } from "./browser.mjs";

const { chromium } = createRequire(resolve(import.meta.dirname, "../../www/package.json"))("playwright-core");

const around = siteAndBrowser();

/** Boots the guest that says hello, and pauses it there. */
async function hello(page) {
  await page.evaluate(() => window.glassbox.boot("hello"));
  await serialShows(page, "hello: ok");
  await page.evaluate(() => window.glassbox.pause());
  await eventually(page, "the machine is paused", () => window.glassbox.status().state === "paused");
}

const moments = (page) => page.evaluate(() => window.glassbox.moments());

/** The file of the machine's moment that the dialog for links gives; a link to its address names exactly that file. */
async function linkedFile(page) {
  await page.locator("machine-toolbar").getByRole("button", { name: "Share" }).click();
  await page.getByRole("menuitem", { name: "Link to this moment…" }).click();
  const dialog = page.locator("link-dialog");
  await dialog.locator("[name=link], [role=alert]").first().waitFor();
  await dialog.locator("details:has([name=place]) > summary").click();
  const save = dialog.getByRole("button", { name: "Save the moment as a file" });
  const [download] = await Promise.all([page.waitForEvent("download"), save.click()]);
  const file = readFileSync(await download.path());
  const before = await dialog.locator("[name=link]").inputValue();
  await dialog.locator("[name=place]").fill("https://files.example/hello.glassbox");
  await eventually(
    page,
    "the link names the address",
    (old) => {
      const link = document.querySelector("link-dialog")?.shadowRoot?.querySelector("[name=link]")?.value;
      return Boolean(link) && link !== old;
    },
    before,
  );
  const packed = (await dialog.locator("[name=link]").inputValue()).replace(/^.*#pc1\./, "");
  const { arrival } = JSON.parse(inflateRawSync(Buffer.from(packed, "base64url")).toString());
  assert.equal(arrival.way.sha256, createHash("sha256").update(file).digest("hex"));
  assert.equal(arrival.way.size, file.length);
  return file;
}

/** Loads the page anew: nothing is left but what the browser keeps. */
async function reload(page, site) {
  await page.goto(site.url);
  await page.waitForFunction(() => "glassbox" in window);
}

test("a moment is saved, found again after a reload, and goes on as if nothing had been", async () => {
  const { page, complaints, close } = await open(around);
  await hello(page);
  await page.click("machine-toolbar button[aria-label='Save this moment']");
  await page.waitForSelector("save-dialog button.primary:not([disabled])");
  await page.fill("save-dialog input", "It said hello");
  await page.fill("save-dialog textarea", "at last");
  await page.click("save-dialog button.primary");
  await page.waitForSelector("save-dialog", { state: "detached" });
  const before = await page.evaluate(async () => {
    const { glassbox } = window;
    const there = [glassbox.status().instructions, await glassbox.stateHash()];
    glassbox.step(1000);
    await glassbox.saveMoment("a thousand steps on");
    return { there, later: await glassbox.stateHash() };
  });

  await reload(page, around.site);
  await page.waitForSelector("moment-library li[data-moment]");
  await page.fill("moment-library input[type=search]", "last hello");
  assert.equal(await page.locator("moment-library li[data-moment]").count(), 1);
  await page.click("moment-library li[data-moment] .open");
  await eventually(page, "the machine rests at the moment", () => window.glassbox.status().state === "paused");
  const after = await page.evaluate(async () => {
    const { glassbox } = window;
    const there = [glassbox.status().instructions, await glassbox.stateHash()];
    glassbox.step(1000);
    const later = await glassbox.stateHash();
    // A second way on from here: a branch.
    glassbox.step(1);
    await glassbox.saveMoment("another way on");
    return { there, later };
  });
  assert.deepEqual(after, before);
  const [first, second, third] = (await moments(page)).toSorted((one, other) => one.date - other.date);
  assert.deepEqual([second.parent, third.parent], [first.id, first.id]);
  assert.ok(second.shared > 10 * second.alone, `${second.alone} bytes alone, ${second.shared} shared`);
  assert.deepEqual(complaints, []);
  await close();
});

test("moments are named, deleted and brought back, handed on and taken in; bad files are refused whole", async () => {
  const { page, complaints, close } = await open(around);
  await hello(page);
  const hash = await page.evaluate(async () => {
    await window.glassbox.saveMoment("hello");
    return window.glassbox.stateHash();
  });
  const linked = await linkedFile(page);
  await reload(page, around.site);
  await page.waitForSelector("moment-library li[data-moment]");
  assert.deepEqual(await violations(page), []);
  const choose = async (title) => {
    await page.click("moment-library menu-button button");
    await page.click(`moment-library [role=menuitem]:has-text("${title}")`);
  };
  await choose("Name and note");
  await page.fill("moment-library form.edit input", "Hello again");
  await page.keyboard.press("Enter");
  await page.waitForSelector("moment-library li strong:has-text('Hello again')");

  const [download] = await Promise.all([page.waitForEvent("download"), choose("Export")]);
  assert.equal(download.suggestedFilename(), "Hello again.glassbox");
  const file = readFileSync(await download.path());
  await choose("Delete");
  await page.waitForSelector("moment-library li[data-moment]", { state: "detached" });
  await page.click("moment-library .undo");
  await page.waitForSelector("moment-library li strong:has-text('Hello again')");

  const take = async (name, buffer) => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.click("moment-library button:has-text('Import')"),
    ]);
    await chooser.setFiles({ name, mimeType: "application/octet-stream", buffer });
  };
  const damaged = Buffer.from(file);
  damaged[damaged.length - 40] ^= 1;
  for (const [bad, why] of [
    [damaged, "damaged"],
    [file.subarray(0, file.length / 2), "bytes instead of"],
    [Buffer.from("MZ, not a moment"), "not a snapshot"],
  ]) {
    await take("bad.glassbox", bad);
    await page.waitForSelector(`moment-library [role=alert]:has-text("${why}")`);
    assert.equal((await moments(page)).length, 1);
  }
  await take("good.glassbox", file);
  await page.waitForSelector("moment-library [role=status]:has-text('was imported')");
  const [old, taken] = (await moments(page)).toSorted((one, other) => Number(one.imported) - Number(other.imported));
  assert.equal(taken.snapshot, old.snapshot);
  assert.ok(taken.imported && taken.name === "Hello again", JSON.stringify(taken.name));
  await take("linked.glassbox", linked);
  await eventually(page, "the link's file is there", async () => (await window.glassbox.moments()).length === 3);
  assert.deepEqual(new Set((await moments(page)).map(({ snapshot }) => snapshot)), new Set([old.snapshot]));
  await page.evaluate((id) => window.glassbox.openMoment(id), taken.id);
  await eventually(page, "the machine is there", () => window.glassbox.status().state === "paused");
  assert.equal(await page.evaluate(() => window.glassbox.stateHash()), hash);
  assert.deepEqual(complaints, []);
  await close();
});

test("a full storage costs nothing but the save, and a file is offered", async () => {
  const { page, close } = await open(around);
  await hello(page);
  await page.evaluate(() => window.glassbox.saveMoment("kept"));
  const before = await moments(page);
  const worker = page.workers().find((one) => one.url().includes("worker-main"));
  // The third thing that a save writes finds no room.
  await worker.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    let writes = 0;
    IDBObjectStore.prototype.put = function (...what) {
      if (++writes >= 3) throw new DOMException("injected", "QuotaExceededError");
      return put.apply(this, what);
    };
    self.thereIsRoom = () => {
      IDBObjectStore.prototype.put = put;
    };
  });
  await page.evaluate(() => window.glassbox.step(1000));
  await page.click("machine-toolbar button[aria-label='Save this moment']");
  await page.waitForSelector("save-dialog [role=alert]:has-text('storage is full')");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.click("save-dialog button:has-text('Save as a file')"),
  ]);
  assert.match(download.suggestedFilename(), /\.glassbox$/);
  assert.deepEqual(await moments(page), before);
  await worker.evaluate(() => self.thereIsRoom());
  await page.evaluate(() => window.glassbox.saveMoment("there is room again"));
  assert.equal((await moments(page)).length, 2);
  await close();
});

/** Chromium with a profile of its own, as a process that can be killed. */
async function profile(folder) {
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"];
  const child = spawn(findChromium(), [...flags, `--user-data-dir=${folder}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const address = await new Promise((found, failed) => {
    let text = "";
    child.stderr.on("data", (bytes) => {
      text += bytes;
      const [, url] = /DevTools listening on (ws:\S+)/.exec(text) ?? [];
      if (url) found(url);
    });
    child.once("exit", () => failed(new Error(`Chromium ended: ${text}`)));
  });
  const browser = await chromium.connectOverCDP(address);
  const page = await browser.contexts()[0].newPage();
  const kill = async () => {
    const gone = new Promise((done) => child.once("exit", done));
    process.kill(-child.pid, "SIGKILL");
    await gone;
    await browser.close().catch(() => undefined);
  };
  return { page, kill };
}

test("a browser that is killed while it saves keeps what it had", async () => {
  const folder = mkdtempSync(join(tmpdir(), "glassbox-"));
  try {
    const killed = await profile(folder);
    await reload(killed.page, around.site);
    await hello(killed.page);
    const saved = new Map();
    await killed.page.exposeFunction("tell", (id, hash) => saved.set(id, hash));
    // One save after the other, until the browser is gone: it ends in the middle of one.
    await killed.page.evaluate(() => {
      const goOn = async () => {
        for (;;) {
          window.glassbox.step(20_000);
          const hash = await window.glassbox.stateHash();
          const { id } = await window.glassbox.saveMoment("one of many");
          void window.tell(id, hash);
        }
      };
      void goOn();
    });
    await eventually(killed.page, "some are saved", async () => (await window.glassbox.moments()).length > 5);
    await killed.kill();

    const again = await profile(folder);
    await reload(again.page, around.site);
    const kept = (await moments(again.page)).filter(({ run }) => run === null);
    const ids = kept.map(({ id }) => id);
    assert.deepEqual(
      [...saved.keys()].filter((id) => !ids.includes(id)),
      [],
      "what was told to be saved is there",
    );
    assert.ok(ids.length <= saved.size + 2, `${ids.length} moments of ${saved.size}`);
    for (const { id, instruction } of kept) {
      const found = await again.page.evaluate(
        async ([moment, wanted]) => {
          await window.glassbox.openMoment(moment);
          const there = () => window.glassbox.status().instructions === wanted || window.glassbox.status().problem;
          while (!there()) await new Promise((done) => setTimeout(done, 10));
          return [window.glassbox.status().problem, await window.glassbox.stateHash()];
        },
        [id, instruction],
      );
      assert.deepEqual(found, ["", saved.get(id) ?? found[1]]);
    }
    await again.kill();
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
