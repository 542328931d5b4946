// What panes cost while the machine runs: what cannot be seen asks nothing, and nothing is asked more often than it is drawn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, siteAndBrowser } from "./browser.mjs";
import { serve } from "./site.mjs";

const around = siteAndBrowser();

/** Opens the page so that what it asks of its workers is counted, by method. */
async function openCounted() {
  const site = await serve();
  const context = await around.browser.newContext({ viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.asked = {};
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
      const { query } = message;
      const name = query?.kind === "inspect" ? query.method : query?.kind;
      if (name) window.asked[name] = (window.asked[name] ?? 0) + 1;
      return postMessage.call(this, message, ...rest);
    };
  });
  await page.goto(`${site.url}x86/`);
  await page.evaluate(() => window.glassbox.boot("plasma"));
  await page.waitForSelector("work-bench [role=tab]");
  await eventually(page, "it runs", () => window.glassbox.status().state === "running");
  const close = async () => {
    await context.close();
    site.close();
  };
  return { page, close };
}

/** What is asked in so many milliseconds, and the frames that are drawn in them. */
const askedIn = (page, ms) =>
  page.evaluate(async (length) => {
    window.asked = {};
    let frames = 0;
    const end = performance.now() + length;
    while (performance.now() < end) {
      await new Promise((next) => requestAnimationFrame(next));
      frames++;
    }
    return { asked: window.asked, frames };
  }, ms);

test("panes behind others ask nothing, those in front at most once a frame", async () => {
  const { page, close } = await openCounted();
  await page.click("[data-preset=debug]");
  await page.waitForSelector("memory-pane .row");
  await page.waitForTimeout(500);
  const { asked, frames } = await askedIn(page, 2000);
  // In front: code, memory, registers, screen.
  for (const method of ["code", "readSpace", "allRegisters"]) assert.ok(asked[method] > 0, JSON.stringify(asked));
  for (const method of ["stack", "devices", "device", "devicePicture", "table", "translate"]) {
    assert.equal(asked[method], undefined, `${method} is asked by a pane that is not seen`);
  }
  for (const [method, count] of Object.entries(asked)) {
    // A question each of the three panes asks is asked three times.
    assert.ok(count <= 3 * frames, `${method}: ${count} times in ${frames} frames`);
  }
  // Brought to the front, it asks; sent back, no more.
  await page.locator("work-bench").evaluate((bench) => bench.openPane("devices"));
  await page.waitForSelector("devices-pane select");
  assert.ok((await askedIn(page, 1000)).asked.device > 0);
  await page.locator("work-bench").evaluate((bench) => bench.openPane("registers"));
  await page.waitForTimeout(500);
  assert.equal((await askedIn(page, 1000)).asked.device, undefined);
  await close();
});

test("with the machine alone on the page, nothing is asked", async () => {
  const { page, close } = await openCounted();
  await page.click("[data-preset=watch]");
  await page.waitForSelector("serial-terminal .xterm-rows");
  await page.waitForTimeout(500);
  const { asked } = await askedIn(page, 2000);
  for (const method of ["code", "readSpace", "allRegisters", "device", "stack"]) {
    assert.equal(asked[method], undefined, method);
  }
  await close();
});
