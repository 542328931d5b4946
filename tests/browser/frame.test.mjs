// The page's frame: addresses, arrangements of panes, windows of their own, keys, numbers, looks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, open, siteAndBrowser } from "./browser.mjs";

const around = siteAndBrowser();

/** A machine that stands at its first instruction. */
async function bootPaused(page, guest = "hello") {
  await page.evaluate((name) => window.glassbox.boot(name, { paused: true }), guest);
  await page.waitForSelector("work-bench [role=tab]");
  await page.waitForSelector("code-pane .line.next, memory-pane .grid, machine-screen");
}

const tabs = (page) =>
  page.locator("work-bench [role=tab]").evaluateAll((all) => all.map((tab) => tab.ariaLabel).sort());

test("each address is a file of its own, under any base path", async () => {
  for (const [path, part] of [
    ["", "Gallery"],
    ["x86/", "PC"],
    ["x86/index.html", "PC"],
    ["evm/", "EVM"],
  ]) {
    const site = { url: `${around.site.url}${path}` };
    const { page, complaints, close } = await open({ ...around, site });
    assert.equal(await page.textContent("page-header [aria-current=page]"), part);
    // The gallery's list lies at the root of the site, wherever the page was loaded.
    if (part !== "EVM") await page.waitForSelector("machine-gallery li");
    assert.deepEqual(complaints, [], path);
    await close();
  }
});

test("picking a machine goes to it, and going elsewhere leaves it running", async () => {
  const { page, close } = await open(around);
  await page.click("[data-guest=hello]");
  await page.waitForURL(/\/x86\/$/);
  await eventually(page, "it runs", () => window.glassbox.status().state === "running");
  await page.click("page-header >> text=Gallery");
  await page.waitForSelector("gallery-page");
  assert.equal(new URL(page.url()).pathname, new URL(around.site.url).pathname);
  const before = await page.evaluate(() => window.glassbox.status().speed?.instructions ?? 0);
  await eventually(
    page,
    "it runs on",
    (count) => {
      const { state, speed } = window.glassbox.status();
      return state === "running" && (speed?.instructions ?? 0) > count;
    },
    before,
  );
  await page.click("gallery-page >> text=Back to");
  await page.waitForSelector("machine-screen");
  await page.goBack();
  await page.waitForSelector("gallery-page");
  await close();
});

test("arrangements: presets, panes opened and closed, remembered, reset", async () => {
  const { page, close } = await open(around);
  await bootPaused(page);
  assert.deepEqual(await tabs(page), ["Code", "Registers", "Screen", "Serial", "Stack"]);
  await page.click("[data-preset=watch]");
  assert.deepEqual(await tabs(page), ["Screen", "Serial"]);
  const panes = page.locator("work-bench .arrange menu-button");
  await panes.getByRole("button", { name: "Panes" }).click();
  await panes.getByRole("menuitemcheckbox", { name: "Memory", exact: true }).click();
  await panes.getByRole("button", { name: "Panes" }).click();
  await panes.getByRole("menuitem", { name: "Memory: another" }).click();
  assert.deepEqual(await tabs(page), ["Memory", "Memory", "Screen", "Serial"]);
  await panes.getByRole("button", { name: "Panes" }).click();
  await panes.getByRole("menuitemcheckbox", { name: "Serial" }).click();
  await page.waitForTimeout(500);
  await page.reload();
  await bootPaused(page);
  assert.deepEqual(await tabs(page), ["Memory", "Memory", "Screen"]);
  await panes.getByRole("button", { name: "Panes" }).click();
  await panes.getByRole("menuitem", { name: "Reset the arrangement" }).click();
  assert.deepEqual(await tabs(page), ["Screen", "Serial"]);
  await close();
});

