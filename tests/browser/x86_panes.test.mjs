// The PC's panes on a program of a few bytes whose every step is known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, siteAndBrowser } from "./browser.mjs";
import { addStop, atProgram, setStop, stands } from "./program.mjs";

const around = siteAndBrowser();

const nextLine = (page) => page.locator("code-pane .line.next").innerText();

test("code: the next instruction, its jump, stepping into, over and out", async () => {
  const { page, complaints, close } = await atProgram(around);
  assert.match(await page.innerText("page-header .reason"), /stopped at execution 00007C00/);
  assert.match(await nextLine(page), /00007C00\s+B8 34 12\s+mov ax, 0x1234/);
  await page.keyboard.press("F11");
  await stands(page, 0x7c03);
  await page.waitForSelector("code-pane .line.next >> text=call");
  await page.waitForSelector("code-pane .manual >> text=CALL");
  await page.waitForSelector("code-pane .arrows .taken");
  await page.keyboard.press("F11");
  await stands(page, 0x7c09);
  await page.keyboard.press("Shift+F11");
  await stands(page, 0x7c06);
  // The same again, in one.
  await page.click("machine-toolbar button[aria-label=Reset]");
  await page.click("machine-toolbar button[aria-label=Run]");
  await stands(page, 0x7c00);
  await page.keyboard.press("F10");
  await stands(page, 0x7c03);
  await page.keyboard.press("F10");
  await stands(page, 0x7c06);
  assert.deepEqual(complaints, []);
  await close();
});

test("code: breakpoints by key and by mouse, run to the cursor, go to, follow a jump", async () => {
  const { page, close } = await atProgram(around);
  const list = page.locator("code-pane .lines");
  await list.focus();
  for (const _ of [1, 2]) await page.keyboard.press("ArrowDown");
  assert.match(await page.locator("code-pane .line.active").innerText(), /00007C06/);
  await page.keyboard.press("F9");
  await page.waitForSelector("code-pane .line.active .stop");
  await page.keyboard.press("F9");
  await page.waitForSelector("code-pane .line.active .stop", { state: "detached" });
  await page.keyboard.press("Control+F10");
  await stands(page, 0x7c06);
  await page.waitForSelector("code-pane .line.next:has([data-address='00007C06'])");
  await page.locator("code-pane [data-address='00007C09']").click();
  await page.waitForSelector("code-pane .line:has([data-address='00007C09']) .stop");
  await page.keyboard.press("Control+g");
  await page.keyboard.type("7c03");
  await page.keyboard.press("Enter");
  await eventually(page, "the list begins there", () => {
    const find = (root, name) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.localName === name) return element;
        const found = element.shadowRoot && find(element.shadowRoot, name);
        if (found) return found;
      }
    };
    return /^\s*00007C03/.test(find(document, "code-pane").shadowRoot.querySelector(".line").innerText);
  });
  await page.keyboard.press("Enter");
  await page.waitForSelector("code-pane .line.active:has([data-address='00007C09'])");
  await page.fill("code-pane input", "nowhere:12");
  await page.press("code-pane input", "Enter");
  await page.waitForSelector("code-pane .error:not(:empty)");
  await close();
});

test("code: in AT&T syntax, which is remembered", async () => {
  const { page, complaints, close } = await atProgram(around);
  await page.selectOption("code-pane select", "att");
  await page.waitForSelector("code-pane .line.next >> text=/mov \\$0x1234, %ax/");
  // Another pane, made anew.
  await page.click("[data-preset=watch]");
  await page.waitForSelector("code-pane", { state: "detached" });
  await page.click("[data-preset=debug]");
  await page.waitForSelector("code-pane .line.next >> text=/mov \\$0x1234, %ax/");
  assert.equal(await page.inputValue("code-pane select"), "att");
  await page.selectOption("code-pane select", "nasm");
  assert.deepEqual(complaints, []);
  await close();
});

test("registers: what changed is marked, with what it was", async () => {
  const { page, close } = await atProgram(around);
  const eax = page.locator("registers-pane number-value").nth(0);
  const before = await eax.locator("button").innerText();
  await page.keyboard.press("F11");
  await stands(page, 0x7c03);
  await eax.locator("button.changed", { hasText: /1234$/ }).waitFor();
  assert.ok((await eax.locator(".was").innerText()).includes(before));
  assert.match(await eax.locator("button").getAttribute("aria-label"), /EAX .*1234, changed, was/);
  await page.keyboard.press("F11");
  await stands(page, 0x7c09);
  await eax.locator("button:not(.changed)").waitFor();
  await page.selectOption("registers-pane .head select", "decimal");
  assert.match(await eax.locator("button").innerText(), /^\d+$/);
  // EFLAGS bit by bit, by capitals and small letters.
  assert.match(await page.innerText("registers-pane .bits >> nth=0"), /\b(cf|CF)\b/);
  for (const group of ["x87", "SSE", "Debug", "Control and tables"]) {
    await page.locator("registers-pane summary", { hasText: group }).click();
  }
  for (const name of ["ST0", "XMM0"]) await page.locator("registers-pane th", { hasText: name }).waitFor();
  await close();
});

