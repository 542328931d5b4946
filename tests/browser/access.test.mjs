// Access: axe-core on every address and arrangement, everything by keyboard, the text screen for those who hear it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { eventually, open, serialShows, siteAndBrowser } from "./browser.mjs";

const around = siteAndBrowser();

async function bootPaused(page) {
  await page.evaluate(() => window.glassbox.boot("hello", { paused: true }));
  await page.waitForSelector("work-bench [role=tab]");
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe-core finds nothing to complain about, ${colorScheme}`, async () => {
    for (const path of ["", "x86/", "evm/"]) {
      const site = { url: `${around.site.url}${path}` };
      const { page, close } = await open({ ...around, site }, { colorScheme });
      if (path !== "evm/") await page.waitForSelector("machine-gallery li");
      assert.deepEqual(await violations(page), [], `/${path}`);
      if (path === "x86/") {
        await bootPaused(page);
        for (const preset of ["watch", "learn", "debug"]) {
          await page.click(`[data-preset=${preset}]`);
          await page.waitForTimeout(700);
          assert.deepEqual(await violations(page), [], preset);
        }
        await page.click("work-bench [role=tab][aria-label=Stops]");
        await page.waitForSelector("stops-pane form");
        await page.click("page-header menu-button");
        assert.deepEqual(await violations(page), [], "stops, and a menu");
        await page.keyboard.press("Escape");
        await page.click("page-header >> text=?");
        assert.deepEqual(await violations(page), [], "help");
      }
      await close();
    }
  });
}

/** The element that has the focus, through all shadow roots. */
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element || element === document.body) return "";
    const { outlineStyle, boxShadow, borderColor } = getComputedStyle(element);
    const host = element.getRootNode().host?.localName ?? "";
    const name = element.ariaLabel ?? element.textContent.trim().slice(0, 30);
    return `${host} ${element.localName} ${name}|${outlineStyle !== "none" || boxShadow !== "none" || borderColor}`;
  });

test("Tab goes everywhere, shows where it is, and is caught nowhere", async () => {
  const { page, close } = await open(around);
  await bootPaused(page);
  await page.waitForSelector("registers-pane dl");
  await page.waitForSelector("serial-terminal .xterm");
  await page.evaluate(() => document.activeElement?.blur());
  const seen = [];
  let ends = 0;
  for (let count = 0; count < 300; count++) {
    await page.keyboard.press("Tab");
    let now = await focused(page);
    if (/machine-screen div|xterm|textarea/.test(now)) {
      seen.push(now);
      await page.keyboard.press("Control+Alt+KeyG");
      await page.keyboard.press("Tab");
      now = await focused(page);
    }
    // Where the focus began is in the middle: twice past the end is all the way round.
    if (now === "" && ++ends === 2) break;
    if (now !== "") seen.push(now);
  }
  assert.ok(seen.length < 280, `Tab comes to no end: ${seen.slice(-5).join("; ")}`);
  for (const wanted of [
    /Skip to/,
    /PC/,
    /View/,
    /Run/,
    /Over/,
    /Learn/,
    /Panes/,
    /machine-screen/,
    /code-pane/,
    /registers-pane/,
    /serial|textarea/,
    /role|tab|Screen/,
  ]) {
    assert.ok(
      seen.some((one) => wanted.test(one)),
      `${wanted} among\n${seen.join("\n")}`,
    );
  }
  const dark = seen.filter((one) => one.endsWith("|false"));
  assert.deepEqual(dark, [], "elements whose focus cannot be seen");
  await close();
});

test("panes' tabs are changed with the arrows", async () => {
  const { page, close } = await open(around);
  await bootPaused(page);
  await page.click("[data-preset=debug]");
  await page.locator("work-bench [role=tab][aria-label=Memory]").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForSelector("stops-pane form");
  await close();
});

test("the text screen is told, row by row, and as text", async () => {
  const { page, close } = await open(around);
  await page.evaluate(() => window.glassbox.boot("hello"));
  await serialShows(page, "hello: ok");
  await eventually(page, "the log tells what the screen shows", () => {
    const find = (root) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.matches("screen-text")) return element.shadowRoot.querySelector("[role=log]");
        const found = element.shadowRoot && find(element.shadowRoot);
        if (found) return found;
      }
    };
    const log = find(document);
    return log?.ariaLive === "polite" && /Hello, world!/.test(log.textContent);
  });
  await close();
});
