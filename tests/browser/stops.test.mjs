// Every kind of stop, set in the stops pane, and every kind of step, on a program whose every step is known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { siteAndBrowser } from "./browser.mjs";
import { addStop, setStop, stands } from "./program.mjs";
import { AT, atLabel, goesTo, hex, removeLast } from "./stops_program.mjs";

const around = siteAndBrowser();

/** Opens a pane, or brings it to the front. */
async function show(page, pane, tag) {
  await page.locator("work-bench").evaluate((bench, kind) => bench.openPane(kind), pane);
  await page.waitForSelector(tag);
}

/** Goes from stop to stop, in the order in which the program meets them; what the header must say of each. */
async function goesThrough(page, stops) {
  for (const [stop, label, words] of stops) {
    assert.match(await goesTo(page, stop, label), words, `${JSON.stringify(stop)} at ${label}`);
  }
}

test("stops: memory of any length, ports, interrupts, addresses of every form", async () => {
  const { page, complaints, close } = await atLabel(around, "start");
  await goesThrough(page, [
    [{ at: `0000:${hex(AT.first)}` }, "first", /execution 00007E00/],
    [{ kind: "write", at: "600", length: "2" }, "wrote", /memory write 00000600: .* → 34 12/],
    [{ kind: "read", at: "600", length: "2" }, "has_read", /memory read 00000600: 34 12/],
    // The same value again: a write, and no change.
    // The word at 600 is written; of it, the byte at 601 is watched.
    [{ kind: "access", at: "phys:601" }, "wrote_same", /memory access 00000600: 12 → 12/],
    [{ kind: "change", at: "600", length: "2" }, "changed", /memory change .* → .*99/],
    // The ninth byte of a block is the first of the next page: one stop for the whole of it.
    [{ kind: "write", at: "2000", length: "4096" }, "stored", /memory write 00002000: .. → 5A/],
    [{ kind: "port", at: "80" }, "has_out", /port access 0080 ← 77/],
    [{ kind: "portRead", at: "60-6f" }, "has_in", /port read 0061 → /],
    [{ kind: "interrupt", at: "21", condition: "ah == 9" }, "dos", /interrupt 21h/],
    [{ at: `phys:${hex(AT.back)}` }, "back", /execution 00007/],
  ]);
  assert.deepEqual(complaints, []);
  await close();
});

test("stops: texts, counts and times", async () => {
  const { page, complaints, close } = await atLabel(around, "back");
  await setStop(page, { kind: "screen", text: "All is glass" });
  await page.waitForSelector("stops-pane li");
  await page.keyboard.press("F5");
  await page.waitForSelector("page-header .reason >> text=text on the screen");
  // Looked for once in a virtual millisecond: the loop behind takes three.
  const { eip } = await page.evaluate(() => window.glassbox.registers());
  assert.ok(eip >= AT.waiting && eip < AT.waited, hex(eip));
  await removeLast(page, 0);
  // Met when the chip has sent the last character, which the program waits for before the next one.
  await setStop(page, { kind: "serial", at: "com1", text: "is gl" });
  await page.waitForSelector("stops-pane li");
  // What was met is still said of the moment, not of the stop that has its place now.
  assert.match(await page.innerText("page-header .reason"), /text on the screen/);
  assert.equal(await page.locator("stops-pane li.met").count(), 0);
  await page.keyboard.press("F5");
  await page.waitForSelector("page-header .reason >> text=text on a serial port");
  const sending = (await page.evaluate(() => window.glassbox.registers())).eip;
  assert.ok(sending >= AT.send && sending < AT.sent, hex(sending));
  assert.equal(await page.evaluate(() => window.glassbox.serialText()), "All is gl");
  await removeLast(page, 0);
  await goesTo(page, { at: hex(AT.counting) }, "counting");
  // Each NOP is one byte, one instruction, ten nanoseconds.
  const { instructions, time } = await page.evaluate(() => window.glassbox.status().stop);
  await goesThrough(page, [
    [{ kind: "instructions", at: String(instructions + 20) }, AT.counting + 20, /instruction count/],
    [{ kind: "time", at: String(time + 300) }, AT.counting + 30, /virtual time/],
  ]);
  assert.deepEqual(complaints, []);
  await close();
});

