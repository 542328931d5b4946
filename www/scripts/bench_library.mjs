#!/usr/bin/env node
// Measures saved moments of the Linux guest (128 MiB, at its shell) in Chromium: the first save, later ones, opening, and
// what a save without being asked costs a running machine. Prints a table. Never part of a test: seconds depend on the
// machine, and on what else it does.
// usage: node www/scripts/bench_library.mjs [--rounds N]
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serve } from "../../tests/browser/site.mjs";
import { WWW } from "./paths.mjs";
import { findChromium } from "./tools.mjs";

const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const ROUNDS = Number(options.rounds);
const { chromium } = createRequire(join(WWW, "package.json"))("playwright-core");

const median = (values) => values.toSorted((one, two) => one - two)[Math.floor(values.length / 2)];
const ms = (value) => `${value.toFixed(0)} ms`;
const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Keeps what saves tell of themselves, and gives the waits between pictures of the page. */
const PREPARE = `window.saves = [];
new BroadcastChannel("glassbox.library").onmessage = ({ data }) => data.saved && window.saves.push(data.saved);
window.longestFrame = async (during) => {
  let [last, longest, on] = [performance.now(), 0, true];
  const frame = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    if (on) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  await during();
  on = false;
  return longest;
};`;

const save = (page) => page.evaluate(() => window.glassbox.saveMoment("bench"));

/** Lets the machine run for half a second, and pauses it. */
async function runOn(page) {
  await page.evaluate(() => window.glassbox.run());
  await page.waitForTimeout(500);
  await page.evaluate(() => window.glassbox.pause());
  await page.waitForFunction(() => window.glassbox.status().state === "paused");
}

/** Hides the page, which keeps the machine, and waits until it is kept; gives how that went, and the longest frame. */
async function keepUnasked(page) {
  await page.evaluate(() => window.glassbox.run());
  await page.waitForTimeout(300);
  return page.evaluate(async () => {
    const before = window.saves.length;
    const frame = await window.longestFrame(async () => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      while (window.saves.length === before) await new Promise((done) => setTimeout(done, 5));
    });
    return { ...window.saves.at(-1), frame };
  });
}

/** Milliseconds until a moment's machine is there, paused. */
function openTime(page, id) {
  return page.evaluate(async (moment) => {
    const { rests } = window.glassbox.status();
    const start = performance.now();
    await window.glassbox.openMoment(moment);
    while (window.glassbox.status().rests === rests) await new Promise((done) => setTimeout(done, 1));
    return performance.now() - start;
  }, id);
}

const site = await serve();
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
try {
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(PREPARE);
  // What is kept unasked while Linux boots would make the first save smaller than it is: this page does it when told to.
  let found = false;
  await page.route("**/library_*.js", async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    found ||= text.includes("3e4");
    await route.fulfill({ response: answer, body: text.replaceAll("3e4", "2e9") });
  });
  await page.goto(site.url);
  await page.waitForFunction(() => "glassbox" in window);
  await page.evaluate(() => window.glassbox.boot("linux"));
  await page.waitForFunction(() => window.glassbox.serialText().includes("GUEST-READY"), undefined, {
    timeout: 300_000,
  });
  await page.evaluate(() => window.glassbox.pause());
  await page.waitForFunction(() => window.glassbox.status().state === "paused");
  const first = await save(page);
  if (!found) throw new Error("the interval at which machines are kept was not found in the worker");
  console.log(`first save: ${ms(first.total)}, ${mb(first.bytes)}`);
  const later = [];
  for (let round = 0; round < ROUNDS; round++) {
    await runOn(page);
    later.push(await save(page));
  }
  console.log(
    `later saves: ${ms(median(later.map(({ total }) => total)))}, ${mb(median(later.map(({ bytes }) => bytes)))}`,
  );
  const kept = [];
  for (let round = 0; round < ROUNDS; round++) kept.push(await keepUnasked(page));
  const worst = (name) => Math.max(...kept.map((one) => one[name]));
  console.log(
    `kept without being asked, running: the machine waits ${ms(worst("longest"))}, longest frame ${ms(worst("frame"))}`,
  );
  await page.reload();
  await page.waitForFunction(() => "glassbox" in window);
  const cold = await openTime(page, first.id);
  const warm = [];
  for (let round = 0; round < ROUNDS; round++) warm.push(await openTime(page, first.id));
  console.log(`open: ${ms(cold)} after a reload, then ${ms(median(warm))}`);
} finally {
  await browser.close();
  site.close();
}
