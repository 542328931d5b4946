// What the panes show of protected mode with paging: tables, pages, translation, faults and privilege, on the program of
// stops.asm, whose descriptors, pages and faults are written in its source.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, siteAndBrowser } from "./browser.mjs";
import { AT, atLabel, goesTo, hex } from "./stops_program.mjs";

const around = siteAndBrowser();

/** Opens a pane, or brings it to the front. */
async function show(page, pane) {
  await page.locator("work-bench").evaluate((bench, kind) => bench.openPane(kind), pane);
  await page.waitForSelector(`${pane}-pane`);
}

/** All text of an element, shadow roots included, cells and lines parted by one space. */
const textOf = (locator) =>
  locator.first().evaluate((element) => {
    const read = (node) => {
      if (node.nodeType === 3) return node.data;
      if (node.nodeName === "STYLE") return "";
      const inside = [...(node.shadowRoot ?? node).childNodes].map(read).join("");
      return ["TD", "TH", "TR", "DT", "DD", "DIV", "P", "H3", "LI", "OPTION"].includes(node.nodeName)
        ? `${inside} `
        : inside;
    };
    return read(element).replaceAll(/\s+/g, " ").trim();
  });

/** Waits until an element's text is so. */
async function reads(page, selector, wanted) {
  const end = Date.now() + 10_000;
  for (;;) {
    const text = await textOf(page.locator(selector)).catch(() => "");
    if (wanted.test(text)) return text;
    if (Date.now() > end) assert.fail(`${selector} does not read ${wanted}, but: ${text.slice(0, 1500)}`);
    await page.waitForTimeout(100);
  }
}

const linear = (address) => hex(address, 8).toUpperCase();

test("log: each exception with its error code, CR2, place and handler", async () => {
  const { page, complaints, close } = await atLabel(around, "counted");
  await show(page, "log");
  await page.click("log-pane >> text=Start logging");
  await show(page, "stops");
  await goesTo(page, { at: hex(AT.after_service) }, "after_service");
  await show(page, "log");
  await page.locator("log-pane tbody tr").nth(3).waitFor();
  const rows = await Promise.all([0, 1, 2, 3].map((row) => textOf(page.locator("log-pane tbody tr").nth(row))));
  const near = (label) => `0008:${linear(AT[label]).slice(4)}`;
  // The newest first: INT 30h from ring 3, a selector behind the table's end, a write and a read of the absent page.
  // An INT's place is where its handler returns to.
  assert.match(rows[0], new RegExp(`30 software 001B:${linear(AT.after_service).slice(4)} ${near("on_service")}`));
  assert.match(rows[1], new RegExp(`0D #GP exception 0078 0008:.* ${near("on_protection")}`));
  assert.match(rows[2], new RegExp(`0E #PF exception 0002 CR2 00009008 .* ${near("on_page_fault")}`));
  const read = `0E #PF exception 0000 CR2 00009004 ${near("paging")} ${near("on_page_fault")}`;
  assert.match(rows[3], new RegExp(read));
  assert.deepEqual(complaints, []);
  await close();
});

test("tables: descriptors, gates and the task's stack for ring 0, and what using them would fault with", async () => {
  const { page, complaints, close } = await atLabel(around, "counted");
  await goesTo(page, { at: hex(AT.user) }, "user");
  await show(page, "tables");
  await page.selectOption("tables-pane select", "gdt");
  const row = (name) => page.locator("tables-pane tbody tr", { has: page.locator("th", { hasText: name }) });
  await row(/^0028$/).waitFor();
  assert.match(await textOf(page.locator("tables-pane")), new RegExp(`Base ${linear(AT.gdt)} Limit 002F`));
  assert.match(
    await textOf(row(/^0008$/)),
    /32-bit code, execute\/read.* 00000000 FFFFFFFF 0 00CF9B000000FFFF #GP\(0008\)/,
  );
  assert.match(await textOf(row(/^0020$/)), /data, read\/write.* 00000000 FFFFFFFF 3 00CFF[23]000000FFFF$/);
  assert.match(await textOf(row(/^0028$/)), new RegExp(`32-bit TSS, busy ${linear(AT.tss)} 00000067 0`));
  await page.selectOption("tables-pane select", "idt");
  // From ring 3, a gate for ring 0 is closed to INT n: the error code is the vector, times eight, plus two.
  await row(/^0E$/).waitFor();
  assert.match(
    await textOf(row(/^0E$/)),
    new RegExp(`32-bit interrupt gate 0008:${linear(AT.on_page_fault).slice(4)} 0 .*#GP\\(0072\\)`),
  );
  await page.selectOption("tables-pane select", "tss");
  await reads(page, "tables-pane", /ESP0 00007C00 SS0 0010/);
  await show(page, "registers");
  await reads(page, "registers-pane", /protected.*ring 3/);
  assert.deepEqual(complaints, []);
  await close();
});

