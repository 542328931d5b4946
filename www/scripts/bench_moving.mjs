#!/usr/bin/env node
// Measures how the Linux guest (128 MiB, at its shell, idle and then busy) moves from one tab to another in Chromium: rounds,
// how long it ran nowhere, and what its clock missed. Never part of a test: milliseconds depend on the machine.
// usage: node www/scripts/bench_moving.mjs [--rounds N]
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { behind, openDialogs, report, send } from "../../tests/browser/moving_pages.mjs";
import { serve } from "../../tests/browser/site.mjs";
import { WWW } from "./paths.mjs";
import { findChromium } from "./tools.mjs";

const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });
const { chromium } = createRequire(join(WWW, "package.json"))("playwright-core");

/** Moves the machine once, and prints what there is to say. */
async function move(from, context, site, what) {
  const to = await context.newPage();
  const before = await behind(from);
  await openDialogs(from, to, site);
  await send(from, to);
  const { rounds, downtime } = await report(to);
  const missed = (await behind(to)) - before;
  const sent = rounds.map(([, pages, bytes, took]) => `${pages} pages, ${bytes}, ${took}`);
  // A machine that is busy falls behind the wall's clock where it stands, too.
  const clock = what === "idle" ? `its clock missed ${Math.round(missed)} ms; ` : "";
  console.log(`${what}: ran nowhere for ${downtime} ms; ${clock}rounds: ${sent.join("; ")}`);
  await to.keyboard.press("Escape");
  await from.close();
  return to;
}

const site = await serve();
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
try {
  const context = await browser.newContext();
  let page = await context.newPage();
  await page.goto(site.url);
  await page.waitForFunction(() => "glassbox" in window);
  await page.evaluate(() => window.glassbox.boot("linux"));
  const ready = () => window.glassbox.serialText().includes("GUEST-READY");
  await page.waitForFunction(ready, undefined, { timeout: 300_000 });
  for (let round = 0; round < Number(options.rounds); round++) page = await move(page, context, site, "idle");
  await page.evaluate(() =>
    window.glassbox.type("while true; do dd if=/dev/zero of=/tmp/f bs=64k count=64 2>/dev/null; done\n"),
  );
  await page.waitForTimeout(3000);
  for (let round = 0; round < Number(options.rounds); round++) page = await move(page, context, site, "busy");
} finally {
  await browser.close();
  site.close();
}