test("a hostile or an old arrangement gives way to the preset", async () => {
  for (const layout of [
    "{",
    '{"grid":{"root":{"type":"branch","data":[]},"width":1,"height":1,"orientation":"HORIZONTAL"},"panels":{}}',
    '{"grid":{"root":{"type":"branch","data":[{"type":"leaf","data":{"views":["gone"],"id":"1"}}]},"width":1,"height":1,"orientation":"HORIZONTAL"},"panels":{"gone":{"contentComponent":"gone"}}}',
  ]) {
    const { page, complaints, close } = await open(around);
    await page.evaluate((text) => {
      localStorage.setItem("glassbox.layout.x86", text);
      localStorage.setItem("glassbox.preset.x86", "no such preset");
      localStorage.setItem("glassbox.settings", text);
    }, layout);
    await page.reload();
    await bootPaused(page);
    assert.deepEqual(await tabs(page), ["Code", "Registers", "Screen", "Serial", "Stack"]);
    assert.deepEqual(complaints, []);
    await close();
  }
});

test("panes are dragged, and moved by the menu", async () => {
  const { page, close } = await open(around);
  await bootPaused(page);
  const groupOf = (title) =>
    page.locator(`work-bench [role=tab][aria-label=${title}]`).evaluate((tab) => {
      const group = tab.closest(".dv-groupview");
      return [...group.querySelectorAll("[role=tab]")].map((one) => one.ariaLabel).join("+");
    });
  const serial = await page.locator("work-bench [role=tab][aria-label=Serial]").boundingBox();
  const code = await page.locator("work-bench [role=tab][aria-label=Code]").boundingBox();
  await page.mouse.move(serial.x + 15, serial.y + serial.height / 2);
  await page.mouse.down();
  await page.mouse.move(serial.x + 40, serial.y + 5, { steps: 4 });
  await page.mouse.move(code.x + code.width - 8, code.y + code.height / 2, { steps: 8 });
  await page.mouse.move(code.x + code.width - 6, code.y + code.height / 2);
  await page.mouse.up();
  assert.match(await groupOf("Serial"), /Code/);
  await page.click("work-bench [role=tab][aria-label=Registers]");
  const group = page.locator("work-bench .dv-groupview", { has: page.locator("[role=tab][aria-label=Registers]") });
  await group.locator("menu-button button[aria-haspopup]").first().focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await group.getByRole("menuitem", { name: "Move up" }).press("Enter");
  assert.match(await groupOf("Registers"), /Code/);
  await close();
});

test("a pane in a window of its own looks the same, follows the machine, and comes back", async () => {
  const { page, complaints, close } = await open(around);
  await bootPaused(page);
  await page.waitForSelector("registers-pane dl");
  const look = (where) =>
    where
      .locator("registers-pane dt")
      .first()
      .evaluate((element) => {
        const { color, fontFamily, fontSize } = getComputedStyle(element);
        return { color, fontFamily, fontSize };
      });
  const before = await look(page);
  const group = page.locator("work-bench .dv-groupview", { has: page.locator("[role=tab][aria-label=Registers]") });
  await group.locator("menu-button button[aria-haspopup]").first().click();
  const [popup] = await Promise.all([
    page.waitForEvent("popup"),
    group.getByRole("menuitem", { name: "Open in a window" }).click(),
  ]);
  await popup.waitForSelector("registers-pane dl");
  assert.deepEqual(await look(popup), before);
  const eip = () => popup.locator("registers-pane number-value").nth(8).locator("button").innerText();
  const first = await eip();
  // Keys act in that window too.
  await popup.keyboard.press("F11");
  await eventually(page, "EIP moved", async () => (await window.glassbox.registers()).eip !== 0xfff0);
  for (let tries = 0; (await eip()) === first && tries < 50; tries++) await popup.waitForTimeout(100);
  assert.notEqual(await eip(), first);
  // What is rendered there for the first time is dressed, too.
  await popup.locator("registers-pane summary", { hasText: "x87" }).click();
  await popup.close();
  await page.waitForSelector("registers-pane dl");
  assert.deepEqual(await look(page), before);
  assert.deepEqual(complaints, []);
  await close();
});

