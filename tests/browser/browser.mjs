// Chromium for the tests, and a page in it that fails the test when anything is amiss on the console.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { after, before } from "node:test";
import { findChromium } from "../../www/scripts/tools.mjs";
import { serve } from "./site.mjs";

const WWW = resolve(import.meta.dirname, "../../www/package.json");
const { chromium } = createRequire(WWW)("playwright-core");

/** Starts Chromium without a window. */
function launch() {
  // A container's root has no sandbox; the pages are our own.
  return chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
}

/** Serves the page and starts Chromium before a file's tests, and ends both after them: what `open` takes. */
export function siteAndBrowser() {
  const around = {};
  before(async () => {
    around.site = await serve();
    around.browser = await launch();
  });
  after(async () => {
    await around.browser?.close();
    around.site?.close();
  });
  return around;
}

/**
 * Opens the page of a site.
 * @returns the page, and the complaints that the console has collected so far
 */
export async function open({ browser, site }, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(site.url);
  await page.waitForFunction(() => "glassbox" in window);
  return { page, complaints, close: () => context.close() };
}

/** Waits until a function of the page gives something true; `what` names it in the failure. */
export async function eventually(page, what, body, argument, timeout = 120_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await page.evaluate(body, argument);
    if (value) return value;
    if (Date.now() > end) {
      const seen = await page.evaluate(async () => ({
        // Without the machine's images.
        status: { ...window.glassbox.status(), spec: window.glassbox.status().spec?.title },
        serial: window.glassbox.serialText().slice(-2000),
        screen: await window.glassbox.textScreen().catch(() => null),
      }));
      assert.fail(`${what}: not within ${timeout} ms; ${JSON.stringify(seen, null, 1)}`);
    }
    await page.waitForTimeout(100);
  }
}

/** Waits for a text on COM1. */
export const serialShows = (page, text, timeout) =>
  eventually(page, `COM1 shows ${text}`, (wanted) => window.glassbox.serialText().includes(wanted), text, timeout);

/** Waits for a text on the text screen. */
export const screenShows = (page, text, timeout) =>
  eventually(
    page,
    `the screen shows ${text}`,
    async (wanted) => (await window.glassbox.textScreen().catch(() => null))?.rows.some((row) => row.includes(wanted)),
    text,
    timeout,
  );
