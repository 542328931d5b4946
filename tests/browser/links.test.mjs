// Links to moments in Chromium: made on one page, opened on another, and refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { eventually, open, siteAndBrowser } from "./browser.mjs";
import { at, button, withExample, withPage } from "./evm.mjs";

const around = siteAndBrowser();
const card = (page) => page.locator("link-card dialog");

test("a moment of the EVM goes to another page by its link", async () => {
  let link = "";
  await withExample(around, "counter", async (page) => {
    await page.locator("evm-toolbar select").selectOption("1");
    await at(page, 0);
    await page.locator("evm-toolbar input[type=range]").fill("12");
    await at(page, 12);
    await page.keyboard.press("F9");
    await page.click("[data-preset=gas]");
    await button(page, "Link…").click();
    const dialog = page.locator("link-dialog dialog");
    await dialog.getByLabel("Your name").fill("Ada");
    await dialog.getByLabel("Note").fill("Before the <b>slot</b> is written.");
    await page.waitForTimeout(400);
    link = await dialog.locator("[name=link]").inputValue();
    assert.match(link, /\/evm\/#evm1\.[\w-]+$/);
    assert.ok(link.length < 2048, `${link.length} characters`);
    assert.match(await dialog.locator(".size").innerText(), new RegExp(`^${link.length.toLocaleString("en")} `));
    await dialog.locator("svg.qr").waitFor();
    await dialog.getByText("For a page of your own").click();
    assert.deepEqual(await violations(page), []);
  });
  await withPage(around, async (page) => {
    const sent = [];
    page.on("request", (request) => sent.push(request.url()));
    // The page is open already: following a link within it is enough.
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      link.slice(link.indexOf("#")),
    );
    await card(page).locator("dl").waitFor();
    const text = await card(page).innerText();
    for (const part of ["Ada", "Before the <b>slot</b> is written.", "step 12 of transaction 2", "one breakpoint"])
      assert.ok(text.includes(part), `${part} in ${text}`);
    // Nothing ran, nothing was kept, and nothing came from elsewhere.
    assert.equal(await page.locator("evm-toolbar").count(), 0);
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    assert.deepEqual(await violations(page), []);
    await card(page).getByRole("button", { name: "Open" }).click();
    await at(page, 12);
    await page.waitForSelector("[data-preset=gas][aria-pressed=true]");
    assert.equal(await page.locator("page-header .machine").innerText(), "Counter");
    assert.equal(new URL(page.url()).hash, "");
    // The breakpoint came along: away from it and back to it.
    await button(page, "First step").click();
    await at(page, 0);
    await page.keyboard.press("F5");
    await at(page, 12);
    assert.deepEqual(
      sent.filter((url) => !url.startsWith(around.site.url) && !url.startsWith("blob:")),
      [],
    );
  });
});

const paused = (page) => eventually(page, "it is paused", () => window.glassbox.status().state === "paused");
const here = (page) =>
  page.evaluate(async () => ({
    instruction: window.glassbox.status().instructions,
    hash: await window.glassbox.stateHash(),
  }));

/** The link that the dialog offers. */
async function linkTo(page) {
  await page.locator("machine-toolbar").getByRole("button", { name: "Share" }).click();
  await page.getByRole("menuitem", { name: "Link to this moment…" }).click();
  const field = page.locator("link-dialog [name=link]");
  await field.waitFor();
  const link = await field.inputValue();
  await page.locator("link-dialog").getByRole("button", { name: "Close" }).click();
  return link;
}

test("a moment of a program goes to another page by its link", async () => {
  const site = { url: `${around.site.url}x86/` };
  const { page, complaints, close } = await open({ ...around, site });
  await page.click("[data-example=picture]");
  await page.waitForSelector("editor-pane .cm-here");
  await paused(page);
  const boot = await linkTo(page);
  assert.ok(boot.length < 2048, `at the boot sector ${boot.length} characters`);
  const first = (await here(page)).instruction;
  await page.evaluate(() => window.glassbox.step(1_000_000));
  const moved = (from) => window.glassbox.status().instructions >= from + 1_000_000;
  await eventually(page, "a million instructions were executed", moved, first);
  const picture = await linkTo(page);
  assert.ok(picture.length < 8192, `mode 13h after a million instructions: ${picture.length} characters`);
  // Keys are inputs that the link has to hold.
  await page.evaluate(() => {
    window.glassbox.run();
    window.glassbox.type("glass box");
  });
  await page.waitForTimeout(500);
  await page.evaluate(() => window.glassbox.pause());
  await paused(page);
  const there = await here(page);
  const link = await linkTo(page);
  assert.deepEqual(complaints, []);
  await close();

  const other = await open({ ...around, site: { url: link } });
  const { page: second } = other;
  const text = await card(second).locator("dl").innerText();
  assert.match(text, /a program in the link, assembled here/);
  assert.equal(await second.evaluate(() => window.glassbox.status().state), "off");
  assert.equal(await second.evaluate(() => localStorage.length), 0);
  assert.deepEqual(await violations(second), []);
  await card(second).getByRole("button", { name: "Open" }).click();
  await paused(second);
  assert.deepEqual(await here(second), there);
  assert.equal(await second.evaluate(() => window.glassbox.status().problem), "");
  await second.waitForSelector("editor-pane .cm-here");
  assert.deepEqual(other.complaints, []);
  await other.close();
});

test("what is wrong with a link is told, and nothing is opened", async () => {
  await withPage(around, async (page) => {
    await page.goto(`${around.site.url}evm/#evm1.AAAA`);
    await page.reload();
    await card(page).locator("[role=alert] p", { hasText: "refused whole: it cannot be unpacked" }).waitFor();
    assert.equal(await card(page).getByRole("button", { name: "Open" }).count(), 0);
    await card(page).getByRole("button", { name: "Close" }).click();
    await page.waitForFunction(() => location.hash === "");
    assert.equal(await page.locator("evm-toolbar").count(), 0);
  });
});