test("keys run, step, set breakpoints and show help; the machine's screen keeps its own", async () => {
  const { page, close } = await open(around);
  await bootPaused(page);
  await page.click("work-bench [role=tab][aria-label=Code]");
  const eip = () => page.evaluate(async () => (await window.glassbox.registers()).eip);
  assert.equal(await eip(), 0xfff0);
  await page.keyboard.press("F11");
  await eventually(page, "a step into", async () => (await window.glassbox.registers()).eip !== 0xfff0);
  await page.keyboard.press("F5");
  await eventually(page, "it runs", () => window.glassbox.status().state === "running");
  // The screen has the focus: F5 belongs to the guest.
  await page.click("machine-screen .frame");
  await page.keyboard.press("F5");
  await page.keyboard.press("?");
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => window.glassbox.status().state), "running");
  assert.equal(await page.locator("help-dialog dialog[open]").count(), 0);
  await page.keyboard.press("Control+Alt+KeyG");
  await page.keyboard.press("F5");
  await eventually(page, "it rests", () => window.glassbox.status().state === "paused");
  await page.keyboard.press("?");
  await page.waitForSelector("help-dialog dialog[open]");
  assert.match(await page.innerText("help-dialog dialog"), /Shift\+F11/);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("help-dialog dialog[open]").count(), 0);
  await page.keyboard.press("Control+g");
  await page.keyboard.type("0");
  assert.equal(
    await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.localName;
    }),
    "input",
  );
  await close();
});

test("numbers can be read in every form, and addresses lead to memory and code", async () => {
  const { page, close } = await open(around);
  await bootPaused(page);
  const eip = page.locator("registers-pane number-value").nth(8);
  await eip.locator("button").focus();
  await eventually(page, "the hint is open", () => {
    const find = (root) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.matches("[popover]:popover-open")) return element;
        const found = element.shadowRoot && find(element.shadowRoot);
        if (found) return found;
      }
    };
    const text = find(document)?.innerText ?? "";
    return ["Hex", "Decimal", "Signed", "Binary", "ASCII", "Float", "65520"].every((word) => text.includes(word));
  });
  await page.keyboard.press("Escape");
  await page.locator("registers-pane number-value").nth(4).locator("button").click();
  await page.waitForSelector("memory-pane .grid");
  assert.equal(await page.innerText("memory-pane .space"), "ss");
  await close();
});

test("colours, text size and their memory", async () => {
  const { page, close } = await open(around);
  const view = page.locator("page-header menu-button");
  const pick = async (name) => {
    await view.locator("button[aria-haspopup]").click();
    await view.getByRole(/Colours/.test(name) ? "menuitemcheckbox" : "menuitem", { name }).click();
  };
  const look = () =>
    page.evaluate(() => {
      const { backgroundColor } = getComputedStyle(document.body);
      return { backgroundColor, size: getComputedStyle(document.documentElement).fontSize };
    });
  await pick("Colours: Dark");
  await pick("Larger text");
  await pick("Larger text");
  const dark = await look();
  assert.equal(dark.size, "19.2px");
  await page.reload();
  await page.waitForSelector("machine-gallery");
  assert.deepEqual(await look(), dark);
  await pick("Colours: Light");
  assert.notEqual((await look()).backgroundColor, dark.backgroundColor);
  await close();
});

for (const [name, viewport] of [
  ["a phone", { width: 360, height: 740 }],
  ["a tablet", { width: 820, height: 1180 }],
  ["a narrow window with large text", { width: 1280, height: 800 }],
]) {
  test(`nothing is wider than ${name}`, async () => {
    const { page, close } = await open(around, { viewport, hasTouch: viewport.width < 1000 });
    if (viewport.width === 1280) {
      await page.evaluate(() => localStorage.setItem("glassbox.settings", '{"theme":"dark","scale":200}'));
      await page.reload();
    }
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    assert.ok(await fits(), "gallery");
    await bootPaused(page);
    for (const preset of ["watch", "learn", "debug"]) {
      await page.click(`[data-preset=${preset}]`);
      await page.waitForTimeout(200);
      assert.ok(await fits(), preset);
      if (preset !== "watch") continue;
      const screen = await page.locator("machine-screen .frame").boundingBox();
      assert.ok(screen.height > 60, `the screen is ${screen.height} pixels high`);
    }
    await close();
  });
}
