// Panes in windows of their own, what is remembered of panes, hostile arrangements, and paper.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, open, serialShows, siteAndBrowser } from "./browser.mjs";
import { stands } from "./program.mjs";
import { AT, atLabel, hex } from "./stops_program.mjs";

const around = siteAndBrowser();

/** Opens a pane, or brings it to the front. */
async function show(page, pane, tag = `${pane}-pane`) {
  await page.locator("work-bench").evaluate((bench, kind) => bench.openPane(kind), pane);
  await page.waitForSelector(tag);
}

/** Opens the window of the group of panes that a tab is in. */
async function popOut(page, title) {
  const group = page.locator("work-bench .dv-groupview", { has: page.locator(`[role=tab][aria-label=${title}]`) });
  await group.locator("menu-button button[aria-haspopup]").first().click();
  const [popup] = await Promise.all([
    page.waitForEvent("popup"),
    group.getByRole("menuitem", { name: "Open in a window" }).click(),
  ]);
  const complaints = [];
  popup.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  popup.on("pageerror", (error) => complaints.push(error.message));
  return { popup, complaints };
}

test("memory in a window: follows the machine, takes bytes and addresses, and comes back", async () => {
  const { page, complaints, close } = await atLabel(around, "first");
  await show(page, "memory");
  const { popup, complaints: others } = await popOut(page, "Memory");
  await popup.waitForSelector("memory-pane .row");
  await popup.fill("memory-pane address-field input", "600");
  await popup.press("memory-pane address-field input", "Enter");
  await popup.waitForSelector("memory-pane .row:has-text('00000600')");
  // The program's first instruction writes 1234h there; the window's keys step.
  await popup.keyboard.press("F11");
  await stands(page, AT.wrote);
  await popup.waitForSelector("memory-pane [data-at='0'].changed >> text=34");
  assert.equal(await popup.locator("memory-pane [data-at='1']").innerText(), "12");
  await popup.locator("memory-pane [data-at='4']").click();
  await popup.keyboard.type("5a");
  await eventually(page, "the byte is written", async () => (await window.glassbox.memory(0x604, 1))[0] === 0x5a);
  await popup.locator("memory-pane .scroller").hover();
  await popup.mouse.wheel(0, 400);
  await popup.waitForSelector("memory-pane .row:has-text('00000600')", { state: "detached" });
  await popup.close();
  await page.waitForSelector("memory-pane .row");
  assert.deepEqual([...complaints, ...others], []);
  await close();
});

test("the serial terminal in a window: shows what comes, sends what is typed, and comes back with all of it", async () => {
  const { page, complaints, close } = await open(around);
  await page.evaluate(() => window.glassbox.boot("serial"));
  await serialShows(page, "serial: ok");
  await page.click("[data-preset=watch]");
  const { popup, complaints: others } = await popOut(page, "Serial");
  await popup.waitForSelector("serial-terminal .xterm-rows");
  await popup.click("serial-terminal .xterm-screen");
  await popup.keyboard.type("glass");
  // The guest answers in capitals.
  await serialShows(page, "GLASS");
  const rows = (where) =>
    where.locator("serial-terminal .xterm-rows").evaluate((element) => element.textContent.replaceAll("\u00a0", " "));
  for (let tries = 0; !(await rows(popup)).includes("GLASS") && tries < 100; tries++) await popup.waitForTimeout(100);
  assert.match(await rows(popup), /serial: ok.*GLASS/s);
  await popup.close();
  await page.waitForSelector("serial-terminal .xterm-rows");
  for (let tries = 0; !(await rows(page)).includes("GLASS") && tries < 100; tries++) await page.waitForTimeout(100);
  assert.match(await rows(page), /serial: ok.*GLASS/s);
  assert.deepEqual([...complaints, ...others], []);
  await close();
});

test("the editor in a window: follows the steps, assembles what is typed, and comes back", async () => {
  const { page, complaints, close } = await open(around);
  await page.click("[data-example=stack]");
  await page.waitForSelector("editor-pane .cm-here");
  const { popup, complaints: others } = await popOut(page, "Program");
  await popup.waitForSelector("editor-pane .cm-here");
  const here = (where) => where.locator("editor-pane .cm-here").first().innerText();
  const before = await here(popup);
  await popup.keyboard.press("F10");
  for (let tries = 0; (await here(popup)) === before && tries < 100; tries++) await popup.waitForTimeout(100);
  assert.notEqual(await here(popup), before);
  await popup.click("editor-pane .cm-content");
  await popup.keyboard.press("Control+a");
  await popup.keyboard.insertText("org 7C00h\nmov ax, 4321h\nhlt\ntimes 510 - ($ - $$) db 0\ndw 0AA55h\n");
  await popup.click("editor-pane >> text=Assemble, boot, step");
  await eventually(
    page,
    "the new program stands at its first instruction",
    async () => {
      if (window.glassbox.status().state !== "paused") return false;
      const bytes = await window.glassbox.memory(0x7c00, 3).catch(() => []);
      return bytes[0] === 0xb8 && bytes[1] === 0x21 && (await window.glassbox.registers()).eip === 0x7c00;
    },
    undefined,
    30_000,
  );
  await popup.waitForSelector("editor-pane .cm-here >> text=4321h");
  await popup.close();
  await page.waitForSelector("editor-pane .cm-here >> text=4321h");
  assert.deepEqual([...complaints, ...others], []);
  await close();
});

