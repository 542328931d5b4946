// Programs that teach: assembled, booted and stepped from the editor; lessons; what the browser keeps.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { eventually, open, screenShows, siteAndBrowser } from "./browser.mjs";

const around = siteAndBrowser();
const WWW = resolve(import.meta.dirname, "../../www");

const linesOf = (name) => readFileSync(join(WWW, `src/examples/pc/${name}.asm`), "utf8").split("\n");

/** The line of the first instruction behind a label, from 1. */
function lineOf(name, label) {
  const lines = linesOf(name);
  const begin = lines.findIndex((line) => line.startsWith(`${label}:`));
  return lines.findIndex((line, index) => index > begin && /^\s+[a-z]/.test(line)) + 1;
}

/** Opens an example from the gallery and waits until its machine stands before the first instruction. */
async function openExample(name, options) {
  const opened = await open(around, options);
  const { page } = opened;
  await page.click(`[data-example=${name}]`);
  await page.waitForSelector("editor-pane .cm-here");
  return opened;
}

/** The line that the editor marks as the one where the machine stands, or null. */
const markedLine = (page) =>
  page.evaluate(() => {
    const find = (root) => {
      const pane = root.querySelector("editor-pane");
      if (pane) return pane;
      for (const element of root.querySelectorAll("*")) {
        const found = element.shadowRoot && find(element.shadowRoot);
        if (found) return found;
      }
      return null;
    };
    // The editor has a shadow root of its own in the pane's.
    const inside = find(document)?.shadowRoot.querySelectorAll("*") ?? [];
    const root = [...inside].map((one) => one.shadowRoot).find((own) => own?.querySelector(".cm-editor"));
    const line = root?.querySelector(".cm-here");
    if (!line) return null;
    const top = line.getBoundingClientRect().top;
    const numbers = [...root.querySelectorAll(".cm-lineNumbers .cm-gutterElement")];
    const number = numbers.find((element) => Math.abs(element.getBoundingClientRect().top - top) < 2);
    return { line: Number(number?.textContent), changed: line.classList.contains("cm-changed") };
  });

async function standsAt(page, line) {
  const end = Date.now() + 30_000;
  for (;;) {
    const marked = await markedLine(page);
    if (marked?.line === line) return marked;
    if (Date.now() > end) assert.fail(`the editor marks ${JSON.stringify(marked)}, not line ${line}`);
    await page.waitForTimeout(50);
  }
}

const paused = (page) =>
  eventually(page, "the machine rests", () => ["paused", "stopped"].includes(window.glassbox.status().state));

