// The panes that look into tables, logs and chips, and the way back, on a program of a few bytes whose every step is known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, siteAndBrowser } from "./browser.mjs";
import { atProgram, setStop, stands } from "./program.mjs";

const around = siteAndBrowser();

/** Opens a pane, or brings it to the front. */
async function show(page, pane, tag) {
  await page.locator("work-bench").evaluate((bench, kind) => bench.openPane(kind), pane);
  await page.waitForSelector(tag);
}

/** Steps into the call: the return address 7C06 is on the stack. */
async function inside(page) {
  for (const eip of [0x7c03, 0x7c09]) {
    await page.keyboard.press("F11");
    await stands(page, eip);
  }
}

test("stack: the return address is told from data, and the call that is open", async () => {
  const { page, complaints, close } = await atProgram(around);
  await inside(page);
  await show(page, "stack", "stack-pane");
  const top = page.locator("stack-pane tbody tr", { has: page.locator("td", { hasText: "top" }) }).first();
  await top.locator("number-value button", { hasText: /7C06$/ }).waitFor();
  assert.match(await top.innerText(), /return/);
  assert.deepEqual(complaints, []);
  await close();
});

test("translation: step by step to the physical address, and the fault that comes instead", async () => {
  const { page, complaints, close } = await atProgram(around);
  await show(page, "translation", "translation-pane");
  const input = page.locator("translation-pane input");
  await input.fill("b800:10");
  await page
    .locator("translation-pane .result number-value button", { hasText: /^0x000B8010$|000B8010/ })
    .first()
    .waitFor();
  assert.ok((await page.locator("translation-pane ol.steps li").count()) >= 2);
  // Four bytes from the last one of a segment on: beyond the limit of 64 KiB.
  await input.fill("ds:ffff");
  await page.locator("translation-pane select").nth(1).selectOption("4");
  await page.waitForSelector("translation-pane .fault");
  assert.match(await page.innerText("translation-pane .fault"), /#GP/);
  await input.fill("nowhere:12");
  await page.waitForSelector("translation-pane [role=alert]");
  assert.deepEqual(complaints, []);
  await close();
});

test("tables: real mode's interrupt vectors, and page by page; no paging, no task", async () => {
  const { page, complaints, close } = await atProgram(around);
  await show(page, "tables", "tables-pane");
  await page.selectOption("tables-pane select", "ivt");
  const vector = page.locator("tables-pane tbody tr", { has: page.locator("th", { hasText: /^10$/ }) });
  // INT 10h leads into the VGA BIOS, and the code pane follows.
  const handler = vector.locator("far-value button", { hasText: /^C000:/ });
  const [, offset] = (await handler.innerText()).split(":");
  await handler.click();
  await page.waitForSelector(`code-pane .line:has([data-address='000C${offset}'])`);
  await page.click("tables-pane >> text=Later");
  await page.locator("tables-pane th", { hasText: /^40$/ }).waitFor();
  await show(page, "pages", "pages-pane");
  await page.waitForSelector("pages-pane >> text=Paging is off");
  assert.deepEqual(complaints, []);
  await close();
});

test("logs: a port is written, and only what is asked for is shown", async () => {
  const { page, complaints, close } = await atProgram(around);
  await show(page, "ports", "ports-pane");
  await page.click("ports-pane >> text=Start logging");
  await show(page, "log", "log-pane");
  await page.click("log-pane >> text=Start logging");
  await setStopAfterRun(page);
  await show(page, "ports", "ports-pane");
  const row = page.locator("ports-pane tbody tr", { hasText: "0080" }).first();
  await row.waitFor();
  assert.match(await row.innerText(), /out/);
  for (const text of [/^0080$/, /^35$/, /^0000:7C0D$/]) await row.locator("button", { hasText: text }).waitFor();
  await page.fill("ports-pane input", "70-71");
  await page.locator("ports-pane tbody tr", { hasText: "0080" }).waitFor({ state: "detached" });
  await page.fill("ports-pane input", "7g");
  await page.waitForSelector("ports-pane [role=alert]");
  await show(page, "log", "log-pane");
  await page.waitForSelector("log-pane >> text=Stop and clear");
  assert.deepEqual(complaints, []);
  await close();
});

/** Runs to the halt behind the call. */
async function setStopAfterRun(page) {
  await show(page, "stops", "stops-pane");
  await setStop(page, { at: "7c06" });
  await page.keyboard.press("F5");
  await stands(page, 0x7c06);
}

test("devices: each chip as its datasheet draws it, and pictures of the planes", async () => {
  const { page, complaints, close } = await atProgram(around);
  await show(page, "devices", "devices-pane");
  await page.locator("devices-pane select option").first().waitFor({ state: "attached" });
  const chips = await page.locator("devices-pane select option").allInnerTexts();
  assert.ok(chips.length >= 12, chips.join(", "));
  for (const value of await page.locator("devices-pane select option").evaluateAll((all) => all.map((o) => o.value))) {
    await page.selectOption("devices-pane select", value);
    await page.locator("devices-pane section dl > *, devices-pane .note").first().waitFor();
  }
  await page.selectOption("devices-pane select", "8259A");
  await page.locator("devices-pane dt", { hasText: /IMR/ }).first().waitFor();
  await page.selectOption("devices-pane select", "vga");
  await page.waitForSelector("devices-pane canvas");
  assert.deepEqual(complaints, []);
  await close();
});

test("back: by an instruction, to the last stop, to where the record begins", async () => {
  const { page, complaints, close } = await atProgram(around);
  const count = () => page.evaluate(() => window.glassbox.status().instructions);
  const start = await count();
  await inside(page);
  assert.equal(await count(), start + 2);
  await page.keyboard.press("Control+F11");
  await stands(page, 0x7c03);
  assert.equal(await count(), start + 1);
  // Forwards again it goes as it went.
  await page.keyboard.press("F11");
  await stands(page, 0x7c09);
  await setStop(page, { at: "7c03" });
  await page.keyboard.press("Control+Shift+F11");
  await stands(page, 0x7c03);
  await page.keyboard.press("Control+Shift+F11");
  await stands(page, 0x7c00);
  assert.equal(await count(), start);
  await page.click("machine-toolbar button[aria-label='Back to a stop']");
  await eventually(page, "the beginning", () => window.glassbox.status().instructions === 0);
  await page.waitForSelector("page-header .reason >> text=nothing before this");
  assert.deepEqual(complaints, []);
  await close();
});
