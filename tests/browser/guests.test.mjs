// Guests in the page: what they say on COM1, and their pictures against those of QEMU (tests/guests/golden.json).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { eventually, launch, open, screenShows, serialShows } from "./browser.mjs";
import { serve } from "./site.mjs";

const GOLDENS = JSON.parse(readFileSync(new URL("../guests/golden.json", import.meta.url), "utf8"));

let site;
let browser;

before(async () => {
  site = await serve();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  site?.close();
});

async function boot(name) {
  const opened = await open(browser, site);
  await opened.page.evaluate((guest) => window.glassbox.boot(guest), name);
  return opened;
}

/** The screen's pixels as RGB, enlarged to the size at which QEMU shows the same mode, and cut to the bits that count. */
function comparable(pixels, { width, height, bits }) {
  const [repeatX, repeatY] = [width / pixels.width, height / pixels.height];
  assert.ok(Number.isInteger(repeatX) && Number.isInteger(repeatY), `${pixels.width}x${pixels.height}`);
  const rgba = Buffer.from(pixels.rgba, "base64");
  const masks = bits.map((count) => (0xff << (8 - count)) & 0xff);
  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (Math.floor(y / repeatY) * pixels.width + Math.floor(x / repeatX)) * 4;
      for (let colour = 0; colour < 3; colour++) rgb[at++] = rgba[from + colour] & masks[colour];
    }
  }
  return rgb;
}

async function pixels(page) {
  return page.evaluate(async () => {
    const { width, height, rgba } = await window.glassbox.screenPixels();
    let text = "";
    for (let at = 0; at < rgba.length; at += 8192) text += String.fromCharCode(...rgba.subarray(at, at + 8192));
    return { width, height, rgba: btoa(text) };
  });
}

for (const [name, golden] of Object.entries(GOLDENS)) {
  test(`${name} looks as in QEMU, pixel for pixel`, async () => {
    const { page, close } = await boot(name);
    await serialShows(page, `${name}: ok`);
    const rgb = comparable(await pixels(page), golden);
    assert.equal(createHash("sha256").update(rgb).digest("hex"), golden.sha256);
    await close();
  });
}

test("hello prints by INT 10h", async () => {
  const { page, close } = await boot("hello");
  await serialShows(page, "hello: ok");
  await screenShows(page, "Hello");
  await close();
});

test("Linux boots, and answers what is typed at the canvas", { timeout: 300_000 }, async () => {
  const { page, complaints, close } = await boot("linux");
  await serialShows(page, "GUEST-READY", 240_000);
  await page.click("machine-screen .frame");
  await page.keyboard.type("echo $((6*7))-answer; uname -m\n", { delay: 20 });
  await screenShows(page, "42-answer", 60_000);
  await screenShows(page, "i686", 60_000);
  await page.click("machine-toolbar >> text=Pause");
  await eventually(page, "the machine is paused", () => window.glassbox.status().state === "paused");
  assert.deepEqual(complaints, []);
  await close();
});
