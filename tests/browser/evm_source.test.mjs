// The EVM's sources in the editor: what is wrong, what is known, tabs, breakpoints, and every way to move.
import assert from "node:assert/strict";
import { test } from "node:test";
import { siteAndBrowser } from "./browser.mjs";
import {
  at,
  button,
  editor,
  movedFrom,
  pane,
  position,
  standsAt,
  textOf,
  withExample,
  withPage,
  write,
} from "./evm.mjs";

const around = siteAndBrowser();

/** Three turns of a loop that counts a slot up; lines are counted on below. */
const LOOP = `; line 1
    PUSH 3
again:
    DUP1
    ISZERO
    PUSH @done
    JUMPI
    PUSH 0
    SLOAD
    PUSH 1
    ADD
    PUSH 0
    SSTORE
    PUSH 1
    SWAP1
    SUB
    PUSH @again
    JUMP
done:
    STOP
`;

async function withLoop(work, options) {
  await withPage(
    around,
    async (page, context) => {
      await page.getByRole("button", { name: "Blank" }).click();
      await write(page, LOOP);
      await page.keyboard.press("Control+Enter");
      await at(page, 0);
      await page.locator("evm-source .cm-uses span", { hasText: "4×" }).first().waitFor();
      await work(page, context);
    },
    options,
  );
}

const gutterLine = (page, line) =>
  page.locator("evm-source .cm-lineNumbers .cm-gutterElement", { hasText: new RegExp(`^${line}$`) });

test("mnemonics are completed with what they cost and do, and explained when pointed at", async () => {
  await withPage(around, async (page) => {
    await page.getByRole("button", { name: "Blank" }).click();
    const source = await write(page, "    ");
    await page.keyboard.type("MSTOR");
    const option = source.locator(".cm-tooltip-autocomplete li", { hasText: "MSTORE8" });
    await option.waitFor();
    assert.match(await source.locator(".cm-tooltip-autocomplete li").first().innerText(), /offset, value → – · 3 gas/);
    await page.waitForTimeout(150);
    await page.keyboard.press("Enter");
    await source.locator(".word", { hasText: "Writes a word to memory" }).waitFor();
    await source.locator(".cm-line", { hasText: "MSTORE" }).locator("span").first().hover();
    await source.locator(".cm-tooltip .explanation", { hasText: "since Frontier" }).waitFor();
    await page.keyboard.type("\n    %rev");
    await source.locator(".cm-tooltip-autocomplete li", { hasText: "%revert_empty" }).waitFor();
  });
});

test("an error stands at its line, in the list and on the tab; what ran stays until there is none", async () => {
  await withPage(around, async (page) => {
    await page.getByRole("button", { name: "Blank" }).click();
    const source = await write(page, "    PUSH 1\n    NOTHING\n    STOP\n");
    const fault = source.locator(".faults button");
    await fault.waitFor();
    assert.match(await textOf(fault), /✗ error main:2:5 .*NOTHING/);
    assert.match(await textOf(source.getByRole("tab")), /main ✗ 1/);
    await source.locator(".cm-lintRange-error", { hasText: "NOTHING" }).waitFor();
    await fault.click();
    assert.equal(await source.locator(".cm-activeLine").innerText(), "    NOTHING");
    await page.keyboard.press("Control+Enter");
    await page.locator("evm-page .message.bad", { hasText: "line 2, column 5" }).waitFor();
    assert.match(await textOf(page.locator("evm-toolbar .good")), /Succeeded/);
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText("    PUSH 1\n    STOP\n");
    await source.locator(".result", { hasText: "✓" }).waitFor();
    assert.equal(await source.locator(".faults").count(), 0);
    await page.keyboard.press("Control+Enter");
    await page.locator("evm-page .message.bad").waitFor({ state: "detached" });
    await button(page, "End").click();
    await at(page, 2);
  });
});

