// What the device panes show of chips that chips.asm has programmed: names and numbers as their datasheets have them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, siteAndBrowser } from "./browser.mjs";
import { setStop, showStops, stands } from "./program.mjs";
import { assembled, hex } from "./stops_program.mjs";

const around = siteAndBrowser();

/** The machine behind the last instruction of chips.asm, and the pane of the chips. */
async function atChips() {
  const { bytes, labels } = await assembled(new URL("chips.asm", import.meta.url));
  const opened = await open(around);
  const { page } = opened;
  await page.evaluate((code) => {
    const floppy = new Uint8Array(1474560);
    floppy.set(code);
    // 20 cylinders, 16 heads, 63 sectors.
    const disk = new Uint8Array(20 * 16 * 63 * 512);
    const drives = {
      fda: { kind: "bytes", name: "chips.img", bytes: floppy },
      hda: { kind: "bytes", name: "disk.img", bytes: disk },
    };
    return window.glassbox.boot({ title: "Chips", memoryMb: 4, drives }, { paused: true });
  }, bytes);
  await page.waitForSelector("work-bench [role=tab]");
  await page.click("[data-preset=debug]");
  await showStops(page);
  await setStop(page, { at: hex(labels.ready) });
  await page.keyboard.press("F5");
  await stands(page, labels.ready);
  await page.locator("work-bench").evaluate((bench) => bench.openPane("devices"));
  await page.waitForSelector("devices-pane select");
  return opened;
}

/** Chooses a chip; what its registers hold, by section and name, and which of their bits are set or not 0. */
async function chip(page, name) {
  await page.selectOption("devices-pane select", name);
  await page.waitForFunction(
    (wanted) => {
      const find = (root) =>
        root.querySelector("devices-pane") ??
        [...root.querySelectorAll("*")].map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
      return find(document)?.device.value?.name === wanted;
    },
    name,
    { timeout: 10_000 },
  );
  await page.locator("devices-pane section").first().waitFor();
  return page.locator("devices-pane section").evaluateAll((sections) => {
    const registers = (section) =>
      [...section.querySelectorAll("dt:not(.meaning)")].map((term) => {
        const number = term.nextElementSibling.querySelector("number-value").shadowRoot.querySelector("button");
        return [term.textContent.trim(), number.textContent.trim()];
      });
    return Object.fromEntries(
      sections.map((section) => [section.querySelector("h3").textContent, Object.fromEntries(registers(section))]),
    );
  });
}

/** The words beside a register: its bits' meanings. */
const meaning = async (page, section, register) => {
  const block = page.locator("devices-pane section", { has: page.locator("h3", { hasText: section }) }).first();
  const term = block.locator("dt:not(.meaning)", { hasText: register }).first();
  return term.evaluate((element) => {
    const row = element.nextElementSibling.nextElementSibling.nextElementSibling;
    return row.querySelector("span.meaning").textContent;
  });
};

/** Of a register's numbers as hexadecimal digits, these. */
const has = (found, wanted, what) =>
  assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((name) => [name, found?.[name]])), wanted, what);

test("chips: interrupts, timers, clock, DMA and keyboard hold what the program wrote", async () => {
  const { page, complaints, close } = await atChips();
  const pics = await chip(page, "8259A");
  // The BIOS of every PC has IRQ 0 at interrupt 08h and IRQ 8 at 70h.
  has(pics.master, { IMR: "FB", ICW2: "08" }, "master");
  has(pics.slave, { IMR: "EE", ICW2: "70" }, "slave");
  const pit = await chip(page, "8254");
  // Status: low and high byte (11), mode 3 (011), binary; the square wave stands high while the gate is off.
  has(pit["counter 2"], { CR: "1234", status: "B6", GATE: "0", OUT: "1" }, "counter 2");
  assert.match(await meaning(page, "counter 2", "status"), /square wave/i);
  const rtc = await chip(page, "MC146818A");
  has(rtc["CMOS RAM"], { "CMOS 0F": "5A" }, "CMOS RAM");
  has(rtc.control, { B: "02", D: "80", index: "0F" }, "24 hours, BCD; RAM and time are valid");
  const dma = await chip(page, "8237A");
  // The two lowest bits of a written mode name the channel.
  has(dma["channel 2"], { address: "5678", count: "01FF", "base count": "01FF", page: "12", mode: "44" }, "channel 2");
  // Where the next byte goes is a link into memory: page 12, address 5678.
  const channel = page.locator("devices-pane section", { has: page.locator("h3", { hasText: "channel 2" }) });
  await channel
    .locator("dt", { hasText: "physical" })
    .locator("xpath=following-sibling::dd[1]")
    .getByRole("button")
    .click();
  await page.locator("memory-pane", { hasText: "00125670" }).first().waitFor();
  await page.locator("work-bench").evaluate((bench) => bench.openPane("devices"));
  const keyboard = await chip(page, "8042");
  has(keyboard.controller, { "command byte": "45" }, "8042");
  assert.deepEqual(complaints, []);
  await close();
});