/** Types a new text into the editor, in place of what there is. */
async function typeText(page, text) {
  await page.click("editor-pane .cm-content");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

test("an example is assembled, booted, and stands before its first instruction, which it follows", async () => {
  const { page, complaints, close } = await openExample("hello");
  const start = lineOf("hello", "start");
  await standsAt(page, start);
  const { linear_ip } = await page.evaluate(() => window.glassbox.registers());
  assert.equal(linear_ip, 0x7c00);
  assert.match(await page.textContent("editor-pane .standing"), new RegExp(`before line ${start}`));
  assert.match(await page.textContent("lesson-pane h2"), /Hello, world/);
  await page.evaluate(() => window.glassbox.step());
  await standsAt(page, start + 1);
  await page.evaluate(() => window.glassbox.run());
  await screenShows(page, "Hello from the boot sector!");
  assert.deepEqual(complaints, []);
  await close();
});

test("breakpoints: by F9, by a click beside the line, by a label in the lesson", async () => {
  const { page, close } = await openExample("stack");
  const label = "lesson-pane button.label:has-text('factorial.bottom')";
  await page.click(label);
  const bottom = lineOf("stack", ".bottom");
  await page.waitForSelector(`${label}[aria-pressed=true]`);
  await page.evaluate(() => window.glassbox.run());
  await standsAt(page, bottom);
  // Seven frames lie on the stack: n is 1 here.
  const { ebp } = await page.evaluate(() => window.glassbox.registers());
  const frame = await page.evaluate((at) => window.glassbox.memory(at, 6), ebp & 0xffff);
  assert.deepEqual(frame.slice(4), [1, 0]);
  await page.waitForSelector("editor-pane .breakpoint");

  await page.click(label);
  await page.waitForSelector("editor-pane .breakpoint", { state: "detached" });
  await page.click(`editor-pane .cm-line:has-text("the local variable goes")`);
  await page.keyboard.press("F9");
  await page.waitForSelector("editor-pane .breakpoint");
  await page.evaluate(() => window.glassbox.run());
  await standsAt(page, bottom + 2);
  await page.keyboard.press("F9");
  await page.waitForSelector("editor-pane .breakpoint", { state: "detached" });
  const back = linesOf("stack").findIndex((line) => line.includes("IP comes from the stack")) + 1;
  const number = page.locator(".cm-lineNumbers .cm-gutterElement", { hasText: new RegExp(`^${back}$`) });
  const besideIt = async () => {
    // The text may still be scrolling to where the program stands.
    const scrolled = () => page.locator("editor-pane .cm-scroller").evaluate((view) => view.scrollTop);
    for (let before = Number.NaN, now = await scrolled(); now !== before; now = await scrolled()) {
      before = now;
      await page.waitForTimeout(200);
    }
    const { y, height } = await number.boundingBox();
    const { x } = await page.locator("editor-pane .cm-breakpoints").boundingBox();
    await page.mouse.click(x + 6, y + height / 2);
  };
  await besideIt();
  await page.waitForSelector("editor-pane .breakpoint");
  await page.evaluate(() => window.glassbox.run());
  await standsAt(page, back);
  await besideIt();
  await page.waitForSelector("editor-pane .breakpoint", { state: "detached" });
  await page.evaluate(() => window.glassbox.run());
  await screenShows(page, "7! = 5040");
  await close();
});

test("a changed instruction is marked, and a copy of the code is not in the source", async () => {
  const { page, close } = await openExample("self_modifying");
  const changing = lineOf("self_modifying", "changing");
  await page.click("lesson-pane button.label:has-text('changing')");
  await page.waitForSelector("editor-pane .breakpoint");
  await page.evaluate(() => window.glassbox.run());
  assert.equal((await standsAt(page, changing)).changed, false);
  await page.evaluate(() => window.glassbox.run());
  await eventually(page, "the line is marked as changed", () => true);
  await page.waitForSelector("editor-pane .cm-here.cm-changed");
  assert.match(await page.textContent("editor-pane .standing"), /memory holds other bytes/);
  await page.click("lesson-pane button.label:has-text('changing')");
  await page.waitForSelector("editor-pane .breakpoint", { state: "detached" });
  // Step until the copy at 0600h runs.
  await eventually(page, "the copy runs", async () => {
    window.glassbox.step(50);
    const { linear_ip } = await window.glassbox.registers();
    return linear_ip >= 0x600 && linear_ip < 0x620;
  });
  await page.waitForSelector("editor-pane .standing:has-text('not in this source')");
  assert.equal(await markedLine(page), null);
  await close();
});

test("errors are shown at their lines while one types, and nothing is booted with them", async () => {
  const { page, close } = await openExample("hello");
  await page.evaluate(() => window.glassbox.pause());
  await typeText(
    page,
    "        bits 16\n        nop\n        bogus ax\n        times 510 - ($ - $$) db 0\n        dw 0AA55h\n",
  );
  await page.waitForSelector("editor-pane .cm-lint-marker-error");
  assert.match(await page.textContent("editor-pane .result"), /1 error/);
  const instructions = await page.evaluate(() => window.glassbox.status().instructions);
  await page.click("editor-pane button.primary");
  await page.waitForSelector("editor-pane .problem");
  assert.match(await page.textContent("editor-pane .problem"), /1 error has to be corrected first/);
  assert.equal(await page.evaluate(() => window.glassbox.status().instructions), instructions);
  // The cursor is in the line with the error.
  await page.waitForSelector("editor-pane .cm-activeLine:has-text('bogus')");
  await close();
});

test("a text without a signature is not booted, and the reason is told", async () => {
  const { page, close } = await openExample("hello");
  await typeText(page, "        hlt\n");
  await page.click("editor-pane button.primary");
  await page.waitForSelector("editor-pane .problem:has-text('55 AA')");
  await close();
});

test("one's own program is kept, renamed, exported, imported and deleted", async () => {
  const { page, close } = await openExample("hello");
  await typeText(page, "; mine\n        hlt\n");
  await eventually(page, "the program is kept", () =>
    localStorage.getItem("glassbox.nasm.programs")?.includes("; mine"),
  );
  await page.reload();
  await page.waitForFunction(() => "glassbox" in window);
  await page.evaluate(() => window.glassbox.boot({ title: "Empty", memoryMb: 4 }, { paused: true }));
  await page.waitForSelector("editor-pane .cm-line:has-text('; mine')");
  assert.equal(await page.inputValue("editor-pane select"), "program:Hello, world");

  await page.click("editor-pane menu-button button[aria-haspopup]");
  await page.click("editor-pane [role=menuitem]:has-text('Rename')");
  await page.fill("name-dialog input", "other name");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => localStorage.getItem("glassbox.nasm.programs")?.includes("other name"));

  await page.click("editor-pane menu-button button[aria-haspopup]");
  const downloading = page.waitForEvent("download");
  await page.click("editor-pane [role=menuitem]:has-text('Export')");
  const download = await downloading;
  assert.equal(download.suggestedFilename(), "other name.asm");
  assert.equal(readFileSync(await download.path(), "utf8"), "; mine\n        hlt\n");

  await page.click("editor-pane menu-button button[aria-haspopup]");
  const choosing = page.waitForEvent("filechooser");
  await page.click("editor-pane [role=menuitem]:has-text('Import')");
  await (await choosing).setFiles({ name: "given.asm", mimeType: "text/plain", buffer: Buffer.from("; given\n") });
  await page.waitForSelector("editor-pane .cm-line:has-text('; given')");

  await page.click("editor-pane menu-button button[aria-haspopup]");
  await page.click("editor-pane [role=menuitem]:has-text('Delete')");
  await page.click("name-dialog button[type=submit]");
  await page.waitForSelector("editor-pane .cm-line:has-text('; mine')");
  assert.deepEqual(
    await page.evaluate(() =>
      JSON.parse(localStorage.getItem("glassbox.nasm.programs")).programs.map(({ name }) => name),
    ),
    ["other name"],
  );
  await close();
});

