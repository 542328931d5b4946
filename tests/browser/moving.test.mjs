// A machine that runs goes to another tab, and through a connection between two browsers' windows; it is the same there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, open, siteAndBrowser } from "./browser.mjs";
import { openDialogs, report, send } from "./moving_pages.mjs";

const around = siteAndBrowser();

/** Counts in memory at 7E00, for ever: xor di, di; mov es, di; cli; again: inc dword [7E00]; jmp again. */
const COUNTER = [...Buffer.from("31ff8ec7fa66ff06007eebf9", "hex")];

const bootCounter = (page) =>
  page.evaluate((code) => {
    const bytes = new Uint8Array(1474560);
    bytes.set(code);
    bytes.set([0x55, 0xaa], 510);
    return window.glassbox.boot({
      title: "Counter",
      memoryMb: 8,
      drives: { fda: { kind: "bytes", name: "c.img", bytes } },
    });
  }, COUNTER);

const counted = async (page) => {
  const bytes = await page.evaluate(() => window.glassbox.memory(0x7e00, 4));
  return bytes[0] + bytes[1] * 2 ** 8 + bytes[2] * 2 ** 16 + bytes[3] * 2 ** 24;
};

const counts = (page) =>
  eventually(page, "it counts", async () => {
    if (window.glassbox.status().state !== "running") return false;
    return (await window.glassbox.memory(0x7e00, 1))[0] !== 0;
  });

/** It runs there, is over here, and lost nothing. */
async function hasMoved(from, to, before) {
  await to.waitForSelector("move-dialog >> text=Moved. It stood still");
  await from.waitForSelector("move-dialog >> text=Moved. It stood still");
  assert.equal(await from.evaluate(() => window.glassbox.status().state), "off");
  assert.equal(await to.evaluate(() => window.glassbox.status().state), "running");
  const there = await counted(to);
  assert.ok(there >= before, `${there} after ${before}`);
  await eventually(
    to,
    "it goes on",
    async (n) => {
      const bytes = await window.glassbox.memory(0x7e00, 4);
      return bytes[0] + bytes[1] * 2 ** 8 + bytes[2] * 2 ** 16 + bytes[3] * 2 ** 24 > n;
    },
    there,
  );
}

test("a machine moves to another tab while it runs", async () => {
  const { page: from, complaints, close } = await open(around);
  const to = await from.context().newPage();
  await bootCounter(from);
  await counts(from);
  await openDialogs(from, to, around.site);
  const before = await counted(from);
  await send(from, to);
  await hasMoved(from, to, before);
  const { rounds, downtime } = await report(to);
  assert.ok(rounds.length >= 2 && downtime > 0, JSON.stringify(rounds));
  assert.deepEqual(complaints, []);
  await close();
});

test("a machine moves through an invitation and its answer; who gets it is asked", async () => {
  const { page: from, close } = await open(around);
  const other = await around.browser.newContext();
  const to = await other.newPage();
  await bootCounter(from);
  await counts(from);
  await openDialogs(from, to, around.site);
  await from.click("move-dialog button:has-text('Make an invitation')");
  const invitation = await from.inputValue("move-dialog [name=given]");
  await to.fill("move-dialog [name=invitation]", "g1.nonsense");
  await to.click("move-dialog button:has-text('Connect')");
  await to.waitForSelector("move-dialog >> text=This is no invitation");
  await to.fill("move-dialog [name=invitation]", invitation);
  await to.click("move-dialog button:has-text('Connect')");
  const answer = await to.inputValue("move-dialog [name=given]");
  await from.fill("move-dialog [name=answer]", answer);
  await from.click("move-dialog button:has-text('Connect')");
  await to.waitForSelector("move-dialog >> text=“Counter” wants to come");
  const before = await counted(from);
  await to.click("move-dialog button:has-text('Take it in')");
  await hasMoved(from, to, before);
  await other.close();
  await close();
});

test("a move that breaks leaves the machine where it was, running", async () => {
  const { page: from, close } = await open(around);
  const to = await from.context().newPage();
  await bootCounter(from);
  await counts(from);
  await openDialogs(from, to, around.site);
  const tab = await from.getAttribute("move-dialog button[data-tab]", "data-tab");
  await to.close();
  // In its place somebody says that it has a machine, and has another one.
  const liar = await from.context().newPage();
  await liar.goto(around.site.url);
  await liar.evaluate((name) => {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => {
      if (data.say === "offer") channel.postMessage({ say: "ready" });
      if (data.say === "pages") channel.postMessage({ say: "got" });
      if (data.say === "round") channel.postMessage({ say: "there", id: "0".repeat(64) });
    };
  }, `glassbox.moving.${tab}`);
  await from.click(`move-dialog button[data-tab="${tab}"]`);
  await from.waitForSelector("move-dialog >> text=is not the one that left");
  assert.equal(await from.evaluate(() => window.glassbox.status().state), "running");
  const before = await counted(from);
  await eventually(
    from,
    "it goes on",
    async (n) => {
      const bytes = await window.glassbox.memory(0x7e00, 4);
      return bytes[0] + bytes[1] * 2 ** 8 + bytes[2] * 2 ** 16 + bytes[3] * 2 ** 24 > n;
    },
    before,
  );
  await close();
});