test("sources are added, renamed and deleted; the keys change the tab", async () => {
  await withPage(around, async (page) => {
    await page.getByRole("button", { name: "Blank" }).click();
    const source = await editor(page);
    const file = async (name) => {
      await source.getByRole("button", { name: "File" }).click();
      await source.getByRole("menuitem", { name }).click();
    };
    const tabs = () => source.getByRole("tab").allInnerTexts();
    await file("New assembler source");
    await file("New assembler source");
    assert.deepEqual(await tabs(), ["main", "contract", "contract2"]);
    await file("Rename…");
    await source.getByRole("textbox", { name: "New name" }).fill("main");
    await source.getByRole("button", { name: "Rename" }).click();
    await source.locator("[role=alert]", { hasText: "already" }).waitFor();
    await source.getByRole("textbox", { name: "New name" }).fill("vault");
    await source.getByRole("button", { name: "Rename" }).click();
    assert.deepEqual(await tabs(), ["main", "contract", "vault"]);
    await source.getByRole("tab", { name: "vault" }).focus();
    await page.keyboard.press("ArrowLeft");
    await source.locator("[role=tab][aria-selected=true]", { hasText: "contract" }).waitFor();
    await file("Delete");
    await source.locator("dialog").getByRole("button", { name: "Delete" }).click();
    assert.deepEqual(await tabs(), ["main", "vault"]);
    await source.getByRole("tab", { name: "main" }).click();
    await source.locator(".cm-line", { hasText: "%return_top" }).waitFor();
  });
});

test("lines say how often they ran; a click runs on to one, Shift+click and the keys go back", async () => {
  await withLoop(async (page) => {
    const source = await editor(page);
    // PUSH 3 once; the loop's head four times, its body three times.
    const uses = await source.locator(".cm-uses span").allInnerTexts();
    assert.equal(uses[0], "1× 3");
    assert.equal(uses[1], "4× 4");
    // 20,000 for the first write of a zero slot and 2,100 for its being cold is in SLOAD before; then 100 each.
    assert.ok(uses.includes("3× 20,200"), uses.join("; "));
    const store = source.locator(".cm-uses .cm-gutterElement", { hasText: "20,200" });
    await store.click();
    await standsAt(page, 13);
    const first = await position(page);
    await store.click();
    await page.waitForFunction(() => true);
    await standsAt(page, 13);
    assert.ok((await position(page)) > first);
    await store.click({ modifiers: ["Shift"] });
    await at(page, first);
    await source.locator(".cm-line", { hasText: "PUSH @again" }).click();
    await page.keyboard.press("Control+F10");
    await standsAt(page, 17);
    const later = await position(page);
    assert.ok(later > first);
    await source.locator(".cm-line", { hasText: "DUP1" }).click();
    await page.keyboard.press("Control+Shift+F10");
    await standsAt(page, 4);
    assert.ok((await position(page)) < later);
  });
});

test("breakpoints stop the way on and the way back, and are kept where lines move", async () => {
  await withLoop(async (page) => {
    const source = await editor(page);
    await source.locator(".cm-line", { hasText: "SLOAD" }).click();
    await page.keyboard.press("F9");
    await source.locator(".breakpoint").waitFor();
    const met = [];
    for (let turn = 0; turn < 3; turn++) {
      await page.keyboard.press("F5");
      await standsAt(page, 9);
      await page.waitForFunction((before) => {
        const find = (root) =>
          root.querySelector("evm-toolbar") ??
          [...root.querySelectorAll("*")].map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
        return find(document).shadowRoot.querySelector("output").textContent !== before;
      }, met.at(-1)?.text ?? "");
      met.push({ position: await position(page), text: await page.locator("evm-toolbar output").innerText() });
    }
    // A turn of the loop has 16 instructions.
    assert.deepEqual(
      met.map(({ position }) => position - met[0].position),
      [0, 16, 32],
    );
    await page.keyboard.press("F5");
    await page
      .locator("evm-code, evm-toolbar output", { hasText: /^(\d+) \/ \1$/ })
      .first()
      .waitFor();
    await page.keyboard.press("Control+Shift+F11");
    await at(page, met[2].position);
    await button(page, "Back to a breakpoint, or the beginning").click();
    await at(page, met[1].position);
    // The code pane shows it at the instruction's line too, and can take it away.
    const code = await pane(page, "Code", "evm-code");
    await code.locator(".row", { hasText: "SLOAD" }).locator(".stop").waitFor();
    await code.locator(".rows").focus();
    await code.locator(".row", { hasText: "SLOAD" }).click();
    await page.keyboard.press("F9");
    await code.locator(".stop").waitFor({ state: "detached" });
    // In byte code a breakpoint is at an instruction.
    await code.getByRole("button", { name: "Byte code" }).click();
    await code.locator(".row", { hasText: "SSTORE" }).locator(".place").click();
    await button(page, "Run to a breakpoint, or the end").click();
    await page.locator("evm-code .row.here", { hasText: "SSTORE" }).waitFor();
    await editor(page);
    await source.locator(".cm-line", { hasText: "PUSH 3" }).click();
    await page.keyboard.press("F9");
    // First to the text, then to the beginning of the line.
    await page.keyboard.press("Home");
    await page.keyboard.press("Home");
    await page.keyboard.insertText("\n");
    await gutterLine(page, 3).waitFor();
    const dot = await source.locator(".breakpoint").boundingBox();
    const line = await source.locator(".cm-line", { hasText: "PUSH 3" }).boundingBox();
    assert.ok(Math.abs(dot.y + dot.height / 2 - line.y - line.height / 2) < 6);
    await source.locator(".standing", { hasText: "changed since it was run" }).waitFor();
  });
});

