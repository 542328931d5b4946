// Saved moments of the EVM: kept at a step, opened at that step again, handed on as files.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { siteAndBrowser } from "./browser.mjs";
import { at, button, pane, textOf, withExample } from "./evm.mjs";

const around = siteAndBrowser();

/** What is seen at the step: gas, and the stack from its top. */
const seen = async (page) => [
  await textOf(await pane(page, "Stack", "evm-stack")),
  await textOf(await pane(page, "Gas", "evm-gas")),
];

/** Saves the moment that is shown, by a key or the button, under a name. */
async function save(page, name, ask) {
  await ask();
  await page.waitForSelector("save-dialog button.primary:not([disabled])");
  await page.fill("save-dialog input", name);
  await page.click("save-dialog button.primary");
  await page.waitForSelector("save-dialog", { state: "detached" });
}

const moments = (page) => page.evaluate(() => window.glassbox.moments());

async function gallery(page) {
  await page.goto(around.site.url);
  await page.locator("moment-library li[data-moment]").first().waitFor();
}

test("a run of the EVM is saved at a step, and stands there again after a reload and out of a file", async () => {
  await withExample(around, "counter", async (page) => {
    await page.locator("evm-toolbar select").selectOption("1");
    await at(page, 0);
    await page.locator("evm-toolbar input[type=range]").fill("12");
    await at(page, 12);
    const there = await seen(page);
    await page.keyboard.press("F9");
    await page.click("[data-preset=gas]");
    await button(page, "Save this moment").click();
    await page.waitForSelector("save-dialog [role=status]:has-text('step 12 of transaction 2')");
    assert.deepEqual(await violations(page), []);
    await save(page, "Before the slot", () => undefined);
    // On from there, and another way on from there.
    await page.locator("evm-toolbar input[type=range]").fill("16");
    await at(page, 16);
    await save(page, "Later", () => page.keyboard.press("F7"));
    await page.locator("evm-toolbar input[type=range]").fill("14");
    await at(page, 14);
    await save(page, "Another way", () => page.keyboard.press("F7"));

    await gallery(page);
    const [first, second, third] = (await moments(page)).toSorted((one, other) => one.date - other.date);
    assert.deepEqual([first.parent, second.parent, third.parent], [null, first.id, first.id]);
    assert.deepEqual([first.kind, first.machine, first.instruction], ["evm", "Counter, transaction 2", 12]);
    assert.deepEqual(await violations(page), []);
    const row = page.locator("moment-library li[data-moment]").first();
    const choose = async (title) => {
      await row.locator("menu-button button").first().click();
      await page.click(`moment-library [role=menuitem]:has-text("${title}")`);
    };
    const [download] = await Promise.all([page.waitForEvent("download"), choose("Export")]);
    assert.equal(download.suggestedFilename(), "Before the slot.glassbox");
    const file = readFileSync(await download.path());
    await choose("Delete");
    await page.waitForSelector("moment-library .undo");
    assert.equal((await moments(page)).length, 2);

    const take = async (buffer) => {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.click("moment-library button:has-text('Import')"),
      ]);
      await chooser.setFiles({ name: "a.glassbox", mimeType: "application/octet-stream", buffer });
    };
    await take(Buffer.from(String(file).replace('"position":12', '"position":-12')));
    await page.waitForSelector("moment-library [role=alert]:has-text('evm.position')");
    assert.equal((await moments(page)).length, 2);
    await take(file);
    await page.waitForSelector("moment-library [role=status]:has-text('was imported')");

    await page.click("moment-library li[data-moment] .open:has-text('Before the slot')");
    await at(page, 12);
    await page.waitForSelector("[data-preset=gas][aria-pressed=true]");
    assert.equal(await page.locator("evm-page [role=alert]").first().innerText(), "");
    assert.deepEqual(await seen(page), there);
    // The breakpoint came along: away from it and back to it.
    await button(page, "First step").click();
    await at(page, 0);
    await page.keyboard.press("F5");
    await at(page, 12);
    // The page of the EVM takes the file as well, and stands where it says.
    await button(page, "First step").click();
    await at(page, 0);
    const give = async (buffer) => {
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button(page, "Open a file…").click()]);
      await chooser.setFiles({ name: "a.glassbox", mimeType: "application/octet-stream", buffer });
    };
    await give(file.subarray(0, 100));
    await page.waitForSelector("evm-page [role=alert]:has-text('Nothing was imported')");
    await give(file);
    await at(page, 12);
    assert.equal((await moments(page)).length, 4);
  });
});