test("memory: goes to addresses, marks what changed, is edited, searched, and follows", async () => {
  const { page, close } = await atProgram(around);
  await page.click("work-bench [role=tab][aria-label=Memory]");
  const goTo = async (text) => {
    await page.fill("memory-pane address-field input", text);
    await page.press("memory-pane address-field input", "Enter");
  };
  const cell = (at) => page.locator(`memory-pane [data-at="${at}"]`);
  await goTo("7c00");
  await page.waitForSelector("memory-pane .row:has-text('00007C00')");
  // The row is there a little before its bytes are.
  for (const [at, byte] of ["B8", "34", "12"].entries()) await cell(at).filter({ hasText: byte }).waitFor();
  // mov ax, 5634
  await cell(2).click();
  await page.keyboard.type("56");
  await eventually(page, "the byte is written", async () => (await window.glassbox.memory(0x7c02, 1))[0] === 0x56);
  await page.keyboard.press("F11");
  await stands(page, 0x7c03);
  assert.equal(await page.evaluate(async () => (await window.glassbox.registers()).eax & 0xffff), 0x5634);
  await goTo("7e00");
  await page.waitForSelector("memory-pane .row:has-text('00007E00')");
  await page.keyboard.press("F10");
  await stands(page, 0x7c06);
  await page.waitForSelector("memory-pane .cell.changed");
  assert.equal(await cell(0).innerText(), "35");
  assert.match(await cell(0).getAttribute("title"), /was [0-9A-F]{2}/);
  // The RAM ends at 4 MiB.
  await goTo("physical 500000");
  await page.waitForSelector("memory-pane .cell.absent");
  await goTo("7000");
  await page.fill("memory-pane memory-search input", "b8 34 56 e8");
  await page.press("memory-pane memory-search input", "Enter");
  await page.waitForSelector("memory-pane >> text=Found at 00007C00");
  await page.fill("memory-pane memory-search input", "zz");
  await page.press("memory-pane memory-search input", "Enter");
  await page.waitForSelector("memory-pane >> text=Write bytes as");
  await goTo("cs:eip");
  await page.click("memory-pane >> text=Follow");
  await page.keyboard.press("F11");
  await close();
});

test("memory: four gigabytes scroll, by wheel and by bar", async () => {
  const { page, close } = await atProgram(around);
  await page.click("work-bench [role=tab][aria-label=Memory]");
  const first = () => page.locator("memory-pane .row .address").first().innerText();
  await page.waitForSelector("memory-pane .row");
  await page.locator("memory-pane .scroller").hover();
  await page.mouse.wheel(0, 400);
  await page.waitForTimeout(400);
  const after = Number.parseInt(await first(), 16);
  assert.ok(after > 0 && after < 0x1000, `${after}`);
  await page.locator("memory-pane .scroller").evaluate((bar) => {
    bar.scrollTop = bar.scrollHeight;
  });
  await page.waitForTimeout(500);
  await page.waitForSelector("memory-pane .row:has-text('FFFFFFF0')");
  await close();
});

test("stops: kinds, conditions, hits, logs, errors in place, on and off", async () => {
  const { page, close } = await atProgram(around);
  await setStop(page, { at: "7c0z" });
  await page.waitForSelector("stops-pane #at-error");
  await setStop(page, { at: "7c0a", condition: "ax == " });
  await page.waitForSelector("stops-pane #condition-error");
  assert.equal(await page.locator("stops-pane li").count(), 1);
  // Never true, so it is not met.
  await addStop(page, { at: "7c0a", condition: "ax == 1" });
  await page.fill("stops-pane input[name=condition]", "");
  await addStop(page, { kind: "write", at: "7e00", length: "2" });
  await addStop(page, { kind: "portWrite", at: "80", log: "al={al:x}" });
  await page.keyboard.press("F5");
  await stands(page, 0x7c0d);
  assert.match(await page.innerText("page-header .reason"), /memory write 00007E00: .* → 35 12/);
  assert.match(await page.innerText("stops-pane li.met"), /7e00/);
  assert.match(await page.innerText("stops-pane li >> nth=0"), /1 hit/);
  await page.keyboard.press("F10");
  await stands(page, 0x7c0f);
  await page.waitForSelector("stops-pane [role=log] >> text=al=35");
  // Off, it is not met; away, it is gone.
  await page.locator("stops-pane li input[type=checkbox]").first().uncheck();
  await page
    .locator("stops-pane li >> nth=2")
    .getByRole("button", { name: /Remove/ })
    .click();
  await page.waitForSelector("stops-pane li >> nth=3", { state: "detached" });
  await page.click("machine-toolbar button[aria-label=Reset]");
  await page.keyboard.press("F5");
  await page.waitForTimeout(1500);
  assert.equal(await page.evaluate(() => window.glassbox.status().state), "running");
  await close();
});
