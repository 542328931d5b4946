// Solidity in Chromium: written, compiled, deployed and called by forms, stepped by lines, variables and storage by name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { siteAndBrowser } from "./browser.mjs";
import { at, button, editor, pane, position, standsAt, textOf, withPage, write } from "./evm.mjs";

const around = siteAndBrowser();

const BANK = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

contract Bank {
    struct Account {
        uint128 amount;
        bool open;
    }

    mapping(address => Account) public accounts;
    uint256[] public history;
    address public owner;

    error TooLittle(uint256 wanted, uint256 there);
    event Paid(address indexed who, uint256 amount);

    constructor(address first) {
        owner = first;
    }

    function add(uint256 a, uint256 b) internal pure returns (uint256 sum) {
        sum = a + b;
    }

    function deposit(uint128 amount) external returns (uint256) {
        Account storage mine = accounts[msg.sender];
        uint256 total = add(mine.amount, amount);
        mine.amount = uint128(total);
        mine.open = true;
        history.push(total);
        emit Paid(msg.sender, amount);
        return total;
    }

    function take(uint128 amount) external {
        uint128 there = accounts[msg.sender].amount;
        if (amount > there) revert TooLittle(amount, there);
        accounts[msg.sender].amount = there - amount;
    }

    function many(uint256[] calldata values, Account memory one) external payable {
        history.push(values[1] + one.amount);
    }
}
`;
/** Number of the line with a text. */
const line = (text) => BANK.split("\n").findIndex((one) => one.includes(text)) + 1;
const OWNER = "0x00000000000000000000000000000000000000b1";
const SENDER = /accounts\[0x[^\]]*\]/;

/** A project with the contract alone, deployed by the first transaction. */
async function withBank(work, options) {
  await withPage(
    around,
    async (page, context) => {
      await page.getByRole("button", { name: "Blank" }).click();
      await page.locator("evm-toolbar output").waitFor();
      await page.click("[data-preset=source]");
      const source = await editor(page);
      const file = async (name) => {
        await source.getByRole("button", { name: "File" }).click();
        await source.getByRole("menuitem", { name }).click();
      };
      await file("Delete");
      await source.locator("dialog").getByRole("button", { name: "Delete" }).click();
      await file("New Solidity file");
      await source.locator(".cm-line", { hasText: "uint256 public number;" }).waitFor();
      const lines = await source.locator(".cm-line").allTextContents();
      assert.ok(lines.includes("    uint256 public number;"), "it is indented");
      await write(page, BANK);
      await source.locator(".result", { hasText: "✓" }).waitFor();
      const form = await pane(page, "Transactions", "evm-transaction");
      await form.getByRole("button", { name: "Remove: Transaction 1" }).click();
      await form.getByRole("button", { name: "Deploy", exact: true }).click();
      await form.getByLabel("first: address").fill(OWNER);
      await source.getByRole("button", { name: "Compile and run" }).click();
      await page.locator("evm-toolbar .good", { hasText: "Succeeded" }).waitFor();
      await work(page, form, context);
    },
    options,
  );
}

/** Adds calls by the form, and runs. */
async function call(form, name, values) {
  await form
    .getByRole("group", { name: "Bank" })
    .getByRole("button", { name: new RegExp(`^${name}\\b`) })
    .click();
  for (const [label, value] of Object.entries(values)) await form.getByLabel(label).last().fill(value);
}

/** Runs the project, and goes to the beginning of a transaction of so many. */
async function run(page, form, transaction, count) {
  await form.getByRole("button", { name: "Run", exact: true }).click();
  const choice = page.locator("evm-toolbar select");
  await choice.locator("option", { hasText: `Transaction ${count} of ${count}` }).waitFor({ state: "attached" });
  await at(page, 0);
  if (transaction === count) return;
  // Each transaction here has a length of its own.
  const last = await page.locator("evm-toolbar output").innerText();
  await choice.selectOption(String(transaction - 1));
  await page.locator("evm-toolbar output").filter({ hasNotText: last }).waitFor();
  await at(page, 0);
}

test("an error of the compiler stands at its line and column; what ran stays", async () => {
  await withBank(async (page) => {
    const source = await write(page, BANK.replace("mine.open = true;", "mine.open = 7;"));
    const fault = source.locator(".faults button");
    await fault.waitFor();
    assert.match(
      await textOf(fault),
      new RegExp(`✗ error Counter.sol:${line("mine.open")}:21 .*not implicitly convertible`),
    );
    assert.equal(await source.locator(".cm-lintRange-error").innerText(), "7");
    await source.getByRole("button", { name: "Compile and run" }).click();
    await page.locator("evm-page .message.bad", { hasText: `Counter.sol, line ${line("mine.open")}` }).waitFor();
    assert.equal(await source.locator(".cm-activeLine").innerText(), "        mine.open = 7;");
    assert.match(await textOf(page.locator("evm-toolbar .good")), /Succeeded/);
    await write(page, `${BANK}\ncontract Other { function unused() external pure { uint256 spare = 1; } }\n`);
    await source.locator(".faults", { hasText: "⚠ warning" }).waitFor();
  });
});

test("a step goes by lines, over functions and out of them, and back; variables have values", async () => {
  await withBank(async (page, form) => {
    await call(form, "deposit", { "amount: uint128": "70" });
    await run(page, form, 2, 2);
    const lines = ["Account storage mine", "uint256 total", "sum = a + b"].map(line);
    for (const wanted of lines) {
      await page.keyboard.press("F11");
      await standsAt(page, wanted);
    }
    const variables = await pane(page, "Variables", "evm-variables");
    const text = await textOf(variables);
    assert.match(text, /Bank\.add here Counter\.sol:22/);
    assert.match(text, /a parameter 0 uint256/);
    assert.match(text, /b parameter 70 uint256/);
    assert.match(text, /Bank\.deposit Counter\.sol:27 .*amount parameter 70 uint128/);
    await page.keyboard.press("Shift+F11");
    await standsAt(page, line("uint256 total"));
    await page.keyboard.press("F10");
    await standsAt(page, line("mine.amount = "));
    const total = variables.locator("tr", { hasText: "total" });
    // What it was at the step before is marked.
    assert.match(await textOf(total), /total 70 ?was 0 uint256/);
    await total.getByRole("button", { name: /came from/ }).click();
    await page.waitForTimeout(300);
    assert.doesNotMatch(await textOf(variables.locator("tr", { hasText: "total" }).or(variables).first()), /total 70/);
    await page.keyboard.press("F10");
    await standsAt(page, line("mine.amount = "));
    await page.keyboard.press("Control+F11");
    await page.locator("evm-source .standing").waitFor();
    await button(page, "Back a line, over functions").click();
    await button(page, "Instructions").click();
    const before = await position(page);
    await page.keyboard.press("F11");
    await at(page, before + 1);
    await page.keyboard.press("Control+F11");
    await at(page, before);
  });
});

test("a breakpoint on a line stops there, once for each time that the line is reached", async () => {
  await withBank(async (page, form) => {
    await call(form, "deposit", { "amount: uint128": "70" });
    await run(page, form, 2, 2);
    const source = await editor(page);
    for (const text of ["sum = a + b", "history.push(total)"]) {
      await source.locator(".cm-line", { hasText: text }).click();
      await page.keyboard.press("F9");
    }
    await page.keyboard.press("F5");
    await standsAt(page, line("sum = a + b"));
    const first = await position(page);
    await page.keyboard.press("F5");
    await standsAt(page, line("history.push(total)"));
    await page.keyboard.press("F5");
    await page
      .locator("evm-code, evm-toolbar output", { hasText: /^(\d+) \/ \1$/ })
      .first()
      .waitFor();
    await page.keyboard.press("Control+Shift+F11");
    await standsAt(page, line("history.push(total)"));
    await page.keyboard.press("Control+Shift+F11");
    await standsAt(page, line("sum = a + b"));
    await at(page, first);
    // The part of the line that is next is marked, and no more of it.
    assert.match(await source.locator(".cm-here-part").first().innerText(), /a|b|sum|a \+ b/);
    const code = await pane(page, "Code", "evm-code");
    await code.locator(".row.here mark").waitFor();
    assert.match(await textOf(code.locator(".row.here")), /sum = a \+ b;.*1×/);
    await code.getByRole("button", { name: "Byte code" }).click();
    await code.locator(".row.here .text", { hasText: /[A-Z]/ }).waitFor();
  });
});

test("storage is told by its variables' names and types, before and after, and back", async () => {
  await withBank(async (page, form) => {
    await call(form, "deposit", { "amount: uint128": "70" });
    await run(page, form, 2, 2);
    await button(page, "End").click();
    const storage = await pane(page, "Storage", "evm-storage");
    const row = (name) => storage.locator("tr.variable", { hasText: name });
    await row("history.length").waitFor();
    assert.match(await textOf(row(".amount")), /accounts\[0x.*\]\.amount uint128 0 70/);
    assert.match(await textOf(row(".amount").locator("th")), SENDER);
    assert.match(await textOf(row(".open")), /bool false true/);
    assert.match(await textOf(row("history.length")), /uint256 0 1/);
    assert.match(await textOf(row("history[0]")), /uint256 0 70/);
    const length = storage.locator("tr.slot", { has: page.locator("td") }).nth(1);
    await length.getByRole("button", { name: /last write/ }).click();
    await standsAt(page, line("history.push(total)"));
    assert.match(await textOf(row("history.length")), /uint256 0 0/);
    const logs = await pane(page, "Logs", "evm-logs");
    assert.match(await textOf(logs), /Paid.*address who.*uint256 amount.*70/);
    const gas = await pane(page, "Gas", "evm-gas");
    assert.match(await textOf(gas), /history\.push\(total\);/);
  });
});

test("an error that the contract declares is told in words, and found", async () => {
  await withBank(async (page, form) => {
    await call(form, "take", { "amount: uint128": "500" });
    await run(page, form, 2, 2);
    assert.match(await textOf(page.locator("evm-toolbar .bad")), /TooLittle\(wanted: 500, there: 0\)/);
    await button(page, "To the failure").click();
    await standsAt(page, line("revert TooLittle"));
  });
});

test("forms take arrays and structures as JSON, and say what may be paid", async () => {
  await withBank(async (page, form) => {
    await call(form, "many", { "values: uint256[]": '["1", "2"]', "one: struct Bank.Account": '["40", true]' });
    const field = form.locator("fieldset", { hasText: "Transaction 2" }).first();
    await field.getByLabel("Value (wei)").fill("9");
    await field.locator(".chip", { hasText: "payable" }).waitFor();
    await call(form, "take", { "amount: uint128": "0" });
    await form.locator("fieldset", { hasText: "Transaction 3" }).first().getByLabel("Value (wei)").fill("9");
    await form.locator(".bad", { hasText: "Not payable" }).waitFor();
    await run(page, form, 2, 3);
    await button(page, "End").click();
    const storage = await pane(page, "Storage", "evm-storage");
    await storage.locator("tr.variable", { hasText: "history[0]" }).waitFor();
    assert.match(await textOf(storage.locator("tr.variable", { hasText: "history[0]" })), /0 42/);
    await page.locator("evm-toolbar select").selectOption("2");
    await page.locator("evm-toolbar .bad", { hasText: "Failed" }).waitFor();
  });
});

test("optimised, it says plainly that the compiler does not tell; without a network it compiles on", async () => {
  await withBank(async (page, form, context) => {
    await context.setOffline(true);
    await call(form, "deposit", { "amount: uint128": "70" });
    await form.getByLabel("Optimizer").check();
    await form.getByLabel("Runs to optimize for").fill("1");
    await write(page, BANK.replace("return total;", "return total + 0;"));
    await page.locator("evm-source .result", { hasText: "✓" }).waitFor();
    await run(page, form, 2, 2);
    await page.keyboard.press("F11");
    const variables = await pane(page, "Variables", "evm-variables");
    await variables.locator(".why", { hasText: "optimised" }).waitFor();
    await context.setOffline(false);
  });
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe-core finds nothing in the panes of Solidity, ${colorScheme}`, async () => {
    await withBank(
      async (page, form) => {
        await call(form, "deposit", { "amount: uint128": "70" });
        await call(form, "take", { "amount: uint128": "9" });
        await run(page, form, 2, 3);
        for (let step = 0; step < 6; step++) await page.keyboard.press("F11");
        await page.locator("evm-variables", { hasText: "Bank.deposit" }).waitFor();
        await page.locator("evm-source .cm-line", { hasText: "sum = a + b" }).click();
        await page.keyboard.press("F9");
        assert.deepEqual(await violations(page), []);
        await pane(page, "Code", "evm-code");
        await page.locator("evm-code .row").first().waitFor();
        assert.deepEqual(await violations(page), []);
        await write(page, "contract A { function f() public { uint256 a = 1; } } contract B { x }");
        await page.locator("evm-source .faults").waitFor();
        assert.deepEqual(await violations(page), []);
      },
      { colorScheme },
    );
  });
}