test("stops: control registers, modes, exceptions by their error codes, privilege", async () => {
  const { page, complaints, close } = await atLabel(around, "counted");
  await goesThrough(page, [
    [{ kind: "control", at: "cr0" }, "protected_mode", /control register write CR0: .*0 → .*1/],
    [{ kind: "control", at: "cr3", condition: "cr3 == 0x10000" }, "has_cr3", /CR3: 00000000 → 00010000/],
    [{ kind: "mode", at: "paging" }, "paging", /mode switch protected → protected, paging/],
    // The read faults with error code 0, the write with 2.
    [{ kind: "exception", at: "PF", error: "2" }, "on_page_fault", /exception 0Eh\(0002\), CR2 00009008/],
    [{ kind: "exception", at: "0d", error: "78" }, "on_protection", /exception 0Dh\(0078\)/],
    [{ kind: "cpl", at: "3" }, "user", /privilege change 0 → 3/],
    [{ kind: "cpl", at: "0" }, "on_service", /privilege change 3 → 0/],
    [{ kind: "cpl" }, "after_service", /privilege change 0 → 3/],
    [{ kind: "mode", at: "v86" }, "virtual", /mode switch protected, paging → v86, paging/],
  ]);
  assert.deepEqual(complaints, []);
  await close();
});

test("stops: entering protected mode, by the name of the mode", async () => {
  const { page, close } = await atLabel(around, "counted");
  assert.match(await goesTo(page, { kind: "mode", at: "protected" }, "protected_mode"), /mode switch real → protected/);
  await close();
});

test("stops: conditions that hold and that do not, hits from the n-th on, log and go on", async () => {
  const { page, complaints, close } = await atLabel(around, "changed");
  const { stored } = AT;
  const at = hex(stored);
  await addStop(page, { at, condition: "cx == 99" });
  await addStop(page, { at, condition: "", from: "", log: "cx={cx} di={di:04x} last={byte[es:di-1]:02X}" });
  await addStop(page, { at, condition: "cx < 14 && byte[es:di - 1] == 0x5a && !df", from: "3", log: "" });
  await page.keyboard.press("F5");
  await stands(page, stored);
  // CX counts down from 16, and is 13 at the first hit that counts: the third is at 11.
  assert.equal(await page.evaluate(async () => (await window.glassbox.registers()).ecx & 0xffff), 11);
  const hits = await page.locator("stops-pane li .hits").allInnerTexts();
  assert.deepEqual(hits, ["0 hits", "6 hits", "3 hits"]);
  const log = (await page.innerText("stops-pane [role=log]")).trim().split("\n");
  assert.equal(log.length, 6);
  assert.equal(log[0], "cx=16 di=1ff9 last=5A");
  assert.equal(log[5], "cx=11 di=1ffe last=5A");
  assert.equal(await page.locator("stops-pane li.met").count(), 1);
  // The condition that never holds does not stop it either; the log goes on.
  await removeLast(page, 2);
  await goesTo(page, { kind: "portWrite", at: "80", condition: "value == 0x77" }, "has_out");
  assert.deepEqual(await page.locator("stops-pane li .hits").allInnerTexts(), ["0 hits", "16 hits"]);
  assert.deepEqual(complaints, []);
  await close();
});