test("steps of a lesson are marked, and stay so", async () => {
  const { page, close } = await openExample("hello");
  await page.check("lesson-pane li:nth-child(2) input");
  assert.match(await page.textContent("lesson-pane h3"), /1 of 5 done/);
  await page.reload();
  await page.goto(around.site.url);
  await page.waitForSelector("[data-example=hello]:has-text('1 of 5 steps done')");
  await close();
});

test("the keyboard gets into the editor and out of it, and words are completed", async () => {
  const { page, close } = await openExample("hello");
  await page.click("editor-pane .cm-content");
  const inEditor = () => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.classList.contains("cm-content") ?? false;
  };
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(inEditor), true, "Tab indents");
  await page.keyboard.type("next_ch");
  await page.waitForSelector("editor-pane .cm-tooltip-autocomplete li:has-text('next_character')");
  // Enter takes what has been on offer for a moment, not what has only just come.
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  await page.waitForSelector("editor-pane .cm-activeLine:has-text('next_character')");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(inEditor), false, "Esc, then Tab leaves");
  assert.match(await page.textContent("editor-pane .keys"), /Esc, then Tab/);
  await close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`program and lesson pass axe in ${colorScheme} colours`, async () => {
    const { page, close } = await openExample("keyboard", { colorScheme });
    await typeText(page, `${linesOf("keyboard").join("\n")}\n        bogus ax\n`);
    await page.waitForSelector("editor-pane .cm-lint-marker-error");
    assert.deepEqual(await violations(page), []);
    await close();
  });
}

test("a running machine can be paused from the program's place, and the line is found again", async () => {
  const { page, close } = await openExample("timer");
  await page.evaluate(() => window.glassbox.run());
  await screenShows(page, "tick, ");
  await page.evaluate(() => window.glassbox.pause());
  await paused(page);
  // It sleeps nearly always: in HLT, so that it stands behind it.
  await standsAt(page, lineOf("timer", "main_loop") + 1);
  await close();
});
