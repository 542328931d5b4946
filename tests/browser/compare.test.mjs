// Two moments side by side: what a known program did between them, byte for byte; and where two of its futures part.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { siteAndBrowser } from "./browser.mjs";
import { atProgram } from "./program.mjs";

const around = siteAndBrowser();

/** The rows of a kind's table: what, in the first, in the second. */
const rows = (page, kind) =>
  page.$$eval(`compare-dialog section[data-kind=${kind}] tbody tr`, (lines) =>
    lines.map((line) => [...line.cells].map((cell) => cell.textContent.trim().replace(/\s+/g, " "))),
  );

const shot = (page, name) =>
  process.env.GLASSBOX_SHOTS ? page.screenshot({ path: `${process.env.GLASSBOX_SHOTS}/${name}.png` }) : undefined;

test("a byte and a register that a program changed are told, and nothing else; futures part where one was changed", async () => {
  const { page, complaints, close } = await atProgram(around);
  // mov ax, 1234; call 7C09; inc ax: what follows writes AX to 7E00h.
  const write = await page.evaluate(async () => {
    const { glassbox } = window;
    glassbox.step(3);
    await glassbox.saveMoment("before the write");
    const at = glassbox.status().instructions;
    glassbox.step(1);
    return at;
  });
  await page.click("machine-timeline button:has-text('Compare…')");
  await page.waitForSelector(
    "compare-dialog dialog[open] select[name=second] option:checked:has-text('before the write')",
    { state: "attached" },
  );
  await page.click("compare-dialog button[type=submit]");
  await page.waitForSelector("compare-dialog moment-differences");
  assert.deepEqual(await rows(page, "registers"), [
    ["eip", "0x00007C0D", "0x00007C0A"].map((text) => text.toLowerCase()),
  ]);
  assert.deepEqual(await rows(page, "memory"), [["00007E00 2 bytes", "35 12", "00 00"]]);
  const kinds = await page.$$eval("compare-dialog section", (all) => all.map(({ dataset }) => dataset.kind));
  assert.deepEqual(kinds, ["registers", "memory", "devices"]);
  // Beside its registers the CPU has what it knows of pages: one more since it wrote to it.
  assert.equal(await page.locator("compare-dialog section[data-kind=devices] details").count(), 1);
  for (const [name] of await rows(page, "devices")) assert.match(name, /^tlb\./);
  assert.deepEqual(await violations(page), []);
  await shot(page, "compare-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await shot(page, "compare-dark");
  // One run goes further than the other.
  await page.click("compare-dialog .search");
  await page.waitForSelector("compare-dialog run-parting .verdict");
  assert.match(
    await page.innerText("compare-dialog run-parting .verdict"),
    new RegExp(`after ${write.toLocaleString("en")} instructions.*equal`),
  );
  // An address leads to memory.
  await page.click("compare-dialog button.address");
  await page.waitForSelector("compare-dialog", { state: "detached" });
  await page.waitForSelector("memory-pane");

  // Another future: a letter comes at COM1 instead of the write.
  await page.keyboard.press("Control+F11");
  await page.waitForFunction((at) => window.glassbox.status().instructions === at, write);
  await page.evaluate(() => {
    window.glassbox.sendSerial("x");
    window.glassbox.step(2);
  });
  await page.click("timeline-branches button:has-text('Compare')");
  await page.waitForSelector("compare-dialog run-parting section[data-kind=devices]");
  assert.match(
    await page.innerText("compare-dialog run-parting .verdict"),
    new RegExp(`after ${write.toLocaleString("en")} instructions.*7c0a mov`, "s"),
  );
  assert.match(await page.innerText("compare-dialog section[data-kind=devices]"), /16550A: \d field/);
  await shot(page, "parting-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await shot(page, "parting-light");
  await page.keyboard.press("Escape");
  await page.waitForSelector("compare-dialog", { state: "detached" });

  // From the gallery: two moments of the library.
  await page.evaluate(() => window.glassbox.saveMoment("another future"));
  await page.click("page-header a:has-text('Gallery')");
  await page.click("moment-library li[data-moment]:has-text('another future') > .row menu-button button");
  await page.click("moment-library [role=menuitem]:has-text('Compare with')");
  await page.waitForSelector("compare-dialog select[name=second] option:checked:has-text('before the write')", {
    state: "attached",
  });
  await page.click("compare-dialog button[type=submit]");
  await page.waitForSelector("compare-dialog section[data-kind=memory]");
  assert.deepEqual(await rows(page, "memory"), [["00007E00 2 bytes", "35 12", "00 00"]]);
  assert.deepEqual(complaints, []);
  await close();
});
