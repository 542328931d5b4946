// What reaches the guest from the person's hands, and the person's eyes and ears from the guest: mouse, touch keyboard,
// full screen, sound, the other serial ports, how far a boot is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { eventually, open, serialShows, siteAndBrowser } from "./browser.mjs";

const around = siteAndBrowser();

async function boot(name, options) {
  const opened = await open(around, options);
  await opened.page.evaluate((guest) => window.glassbox.boot(guest), name);
  return opened;
}

/** Boots a floppy whose boot sector is this code. */
async function bootSector(page, code) {
  const floppy = Buffer.alloc(1474560);
  Buffer.from(code).copy(floppy);
  floppy.writeUInt16LE(0xaa55, 510);
  await page.setInputFiles("input[data-role=fda]", {
    name: "own.img",
    mimeType: "application/octet-stream",
    buffer: floppy,
  });
  await page.click("machine-form button[type=submit]");
}

/** The last place that the mouse guest told. */
const lastPlace = (page) =>
  page.evaluate(() =>
    [...window.glassbox.serialText().matchAll(/at (-?\d+),(-?\d+) buttons (\d)/g)].at(-1)?.slice(1, 4),
  );

async function placeBecomes(page, wanted) {
  const [x, y, buttons] = wanted.map(String);
  await serialShows(page, `at ${x},${y} buttons ${buttons}`, 20_000).catch(async (error) => {
    assert.fail(`${error.message}\nlast: ${await lastPlace(page)}`);
  });
}

test("the captured mouse moves the guest's, and Ctrl+Alt+G gives it back", async () => {
  const { page, complaints, close } = await boot("mouse");
  await serialShows(page, "mouse: ready");
  const frame = await page.locator("machine-screen .frame").boundingBox();
  const [x, y] = [Math.round(frame.x + frame.width / 2), Math.round(frame.y + frame.height / 2)];
  // Uncaptured, it belongs to the page.
  await page.mouse.move(x, y);
  await page.mouse.move(x + 50, y + 50);
  await page.click("screen-pane >> text=Mouse");
  await eventually(page, "the mouse is captured", () => document.pointerLockElement !== null);
  await page.mouse.move(x, y);
  await page.waitForTimeout(300);
  const [left, up] = ((await lastPlace(page)) ?? ["0", "0"]).map(Number);
  await page.mouse.move(x + 30, y + 12);
  await placeBecomes(page, [left + 30, up - 12, 0]);
  await page.mouse.move(x - 10, y - 40);
  await placeBecomes(page, [left - 10, up + 40, 0]);
  await page.mouse.down();
  await placeBecomes(page, [left - 10, up + 40, 1]);
  await page.mouse.up();
  await page.keyboard.press("Control+Alt+KeyG");
  await eventually(page, "the mouse is free", () => document.pointerLockElement === null);
  await page.mouse.move(x, y);
  await page.waitForTimeout(300);
  assert.deepEqual(await lastPlace(page), [left - 10, up + 40, 0].map(String));
  // Captured again, the right button ends the guest.
  await page.click("screen-pane >> text=Mouse");
  await eventually(page, "the mouse is captured", () => document.pointerLockElement !== null);
  // The page hears of it a little later than the document shows it.
  await page.waitForTimeout(500);
  await page.mouse.down({ button: "right" });
  await serialShows(page, "mouse: ok", 20_000);
  assert.deepEqual(complaints, []);
  await close();
});

test("the on-screen keyboard types at the guest", async () => {
  const { page, close } = await boot("keyboard", { viewport: { width: 390, height: 800 }, hasTouch: true });
  await serialShows(page, "keyboard: ready");
  if (!(await page.locator("touch-keyboard").isVisible())) await page.tap("screen-pane >> text=Keyboard");
  const tap = (name) => page.locator("touch-keyboard").getByRole("button", { name, exact: true }).tap();
  await tap("g");
  await tap("Shift");
  // Shift shows on the keys, and is down until the next one.
  await tap("A");
  await tap("l");
  await tap("Esc");
  await serialShows(page, "keyboard: ok", 20_000);
  const said = await page.evaluate(() => window.glassbox.serialText().replaceAll("\r", ""));
  const scans = said.split("\n").filter((line) => line.startsWith("scan"));
  const expected = ["22 down g", "A2 up", "2A down ", "1E down A", "9E up", "AA up", "26 down l", "A6 up", "01 down "];
  assert.deepEqual(
    scans.slice(0, expected.length),
    expected.map((line) => `scan ${line}`),
  );
  await close();
});

test("full screen shows the whole picture, as large as it fits", async () => {
  const { page, close } = await boot("plasma");
  await serialShows(page, "plasma: ok");
  await page.click("screen-pane >> text=Full screen");
  await eventually(page, "the screen is full", () => document.fullscreenElement !== null);
  const fits = () => {
    let screen = document;
    while (screen.fullscreenElement) screen = screen.fullscreenElement.shadowRoot;
    const box = screen.querySelector("canvas").getBoundingClientRect();
    const inside = box.left >= 0 && box.top >= 0 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
    const large = box.width > innerWidth - 2 || box.height > innerHeight - 2;
    const aspect = Math.abs(box.width / box.height - 4 / 3) < 0.02;
    return inside && large && aspect;
  };
  await eventually(page, "the picture fills the screen", fits, undefined, 10_000);
  await page.evaluate(() => document.exitFullscreen());
  await eventually(page, "the page is back", () => document.fullscreenElement === null);
  await page.click("machine-toolbar button[aria-label=Pause]");
  await eventually(page, "the machine is paused", () => window.glassbox.status().state === "paused");
  await close();
});

