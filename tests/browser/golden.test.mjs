// The main layouts beside pictures of them that a person has looked at. UPDATE_GOLDEN=1 writes new ones: look at each
// before you commit it. What another font changes does not count; a pane that is gone, moved or empty does.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { open, siteAndBrowser } from "./browser.mjs";
import { compare, decode, encode } from "./picture.mjs";
import { showStops } from "./program.mjs";
import { assembled, goesTo, hex } from "./stops_program.mjs";

const GOLDEN = new URL("golden/", import.meta.url);
const EXAMPLES = new URL("../../www/src/examples/pc/", import.meta.url);
/** Of all parts, and of those that hang together: a few rows are more. Other fonts make 0.005 and 1. */
const [MOST_SHARE, LARGEST] = [0.012, 3];
/** Clock of the guest and of the page: what shows a date shows this one. */
const NOW = new Date("2026-01-02T03:04:05Z");

const around = siteAndBrowser();

const picture = async (page) => {
  // Away from what would be drawn as hovered.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(600);
  return decode(await page.screenshot({ animations: "disabled", caret: "hide" }));
};

/** What is amiss with a picture, in words; nothing, if it is as it was. */
function amiss(name, now) {
  const { share, largest, where } = compare(decode(readFileSync(new URL(`${name}.png`, GOLDEN))), now);
  if (share <= MOST_SHARE && largest <= LARGEST) return "";
  return `${(100 * share).toFixed(1)} % of the parts differ, ${largest} in one place:\n${where}`;
}

async function isAsBefore(page, name) {
  const now = await picture(page);
  if (process.env.UPDATE_GOLDEN) return writeFileSync(new URL(`${name}.png`, GOLDEN), encode(now));
  const wrong = amiss(name, now);
  if (!wrong) return;
  const folder = join(tmpdir(), "glassbox-golden");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), encode(now));
  assert.fail(`${name} (now: ${folder}): ${wrong}`);
}

const LOOKS = ["light", "dark"].map((colorScheme) => ({
  colorScheme,
  viewport: { width: 1280, height: 800 },
  timezoneId: "UTC",
  locale: "en-GB",
}));
const PHONE = { ...LOOKS[0], viewport: { width: 390, height: 780 }, hasTouch: true };

/** What comes last in each of the PC's arrangements. */
const SHOWN = {
  debug: "memory-pane .row",
  learn: "serial-terminal .xterm-rows",
  watch: "serial-terminal .xterm-rows",
  program: "editor-pane .cm-here",
};

async function openAt(path, options) {
  const opened = await open({ ...around, site: { url: `${around.site.url}${path}` } }, options);
  await opened.page.clock.setFixedTime(NOW);
  return opened;
}

/** The example about user mode, stopped at the third call of its service. */
async function atService(options) {
  const opened = await openAt("x86/", options);
  const { page } = opened;
  const { labels } = await assembled(new URL("ring3.asm", EXAMPLES));
  await page.click("[data-example=ring3]");
  await page.waitForSelector("editor-pane .cm-here");
  if (options === PHONE) return opened;
  await page.click("[data-preset=debug]");
  await showStops(page);
  const at = hex(labels.on_service);
  await goesTo(page, { at, from: "3" }, labels.on_service);
  return opened;
}

async function atLastStep(options, example) {
  const opened = await openAt("evm/", options);
  await opened.page.click(`[data-example=${example}]`);
  await opened.page.locator("evm-toolbar output").waitFor();
  return opened;
}

for (const options of LOOKS) {
  const look = options.colorScheme;

  test(`golden: the gallery, ${look}`, async () => {
    const { page, close } = await openAt("", options);
    await page.waitForSelector("machine-gallery li");
    await isAsBefore(page, `gallery-${look}`);
    await close();
  });

  test(`golden: the PC's arrangements, ${look}`, async () => {
    const { page, close } = await atService(options);
    for (const preset of ["debug", "learn", "watch", "program"]) {
      await page.click(`[data-preset=${preset}]`);
      await page.waitForSelector(SHOWN[preset]);
      await isAsBefore(page, `x86-${preset}-${look}`);
    }
    await close();
  });

  test(`golden: the EVM's arrangements, ${look}`, async () => {
    const { page, close } = await atLastStep(options, "erc20");
    // Behind the KECCAK256 of a slot's address and the first SSTORE: every pane has something to show.
    await page.locator("evm-toolbar input[type=range]").fill("48");
    for (const preset of ["learn", "debug", "gas"]) {
      await page.click(`[data-preset=${preset}]`);
      await isAsBefore(page, `evm-${preset}-${look}`);
    }
    await close();
  });
}

test("golden: a phone", async () => {
  const gallery = await openAt("", PHONE);
  await gallery.page.waitForSelector("machine-gallery li");
  await isAsBefore(gallery.page, "gallery-phone");
  await gallery.close();
  const pc = await atService(PHONE);
  await pc.page.click("[data-preset=learn]");
  await isAsBefore(pc.page, "x86-phone");
  await pc.close();
  const evm = await atLastStep(PHONE, "counter");
  await isAsBefore(evm.page, "evm-phone");
  await evm.close();
});

test("golden: another font passes; a pane that is gone, moved, or without its rows does not", async () => {
  const { page, close } = await atService(LOOKS[0]);
  await page.click("[data-preset=learn]");
  await page.waitForSelector(SHOWN.learn);
  const style = (text) =>
    page.evaluate((css) => {
      const dress = (root) => {
        root.querySelector("#changed")?.remove();
        const element = document.createElement("style");
        element.id = "changed";
        element.textContent = css;
        (root.head ?? root).append(element);
        for (const inner of root.querySelectorAll("*")) if (inner.shadowRoot) dress(inner.shadowRoot);
      };
      dress(document);
    }, text);
  const judged = async (css) => {
    await style(css);
    return amiss("x86-learn-light", await picture(page));
  };
  assert.equal(await judged(""), "");
  for (const [mono, sans, size] of [
    ["monospace", "serif", "100%"],
    ["Courier New, Liberation Mono, monospace", "Arial, Liberation Sans, sans-serif", "100%"],
    ["monospace", "sans-serif", "98%"],
  ]) {
    const css = `:root { --mono: ${mono} !important; font-size: ${size} } :root, :host, * { font-family: ${sans} }`;
    assert.equal(
      await judged(`${css} code, pre, .address, .text, .bytes { font-family: ${mono} !important }`),
      "",
      sans,
    );
  }
  for (const [what, css] of [
    ["a pane that is gone", "registers-pane { visibility: hidden }"],
    ["rows that are gone", "code-pane .lines, .lines .line { opacity: 0 }"],
    ["all but a few rows", ".line:nth-of-type(n + 4) { visibility: hidden }"],
    ["a pane over another", "registers-pane { position: fixed; inset: 130px 0 0 600px; background: white }"],
    ["a toolbar of two lines", ".bar { flex-direction: column }"],
    ["text on its ground's colour", "registers-pane { color: white; --ink: white; --faint: white; --accent: white }"],
  ]) {
    assert.notEqual(await judged(css), "", what);
  }
  await close();
});