test("every other way to move: writes of a slot, a memory word, a stack value, calls, logs, the failure", async () => {
  await withLoop(async (page) => {
    const way = async (name) => {
      await button(page, "More ways").click();
      await page.locator("evm-toolbar").getByRole("menuitem", { name, exact: true }).click();
    };
    const code = await pane(page, "Code", "evm-code");
    const here = async (text) => code.locator(".row.here", { hasText: text }).waitFor();
    await way("Next storage write");
    await here("SSTORE");
    const first = await position(page);
    await way("Next storage write");
    await at(page, first + 16);
    await way("Previous storage write");
    await at(page, first);
    // The stack's first word is the counter that the loop began with: PUSH 3 put it there.
    const stack = await pane(page, "Stack", "evm-stack");
    await stack
      .locator("tbody tr")
      .last()
      .getByRole("button", { name: /came from/ })
      .click();
    await at(page, 0);
    await way("Next storage write");
    await at(page, first);
    await button(page, "Step").click();
    await at(page, first + 1);
    const storage = await pane(page, "Storage", "evm-storage");
    await storage.getByRole("button", { name: /next write/ }).click();
    await at(page, first + 16);
    await storage.getByRole("button", { name: /last write/ }).click();
    await at(page, first);
    await button(page, "Back over calls").click();
    await at(page, first - 1);
    await way("Back to where this call began");
    await at(page, 0);
  });
  await withExample(around, "reentrancy", async (page) => {
    await at(page, 0);
    await button(page, "Next call").click();
    const call = await movedFrom(page, 0);
    await button(page, "Next call").click();
    const second = await movedFrom(page, call);
    assert.ok(second > call, `${second} > ${call}`);
    await button(page, "More ways").click();
    await page.locator("evm-toolbar").getByRole("menuitem", { name: "Previous call" }).click();
    await at(page, call);
  });
  await withExample(around, "erc20", async (page) => {
    await at(page, 0);
    await button(page, "More ways").click();
    await page.locator("evm-toolbar").getByRole("menuitem", { name: "Next log" }).click();
    await page.locator("evm-code .explained", { hasText: "LOG3" }).waitFor();
    const memory = await pane(page, "Memory", "evm-memory");
    const log = await position(page);
    await memory
      .getByRole("button", { name: /last change/ })
      .first()
      .click();
    assert.ok((await movedFrom(page, log)) < log);
    await page.locator("evm-code .explained", { hasText: "MSTORE" }).waitFor();
  });
});

test("the editor in a window of its own follows, and comes back", async () => {
  await withLoop(async (page) => {
    const group = page.locator(".dv-groupview").filter({ has: page.locator("evm-source") });
    await group.locator("menu-button.group-menu button[aria-haspopup]").click();
    const [popup] = await Promise.all([
      page.waitForEvent("popup"),
      page.getByRole("menuitem", { name: /window/ }).click(),
    ]);
    await popup.locator("evm-source .cm-content").waitFor();
    await popup.keyboard.press("F11");
    await popup.keyboard.press("F11");
    await popup.locator("evm-source .standing", { hasText: "line 4" }).waitFor();
    // CodeMirror's own styles came along.
    const display = await popup.locator("evm-source .cm-gutters").evaluate((one) => getComputedStyle(one).display);
    assert.equal(display, "flex");
    await popup.close();
    await page.locator("evm-source .cm-content").waitFor();
    await standsAt(page, 4);
  });
});

test("on a phone nothing is wider than the screen, and the editor can be used", async () => {
  await withLoop(
    async (page) => {
      for (const preset of ["learn", "source", "debug", "gas"]) {
        await page.click(`[data-preset=${preset}]`);
        await page.waitForTimeout(200);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), preset);
      }
      const source = await editor(page);
      const { height } = await source.locator(".code").boundingBox();
      assert.ok(height > 150, `the editor is ${height} pixels high`);
    },
    { viewport: { width: 360, height: 740 }, hasTouch: true },
  );
});