test("the speaker's tone reaches the audio, and only while sound is on", async () => {
  const { page, complaints, close } = await open(around);
  // 8254 counter 2, mode 3, divisor 1193 (1000 Hz); port 61h: gate and speaker on; then sleep with interrupts on.
  const tone = [
    0xb0, 0xb6, 0xe6, 0x43, 0xb0, 0xa9, 0xe6, 0x42, 0xb0, 0x04, 0xe6, 0x42, 0xe4, 0x61, 0x0c, 0x03, 0xe6, 0x61,
  ];
  // in al, 60h as the way to end it: any key turns the speaker off.
  const untilKey = [0xb4, 0x00, 0xcd, 0x16, 0xe4, 0x61, 0x24, 0xfc, 0xe6, 0x61];
  // And on again after the next.
  const again = [0xb4, 0x00, 0xcd, 0x16, 0xeb, 256 - (tone.length + untilKey.length + 6)];
  await bootSector(page, [...tone, ...untilKey, ...again]);
  await page.click("screen-pane >> text=Sound");
  // Sound that was on before is not heard: the guest has to change it.
  await eventually(page, "the BIOS is done", () => !window.glassbox.status().starting);
  await page.waitForTimeout(500);
  await page.click("machine-screen .frame");
  await page.keyboard.press("KeyA");
  await page.waitForTimeout(300);
  await page.keyboard.press("KeyA");
  const heard = await eventually(page, "a tone is heard", () => {
    const sound = window.glassbox.sound();
    return sound.level > 0.02 && sound;
  });
  assert.ok(Math.abs(heard.hertz - 1000) < 1, `${heard.hertz} Hz`);
  await page.keyboard.press("KeyA");
  await eventually(page, "it is silent", () => window.glassbox.sound().level < 0.001);
  await page.keyboard.press("KeyA");
  await eventually(page, "a tone is heard", () => window.glassbox.sound().level > 0.02);
  await page.click("machine-toolbar button[aria-label=Pause]");
  await eventually(page, "a paused machine is silent", () => window.glassbox.sound().level < 0.001);
  await page.click("screen-pane >> text=Sound");
  assert.deepEqual(await page.evaluate(() => window.glassbox.sound()), { on: false, hertz: 0, level: 0 });
  assert.deepEqual(complaints, []);
  await close();
});

/** Waits until the serial terminal shows just this: xterm.js's rows for screen readers follow with a delay. */
const terminalShows = (page, text) =>
  eventually(
    page,
    `the terminal shows ${text}`,
    (wanted) => {
      const find = (root) => {
        for (const element of root.querySelectorAll("*")) {
          if (element.matches(".xterm-accessibility-tree")) return element;
          const found = element.shadowRoot && find(element.shadowRoot);
          if (found) return found;
        }
      };
      return find(document)?.innerText.trim() === wanted;
    },
    text,
    10_000,
  );

test("each serial port has its output, and takes what is typed", async () => {
  const { page, close } = await open(around);
  // Says one letter on COM1 to COM4 each, then echoes COM2 forever, each character plus one.
  const say = (port, letter) => [0xba, port & 0xff, port >> 8, 0xb0, letter.charCodeAt(0), 0xee];
  const ports = [0x3f8, 0x2f8, 0x3e8, 0x2e8];
  const code = ports.flatMap((port, index) => say(port, "WXYZ"[index]));
  // mov dx, 2FDh; in al, dx; test al, 1; jz; mov dl, F8h; in al, dx; inc ax; out dx, al; jmp
  const echo = [0xba, 0xfd, 0x02, 0xec, 0xa8, 0x01, 0x74, 0xf8, 0xb2, 0xf8, 0xec, 0x40, 0xee, 0xeb, 0xf1];
  await bootSector(page, [...code, ...echo]);
  await eventually(page, "COM4 has said something", () => window.glassbox.serialText(3) === "Z");
  assert.deepEqual(await page.evaluate(() => [0, 1, 2, 3].map((port) => window.glassbox.serialText(port))), [
    ..."WXYZ",
  ]);
  const select = page.locator("serial-terminal select");
  assert.deepEqual(
    await select.locator("option").allTextContents(),
    [1, 2, 3, 4].map((n) => `COM${n} •`),
  );
  for (const [index, letter] of [..."WXYZ"].entries()) {
    await select.selectOption(String(index));
    await terminalShows(page, letter);
  }
  await select.selectOption("1");
  await page.keyboard.type("HAL");
  await eventually(page, "COM2 echoes", () => window.glassbox.serialText(1) === "XIBM");
  await page.evaluate(() => window.glassbox.sendSerial("1", 1));
  await eventually(page, "COM2 echoes", () => window.glassbox.serialText(1) === "XIBM2");
  await terminalShows(page, "XIBM2");
  assert.equal(await page.evaluate(() => window.glassbox.serialText()), "W");
  await close();
});

test("an own image shows that it boots until its first sector runs", async () => {
  const { page, close } = await open(around);
  const bar = page.locator('machine-messages progress[aria-label="The BIOS looks for a system to boot"]');
  const hello = readFileSync(new URL("../../.cache/guests/own/hello.img", import.meta.url));
  await page.setInputFiles("input[data-role=fda]", { name: "own.img", mimeType: "", buffer: hello });
  await page.click("machine-form button[type=submit]");
  await bar.waitFor({ timeout: 10_000 });
  // Without a value: nobody knows how far it is.
  assert.equal(await bar.getAttribute("value"), null);
  await serialShows(page, "hello: ok");
  await bar.waitFor({ state: "detached", timeout: 10_000 });
  await page.evaluate(() => window.glassbox.boot({ title: "Empty", memoryMb: 4 }));
  await eventually(
    page,
    "the BIOS gives up",
    () => !window.glassbox.status().starting && window.glassbox.status().speed,
  );
  await close();
});