test("stops: what is wrong is said at its field and under its column", async () => {
  const { page, complaints, close } = await atLabel(around, "first");
  const error = async (stop, field) => {
    await setStop(page, stop);
    await page.waitForSelector(`stops-pane #${field}-error`);
    assert.equal(await page.getAttribute(`stops-pane input[name=${field}]`, "aria-invalid"), "true");
    const text = await page.textContent(`stops-pane #${field}-error`);
    await page.fill(`stops-pane input[name=${field}]`, "");
    await page.waitForSelector(`stops-pane #${field}-error`, { state: "detached" });
    return text;
  };
  const column = (text) => text.indexOf("^");
  assert.equal(column(await error({ at: "7c00", condition: "eax == 5 && bax" }, "condition")), 12);
  assert.equal(column(await error({ at: "7c00", condition: "(eax + 1" }, "condition")), 8);
  assert.equal(column(await error({ at: "7c00", condition: "eax ? 1" }, "condition")), 4);
  assert.equal(column(await error({ at: "7c00", condition: "byte[es:di" }, "condition")), 10);
  assert.ok(column(await error({ at: "7c00", condition: "", log: "ax={ax:q}" }, "log")) >= 3);
  await page.fill("stops-pane input[name=log]", "");
  await error({ at: "nowhere:12", condition: "" }, "at");
  await error({ kind: "portRead", at: "12345" }, "at");
  await error({ kind: "interrupt", at: "100" }, "at");
  await error({ kind: "exception", at: "XX" }, "at");
  await error({ kind: "mode", at: "unreal" }, "at");
  await error({ kind: "cpl", at: "4" }, "at");
  await error({ kind: "control", at: "cr9" }, "at");
  await error({ kind: "serial", at: "com5", text: "x" }, "at");
  await error({ kind: "instructions", at: "many" }, "at");
  assert.equal(await page.locator("stops-pane li").count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("steps: into, over, out, to the cursor, until the return, until the mode switches", async () => {
  const { page, complaints, close } = await atLabel(around, "back");
  const until = async (name) => {
    await page.locator("machine-toolbar").getByRole("button", { name: "Until" }).click();
    await page.locator("machine-toolbar").getByRole("menuitem", { name }).click();
  };
  await page.keyboard.press("F11");
  await stands(page, AT.outer);
  await page.keyboard.press("F11");
  await page.keyboard.press("F11");
  await stands(page, AT.inner);
  // Before the RET of this procedure, which is not left.
  await until(/procedure returns/);
  await stands(page, AT.inner_ret);
  await page.keyboard.press("Shift+F11");
  await stands(page, AT.after_inner);
  await page.keyboard.press("Shift+F11");
  await stands(page, AT.back + 3);
  await page.keyboard.press("F10");
  await page.keyboard.press("F10");
  await stands(page, AT.back + 8);
  // To the cursor, by key and by menu; each line is shown before the next key.
  const line = (kind, address) =>
    page.waitForSelector(`code-pane .line.${kind}:has([data-address='${hex(address, 8).toUpperCase()}'])`);
  const down = async (to) => {
    await page.locator("code-pane .lines").focus();
    await page.keyboard.press("ArrowDown");
    await line("active", to);
  };
  await line("next", AT.back + 8);
  await down(AT.back + 11);
  await down(AT.back + 13);
  await page.keyboard.press("Control+F10");
  await stands(page, AT.back + 13);
  await line("next", AT.back + 13);
  await down(AT.back + 16);
  await until(/Run to the cursor/);
  await stands(page, AT.back + 16);
  await until(/mode switches/);
  await stands(page, AT.protected_mode);
  assert.deepEqual(complaints, []);
  await close();
});

test("keys: each does its work, and none is taken from the machine's screen", async () => {
  const { page, complaints, close } = await atLabel(around, "first");
  const keys = ["F5", "F9", "F10", "F11", "Shift+F11", "Control+g", "?"];
  await page.locator("code-pane .lines").focus();
  await page.keyboard.press("F9");
  await page.waitForSelector("stops-pane li");
  await page.keyboard.press("F9");
  await page.waitForSelector("stops-pane li", { state: "detached" });
  await page.keyboard.press("Control+g");
  const inField = () =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.localName;
    });
  assert.equal(await inField(), "input");
  await page.keyboard.press("Escape");
  // Held by the screen, no key moves the machine, sets a stop, opens the help or takes the focus away.
  await show(page, "screen", "machine-screen");
  await page.click("machine-screen .frame");
  for (const key of keys) await page.keyboard.press(key);
  await page.waitForTimeout(500);
  const { state, instructions } = await page.evaluate(() => window.glassbox.status());
  assert.equal(state, "paused");
  await stands(page, AT.first);
  assert.equal(await page.locator("help-dialog dialog[open]").count(), 0);
  assert.equal(await inField(), "div");
  // Given back, they do.
  await page.keyboard.press("Control+Alt+KeyG");
  await page.keyboard.press("F11");
  await stands(page, AT.wrote);
  assert.equal(await page.evaluate(() => window.glassbox.status().instructions), instructions + 1);
  await page.keyboard.press("?");
  await page.waitForSelector("help-dialog dialog[open]");
  const help = await page.innerText("help-dialog dialog");
  for (const key of ["F5", "F9", "F10", "F11", "Shift+F11", "Ctrl+G", "?"]) assert.ok(help.includes(key), key);
  assert.deepEqual(complaints, []);
  await close();
});
