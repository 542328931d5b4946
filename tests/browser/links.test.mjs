// Links to moments in Chromium: made on one page, opened on another, and refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { siteAndBrowser } from "./browser.mjs";
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

test("what is wrong with a link is told, and nothing is opened", async () => {
  await withPage(around, async (page) => {
    await page.goto(`${around.site.url}evm/#evm1.AAAA`);
    await page.reload();
    await card(page).locator("[role=alert] p", { hasText: "refused whole: it cannot be unpacked" }).waitFor();
    assert.equal(await card(page).getByRole("button", { name: "Open" }).count(), 0);
    await card(page).getByRole("button", { name: "Close" }).click();
    assert.equal(new URL(page.url()).hash, "");
    assert.equal(await page.locator("evm-toolbar").count(), 0);
  });
});
