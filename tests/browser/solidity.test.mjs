// The Solidity compiler in Chromium: in workers, under the page's policy, and kept by the browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { siteAndBrowser } from "./browser.mjs";

const around = siteAndBrowser();

/** Opens an example in a page of a context, and waits until it ran; gives the complaints of the console. */
async function openExample(context, example) {
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${around.site.url}evm/`);
  await page.locator(`[data-example=${example}]`).click();
  await page.locator("evm-toolbar output").waitFor({ timeout: 90_000 });
  return { page, complaints };
}

test("a program in Solidity is compiled and run, and the compiler is fetched once for all pages", async () => {
  const context = await around.browser.newContext();
  const fetched = [];
  await context.route(/soljson/, (route) => {
    fetched.push(route.request().url());
    return fetched.length > 1 ? route.abort() : route.continue();
  });
  try {
    const first = await openExample(context, "solidity_storage");
    assert.match(await first.page.locator("evm-toolbar output").innerText(), /^0 \/ \d+/);
    assert.deepEqual(first.complaints, []);
    assert.equal(fetched.length, 1);
    await first.page.close();
    // Another page, without a network that could give the compiler: it is in the browser's store.
    const second = await openExample(context, "solidity_bank");
    assert.match(await second.page.locator("evm-toolbar output").innerText(), /^0 \/ \d+/);
    assert.deepEqual(second.complaints, []);
    assert.equal(fetched.length, 1);
  } finally {
    await context.close();
  }
});

test("a compiler that cannot be fetched is told, and asked for again", async () => {
  const context = await around.browser.newContext();
  let refused = 0;
  await context.route(/soljson/, (route) => (refused++ === 0 ? route.abort() : route.continue()));
  try {
    const page = await context.newPage();
    await page.goto(`${around.site.url}evm/`);
    await page.locator("[data-example=solidity_token]").click();
    await page.getByText("The compiler could not be loaded").first().waitFor();
    await page.goto(`${around.site.url}evm/`);
    await page.locator("[data-example=solidity_token]").click();
    await page.locator("evm-toolbar output").waitFor({ timeout: 90_000 });
  } finally {
    await context.close();
  }
});