test("chips: serial port, floppy, disk, PCI and APIC hold what the program and the BIOS wrote", async () => {
  const { page, complaints, close } = await atChips();
  has((await chip(page, "16550A")).COM1, { LCR: "03", DL: "000C", SCR: "A5", LSR: "60" }, "COM1");
  assert.match(await meaning(page, "COM1", "DL"), /9600/);
  has((await chip(page, "82077AA")).controller, { DOR: "1C", MSR: "80" }, "floppy");
  const disk = (await chip(page, "82371SB IDE"))["primary device 0: disk"];
  has(
    disk,
    { device: "A0", status: "50", sectors: (20 * 16 * 63).toString(16).toUpperCase().padStart(16, "0") },
    "disk",
  );
  // The low bytes are what was written last.
  assert.deepEqual(
    ["count", "LBA low", "LBA mid", "LBA high"].map((name) => disk[name].slice(-2)),
    ["12", "34", "56", "07"],
  );
  const bridge = await chip(page, "82441FX");
  has(bridge["PCI 00:00.0"], { vendor: "8086", device: "1237", class: "060000" }, "host bridge");
  has((await chip(page, "82371SB"))["PCI 00:01.0"], { vendor: "8086", device: "7000", class: "060100" }, "PIIX3");
  const apic = await chip(page, "APIC");
  // Enabled, of the processor that boots; the spurious vector that a 32-bit BIOS leaves.
  has(apic["local APIC"], { IA32_APIC_BASE: "00000000FEE00900", SVR: "000001FF" }, "APIC");
  has(apic["I/O APIC"], { IOREDTBL23: "0000000000010000" }, "I/O APIC: masked");
  assert.deepEqual(complaints, []);
  await close();
});

/** The colours of some pixels of a picture. */
const pixels = (page, title, places) =>
  page
    .locator(`devices-pane device-picture canvas[aria-label*="${title}"]`)
    .evaluate(
      (canvas, all) => all.map(([x, y]) => [...canvas.getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3)]),
      places,
    );

const DARK = 64;
/** Which of eight pixels that lie side by side are lit, as a byte. */
async function byteAt(page, title, x, y) {
  const row = await pixels(
    page,
    title,
    Array.from({ length: 8 }, (_, bit) => [x + bit, y]),
  );
  return row.reduce((byte, colour) => (byte << 1) | (Math.max(...colour) > DARK ? 1 : 0), 0);
}

test("chips: the VGA's registers, planes, fonts and palette", async () => {
  const { page, complaints, close } = await atChips();
  const vga = await chip(page, "vga");
  const crtc = vga["CRT controller"];
  // Mode 3: 80 characters of 8 or 9 dots, 400 lines (28Fh with the overflow register), 16 lines a character.
  has(crtc, { "horizontal display end": "4F", "vertical display end": "8F", "maximum scan line": "4F", offset: "28" });
  has(crtc, { "cursor location high": "01", "cursor location low": "40" });
  has(vga.DAC, { "colour 05": "3F002A", "write index": "06" }, "DAC");
  await page.locator("devices-pane device-picture canvas").nth(12).waitFor();
  // Entry 5 of 16 by 16, each of 8 by 8 pixels: six bits are 3Fh and 2Ah, eight are FFh and AAh.
  assert.deepEqual(await pixels(page, "palette", [[5 * 8 + 4, 4]]), [[255, 0, 170]]);
  // Plane 0 is 80 bytes wide; text mode puts characters at its even addresses, attributes into plane 1.
  assert.equal(await byteAt(page, "plane 0", 0, 0), 0xc3);
  assert.equal(await byteAt(page, "plane 0", 16, 0), 0xc3);
  assert.equal(await byteAt(page, "plane 1", 0, 0), 0x2a);
  // Character C3h of code page 437 is a vertical line with an arm to the right, in a font of 32 lines a character.
  const glyph = [];
  for (let line = 0; line < 16; line++) glyph.push(await byteAt(page, "font 0", 3 * 8, 12 * 32 + line));
  assert.ok(
    glyph.every((byte) => (byte & 0x18) === 0x18),
    glyph.map((byte) => hex(byte, 2)).join(" "),
  );
  assert.equal(glyph.filter((byte) => byte === 0x1f).length, 1);
  assert.equal(await byteAt(page, "font 0", 0, 0), 0, "character 0 is empty");
  // Plane 2 is where that font is.
  const offset = 0xc3 * 32 + 7;
  assert.equal(await byteAt(page, "plane 2", (offset % 80) * 8, Math.floor(offset / 80)), glyph[7]);
  // That pixels are read back is this test's doing.
  assert.deepEqual(
    complaints.filter((text) => !text.startsWith("Canvas2D:")),
    [],
  );
  await close();
});