test("what panes showed is remembered with their places: addresses, tables, chips", async () => {
  const { page, close } = await atLabel(around, "first");
  await show(page, "devices");
  await page.selectOption("devices-pane select", "8254");
  await show(page, "memory");
  await page.fill("memory-pane address-field input", hex(AT.message));
  await page.press("memory-pane address-field input", "Enter");
  await page.waitForSelector("memory-pane .row:has-text('All is glass')");
  const before = await page.locator("memory-pane .row .address").first().innerText();
  await page.waitForTimeout(600);
  await page.reload();
  await page.evaluate(() => window.glassbox.boot("hello", { paused: true }));
  await page.waitForSelector("work-bench [role=tab]");
  await show(page, "memory");
  await page.waitForSelector(`memory-pane .row:has-text('${before}')`);
  await show(page, "devices");
  await page.waitForSelector("devices-pane h3 >> text=counter 0");
  await close();
});

test("an arrangement with hostile contents is refused or harmless, and the panes are there", async () => {
  const nested = (depth) =>
    depth === 0
      ? { type: "leaf", data: { views: ["screen"], id: "1" } }
      : { type: "branch", data: [nested(depth - 1)] };
  const layout = (root, panels) =>
    JSON.stringify({ grid: { root, width: 800, height: 600, orientation: "HORIZONTAL" }, panels });
  const leaf = (views) => ({
    type: "branch",
    data: [{ type: "leaf", data: { views, id: "1" }, size: 600 }],
    size: 800,
  });
  const memory = (state) => ({ id: "memory", contentComponent: "memory", title: "Memory", params: { state } });
  for (const text of [
    layout(nested(2000), {}),
    layout(leaf(["memory"]), { memory: memory({ space: "<img src=x onerror=hurt()>", offset: -1, follow: {} }) }),
    layout(leaf(["memory"]), { memory: memory({ space: "linear", offset: 1e300, follow: "x".repeat(1e5) }) }),
    layout(leaf(["__proto__"]), { ["__proto__"]: { id: "__proto__", contentComponent: "__proto__" } }),
    layout(leaf(Array(5000).fill("memory")), { memory: memory(null) }),
    "[".repeat(100_000),
    '"\u0000"',
  ]) {
    const { page, complaints, close } = await open(around);
    await page.evaluate((kept) => {
      window.hurt = () => {
        window.isHurt = true;
      };
      localStorage.setItem("glassbox.layout.x86", kept);
    }, text);
    await page.reload();
    await page.evaluate(() => window.glassbox.boot("hello", { paused: true }));
    await page.waitForSelector("work-bench [role=tab]");
    await page.waitForSelector("memory-pane .row, code-pane .line, machine-screen");
    await page.click("[data-preset=debug]");
    await page.waitForSelector("memory-pane .row");
    assert.equal(await page.evaluate(() => window.isHurt), undefined);
    assert.deepEqual(complaints, [], text.slice(0, 200));
    await close();
  }
});

test("on paper: light whatever the screen is, the moment named, no tools, and nothing cut off at the side", async () => {
  const { page, close } = await atLabel(around, "first", { colorScheme: "dark" });
  await show(page, "memory");
  // A4 across, at 96 pixels to the inch.
  await page.setViewportSize({ width: 1123, height: 794 });
  await page.emulateMedia({ media: "print" });
  await page.waitForTimeout(500);
  const look = (selector) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { color } = getComputedStyle(element);
        const { right, height } = element.getBoundingClientRect();
        return { light: color.match(/\d+/g).slice(0, 3).map(Number), right, height };
      });
  for (const selector of ["code-pane .line .text", "registers-pane dt", "memory-pane .row .address"]) {
    const { light, right, height } = await look(selector);
    // Dark letters on white paper.
    assert.ok(
      light.every((part) => part < 120),
      `${selector}: ${light}`,
    );
    assert.ok(height > 8 && right <= 1123, selector);
  }
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  assert.match(await page.innerText("page-header .moment"), /Stops.*instruction.*\d/s);
  assert.equal(await page.locator("machine-toolbar").isVisible(), false);
  assert.equal(await page.locator("page-header nav").isVisible(), false);
  // One sheet: nothing lies beside it.
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.ok((await page.pdf({ format: "A4", landscape: true })).length > 10_000);
  await close();
});