test("translation and pages: an absent page faults with its reason, and is there after the handler's work", async () => {
  const { page, complaints, close } = await atLabel(around, "counted");
  await goesTo(page, { at: hex(AT.paging) }, "paging");
  await show(page, "translation");
  const input = page.locator("translation-pane input");
  await input.fill("ds:9004");
  // The page directory's entry is at 10000, the table's entry of page 9 at 11024.
  await reads(page, "translation-pane", /00010000.*00011024.*#PF/);
  await page.waitForSelector("translation-pane .fault");
  await input.fill("ds:8004");
  await reads(page, "translation-pane .result", /00008004/);
  // The memory pane has no such page either.
  await show(page, "memory");
  await page.fill("memory-pane address-field input", "9000");
  await page.press("memory-pane address-field input", "Enter");
  await page.waitForSelector("memory-pane .cell.absent >> text=pf");
  // Behind the faults the page is mapped.
  await show(page, "stops");
  await goesTo(page, { at: hex(AT.user) }, "user");
  await show(page, "translation");
  await input.fill("9004");
  await reads(page, "translation-pane .result", /00009004/);
  await show(page, "memory");
  await page.waitForSelector("memory-pane .cell.absent", { state: "detached" });
  await show(page, "pages");
  await reads(page, "pages-pane", /32-bit paging · PD 00010000/);
  await page.locator("pages-pane button").first().click();
  await reads(page, "pages-pane", /00000000 ?–003FFFFF .*pages, 1024 entries/);
  assert.deepEqual(complaints, []);
  await close();
});

test("registers: x87 and SSE hold what was put there", async () => {
  const { page, close } = await atLabel(around, "first");
  // FINIT; FLDPI; FLD1, in the place of what follows, by the memory pane.
  await show(page, "memory");
  await page.fill("memory-pane address-field input", hex(AT.first));
  await page.press("memory-pane address-field input", "Enter");
  await page.waitForSelector(`memory-pane .row:has-text('${linear(AT.first)}')`);
  await page.locator('memory-pane [data-at="0"]').click();
  await page.keyboard.type("9bdbe3d9ebd9e8");
  await eventually(
    page,
    "the bytes are written",
    async (at) => (await window.glassbox.memory(at, 7))[6] === 0xe8,
    AT.first,
  );
  await show(page, "stops");
  await goesTo(page, { at: hex(AT.first + 7) }, AT.first + 7);
  await show(page, "registers");
  await page.locator("registers-pane summary", { hasText: "x87" }).click();
  const row = (name) => page.locator("registers-pane tr", { has: page.locator("th", { hasText: name }) }).first();
  await row("ST0").waitFor();
  // 1.0 is 3FFF 8000000000000000; pi is 4000 C90FDAA22168C235.
  assert.equal(await textOf(row("ST0")), "ST0 1 valid 3FFF8000000000000000");
  assert.match(await textOf(row("ST1")), /3\.14159265358979.* valid 4000C90FDAA22168C235/);
  await page.locator("registers-pane summary", { hasText: "SSE" }).click();
  await row("XMM0").waitFor();
  await close();
});
