// Care: every pane of every address under axe-core, light and dark; all by keyboard; the mouse, full screen, sound and the
// touch keyboard; zoom, forced colours, reduced motion.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { eventually, open, screenShows, serialShows, siteAndBrowser } from "./browser.mjs";

const around = siteAndBrowser();

const openPane = (page, pane) => page.locator("work-bench").evaluate((bench, kind) => bench.openPane(kind), pane);

const kinds = (page) => page.locator("work-bench").evaluate((bench) => bench.kinds.map(({ id, tag }) => ({ id, tag })));

async function bootPaused(page, guest = "hello") {
  await page.evaluate((name) => window.glassbox.boot(name, { paused: true }), guest);
  await page.waitForSelector("work-bench [role=tab]");
}

/** The element that has the focus, through all shadow roots. */
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return `${element?.getRootNode().host?.localName ?? ""} ${element?.localName} ${element?.ariaLabel ?? ""}`;
  });

const WORK = {
  "glassbox.nasm.programs": { programs: [{ name: "mine", text: "hlt", changed: 1 }] },
  "glassbox.machines": "refused",
};

/** Opens every pane of an address in turn; what is wrong with any, or with the page around them. */
async function violationsOfPanes(page) {
  const found = await violations(page);
  for (const { id, tag } of await kinds(page)) {
    await openPane(page, id);
    await page.waitForSelector(tag);
    await page.waitForTimeout(150);
    found.push(...(await violations(page, page.locator(tag).first())).map((one) => `${id}: ${one}`));
  }
  return found;
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe-core: every pane of the PC, ${colorScheme}`, async () => {
    const { page, close } = await open(around, { colorScheme });
    await page.click("[data-example=paging]");
    await page.waitForSelector("editor-pane .cm-here");
    assert.deepEqual(await violationsOfPanes(page), []);
    await close();
  });

  test(`axe-core: every pane of the EVM, ${colorScheme}`, async () => {
    const { page, close } = await open({ ...around, site: { url: `${around.site.url}evm/` } }, { colorScheme });
    await page.click("[data-example=erc20]");
    await page.locator("evm-toolbar output").waitFor();
    assert.deepEqual(await violationsOfPanes(page), []);
    await close();
  });

  test(`axe-core: the gallery with saved work, a message, a menu and a name being changed, ${colorScheme}`, async () => {
    const { page, close } = await open(around, { colorScheme });
    await page.evaluate((entries) => {
      for (const [key, value] of Object.entries(entries)) localStorage.setItem(key, JSON.stringify(value));
    }, WORK);
    await page.reload();
    await page.waitForSelector("saved-work li");
    await page.waitForSelector("machine-gallery li");
    assert.deepEqual(await violations(page), [], "list and message");
    await page.click("saved-work li menu-button button");
    assert.deepEqual(await violations(page), [], "menu");
    await page.click("saved-work [role=menuitem]:has-text('Rename')");
    await page.waitForSelector("saved-work li input");
    assert.deepEqual(await violations(page), [], "name");
    await close();
  });
}

test("panes by keyboard: tabs, the pane's menu, closing, opening again", async () => {
  const { page, close } = await open(around);
  await bootPaused(page);
  await page.click("[data-preset=debug]");
  const tabs = () => page.locator("work-bench [role=tab]").evaluateAll((all) => all.map((tab) => tab.ariaLabel).sort());
  const before = await tabs();
  await page.locator("work-bench [role=tab][aria-label=Stops]").focus();
  await page.keyboard.press("Delete");
  assert.deepEqual(
    await tabs(),
    before.filter((name) => name !== "Stops"),
  );
  await page.locator("work-bench .arrange menu-button button[aria-haspopup]").focus();
  await page.keyboard.press("Enter");
  for (let lines = 0; lines < 30; lines++) {
    const now = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.textContent.trim();
    });
    if (now === "Stops") break;
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await page.waitForSelector("stops-pane form");
  assert.deepEqual(await tabs(), before);
  await close();
});

test("sizes of panes by keyboard: what dragging a border does, the pane's menu does too", async () => {
  const { page, close } = await open(around);
  await bootPaused(page);
  const group = page.locator("work-bench .dv-groupview", { has: page.locator("[role=tab][aria-label=Code]") });
  const size = async () => {
    const { width, height } = await group.boundingBox();
    return [Math.round(width), Math.round(height)];
  };
  const choose = async (name) => {
    await group.locator("menu-button button[aria-haspopup]").first().focus();
    await page.keyboard.press("Enter");
    await group.getByRole("menuitem", { name, exact: true }).press("Enter");
    await page.waitForTimeout(100);
  };
  const [width, height] = await size();
  await choose("Narrower");
  assert.deepEqual(await size(), [width - 80, height]);
  await choose("Wider");
  assert.deepEqual(await size(), [width, height]);
  await choose("Shorter");
  assert.deepEqual(await size(), [width, height - 80]);
  await choose("Taller");
  assert.deepEqual(await size(), [width, height]);
  await close();
});

test("the screen takes the keys, and Ctrl+Alt+G gives them back", async () => {
  const { page, close } = await open(around);
  await page.evaluate(() => window.glassbox.boot("hello"));
  await serialShows(page, "hello: ok");
  await page.locator("machine-screen .frame").focus();
  const state = () => page.evaluate(() => window.glassbox.status().state);
  const running = await state();
  await page.keyboard.press("F5");
  await page.waitForTimeout(200);
  assert.equal(await state(), running, "F5 goes to the machine");
  await page.keyboard.press("Control+Alt+KeyG");
  assert.doesNotMatch(await focused(page), /machine-screen/);
  await close();
});

test("the mouse: captured by the button, its movements go to the machine, and it is given back", async () => {
  const { page, close } = await open(around);
  await page.evaluate(() => window.glassbox.boot("hello"));
  await serialShows(page, "hello: ok");
  await page.click("screen-pane >> text=Mouse");
  const hint = page.locator("machine-screen .hint");
  await page.locator("machine-screen .hint", { hasText: "Esc gives it back" }).waitFor();
  await page.mouse.move(300, 300);
  await page.mouse.move(320, 310);
  await page.evaluate(() => document.exitPointerLock());
  await page.locator("machine-screen .hint", { hasText: "Click the screen" }).waitFor();
  assert.match(await hint.textContent(), /Ctrl\+Alt\+G/);
  await close();
});

test("full screen: the picture fills it, and Esc's way back leaves the pane as it was", async () => {
  const { page, close } = await open(around);
  await page.evaluate(() => window.glassbox.boot("hello"));
  await serialShows(page, "hello: ok");
  const height = async () => (await page.locator("machine-screen canvas").boundingBox()).height;
  const before = await height();
  await page.click("screen-pane >> text=Full screen");
  await page.waitForFunction(() => document.fullscreenElement !== null);
  await page.waitForTimeout(300);
  assert.ok((await height()) > before);
  await page.evaluate(() => document.exitFullscreen());
  await page.waitForFunction(() => document.fullscreenElement === null);
  await page.waitForTimeout(300);
  assert.ok(Math.abs((await height()) - before) < 2);
  await close();
});

test("sound: off until it is asked for, and off again", async () => {
  const { page, close } = await open(around);
  await page.evaluate(() => window.glassbox.boot("hello"));
  await serialShows(page, "hello: ok");
  const on = () => page.evaluate(() => window.glassbox.sound().on);
  assert.equal(await on(), false);
  const button = page.locator("screen-pane .tools button", { hasText: "Sound" });
  await button.click();
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  await page.waitForFunction(() => window.glassbox.sound().on);
  await button.click();
  assert.equal(await on(), false);
  await close();
});

test("the touch keyboard: there on a phone, its keys have names, Shift holds for one key", async () => {
  const { page, close } = await open(around, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await page.tap("[data-example=keyboard]");
  await page.waitForSelector("work-bench [role=tab]");
  await eventually(page, "it waits", () => window.glassbox.status().state === "paused", undefined, 60_000);
  await page.evaluate(() => window.glassbox.run());
  await openPane(page, "screen");
  await page.waitForSelector("touch-keyboard");
  await screenShows(page, "Type something:");
  const key = (name) => page.locator("touch-keyboard").getByRole("button", { name, exact: true });
  await key("h").tap();
  await key("i").tap();
  await screenShows(page, "Type something: hi");
  await key("Shift").tap();
  assert.equal(await key("Shift").getAttribute("aria-pressed"), "true");
  await key("A").tap();
  assert.equal(await key("Shift").getAttribute("aria-pressed"), "false");
  await screenShows(page, "Type something: hia");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const nameless = await page
    .locator("touch-keyboard button")
    .evaluateAll((all) => all.filter((one) => !one.ariaLabel.trim()).length);
  assert.equal(nameless, 0);
  await close();
});

// 200 % of zoom leaves half the pixels in each direction.
test("zoom of 200 %: nothing is cut off, nothing scrolls sideways", async () => {
  const options = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };
  const { page, close } = await open(around, options);
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  await page.waitForSelector("saved-work section");
  assert.ok(await fits(), "gallery");
  await bootPaused(page);
  for (const preset of ["watch", "learn", "debug", "program"]) {
    await page.click(`[data-preset=${preset}]`);
    await page.waitForTimeout(200);
    assert.ok(await fits(), preset);
  }
  await page.goto(`${around.site.url}evm/`);
  await page.click("[data-example=counter]");
  await page.locator("evm-toolbar output").waitFor();
  assert.ok(await fits(), "EVM");
  await close();
});

test("forced colours: the focus, what is pressed and what is chosen can be seen", async () => {
  const { page, close } = await open(around, { forcedColors: "active" });
  await page.locator("[data-guest=hello]").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  const outline = await page.locator("[data-guest=hello]").evaluate((one) => getComputedStyle(one).outlineStyle);
  assert.notEqual(outline, "none");
  await bootPaused(page);
  const button = (pressed) => page.locator(`work-bench .arrange [data-preset][aria-pressed=${pressed}]`).first();
  const looks = (one) =>
    one.evaluate((element) => {
      const { color, backgroundColor, borderColor, outlineStyle, textDecorationLine, fontWeight } =
        getComputedStyle(element);
      return JSON.stringify([color, backgroundColor, borderColor, outlineStyle, textDecorationLine, fontWeight]);
    });
  assert.notEqual(await looks(button("true")), await looks(button("false")), "the preset that is shown");
  await close();
});

test("reduced motion: nothing moves by itself", async () => {
  const { page, close } = await open(around, { reducedMotion: "reduce" });
  await page.click("[data-example=hello]");
  await page.waitForSelector("editor-pane .cm-here");
  await page.waitForTimeout(500);
  const moving = await page.evaluate(() => {
    const found = [];
    const visit = (root) => {
      for (const element of root.querySelectorAll("*")) {
        const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
        const long = transitionDuration.split(", ").some((one) => Number.parseFloat(one) > 0.01);
        if (long || (animationName !== "none" && Number.parseFloat(animationDuration) > 0.01)) {
          found.push(`${element.localName}.${element.className} ${animationName} ${transitionDuration}`);
        }
        if (element.shadowRoot) visit(element.shadowRoot);
      }
    };
    visit(document);
    return [...new Set(found)];
  });
  assert.deepEqual(moving, []);
  await close();
});
