// The EVM's part of the page in Chromium: an example, its panes, ways to go through it, files, forms, hostile input.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { siteAndBrowser } from "./browser.mjs";
import { at, button, pane, position, withExample as runExample, textOf, write } from "./evm.mjs";

const around = siteAndBrowser();

const withExample = (example, work, options) => runExample(around, example, work, options);

test("stepping shows code, stack and storage of the same moment, forwards and backwards", async () => {
  await withExample("counter", async (page) => {
    await page.locator("evm-toolbar select").selectOption("1");
    await at(page, 0);
    const slot = page.locator("evm-storage tbody tr");
    for (let step = 1; step <= 3; step++) {
      await page.keyboard.press("F11");
      await at(page, step);
    }
    await page.keyboard.press("Control+F11");
    await at(page, 2);
    await button(page, "End").click();
    await slot.first().waitFor();
    assert.match(await textOf(slot.first()), /0x0 0x1 0x2 ?was 0x0|0x0 0x1 0x2/);
    // Back to the instruction that wrote the slot, with its words by name.
    await slot.getByRole("button", { name: /last write/ }).click();
    await page.locator("evm-code .explained", { hasText: "SSTORE" }).waitFor();
    const stack = await textOf(page.locator("evm-stack tbody"));
    assert.match(stack, /0 0x0 .*key.* 1 0x2 .*value/);
    assert.match(await textOf(page.locator("evm-code .row.here")), /SSTORE/);
    const explained = await textOf(page.locator("evm-code .explained"));
    assert.match(explained, /2,900/);
  });
});

test("a failure is found, and explained in plain words", async () => {
  await withExample("out_of_gas", async (page) => {
    await button(page, "To the failure").click();
    await page.locator("evm-code .explained .bad").waitFor();
    assert.match(
      await textOf(page.locator("evm-code .explained .bad")),
      /will fail: MSTORE costs \d+ gas \(3 base \+ \d+ memory growth\), but \d+ are left/,
    );
    const before = await position(page);
    // Each turn of the loop doubles the only word.
    await page
      .locator("evm-stack tbody tr")
      .last()
      .getByRole("button", { name: /came from/ })
      .click();
    await page.waitForTimeout(300);
    assert.ok((await position(page)) < before);
    const memory = await pane(page, "Memory", "evm-memory");
    assert.match(await textOf(memory), /0020/);
  });
});

test("calls, gas, logs and accounts of a whole transaction", async () => {
  await withExample("erc20", async (page) => {
    const logs = await pane(page, "Logs", "evm-logs");
    assert.match(await textOf(logs), /Transfer\s*\(address 0xa11c, address 0xb0b, uint256 30\)/);
    assert.match(await textOf(logs), /still to come/);
    await logs.getByRole("button", { name: "Go there" }).click();
    await page.locator("evm-code .explained", { hasText: "LOG3" }).waitFor();
    const accounts = await pane(page, "Accounts", "evm-accounts");
    assert.match(await textOf(accounts), /0xa11c/);
    await page.locator("[data-preset=gas]").click();
    await page.locator("evm-gas").waitFor();
    assert.match(await textOf(page.locator("evm-gas")), /Intrinsic \(before any code\)\s+21,\d{3}/);
    assert.match(await textOf(page.locator("evm-gas")), /SSTORE\s+2\s+2\d,\d{3}/);
    assert.equal(await page.locator("evm-calls rect").count(), 1);
    assert.match(await textOf(page.locator("evm-calls tbody")), /transfer\s*\(address 0xb0b, uint256 30\)/);
  });
});

test("two forks side by side", async () => {
  await withExample("transient", async (page) => {
    await page.locator("[data-preset=debug]").click();
    const compare = await pane(page, "Compare", "evm-compare");
    await compare.locator("select").selectOption("Shanghai");
    await compare.getByRole("button", { name: "Run under both" }).click();
    await compare.locator("h3").waitFor();
    const text = await textOf(compare);
    assert.match(text, /First step that does something else/);
    assert.match(text, /TLOAD \(0x5c\) is there since Cancun, but the fork is Shanghai/);
    await compare.getByRole("button", { name: "Go to that step" }).click();
    await page.locator("evm-code .explained", { hasText: "TLOAD" }).waitFor();
  });
});

test("cryptography is fetched when it is first called, and not before", async () => {
  await withExample("counter", async (page) => {
    const fetched = [];
    page.on("request", (request) => fetched.push(request.url()));
    await page.locator("evm-lesson").getByRole("button", { name: "All examples" }).click();
    await page.locator("[data-example=bubble]").click();
    await button(page, "To the failure").waitFor();
    assert.equal(fetched.filter((url) => url.includes("precompiles")).length, 0);
    await page.locator("evm-lesson").getByRole("button", { name: "All examples" }).click();
    await page.locator("[data-example=precompile]").click();
    await page.locator("evm-toolbar .chip").waitFor();
    assert.ok(fetched.some((url) => /precompiles.*\.wasm/.test(url)));
    await button(page, "End").click();
    const data = await pane(page, "Call data", "evm-data");
    await page.waitForTimeout(300);
    assert.match(await textOf(data), /ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/);
  });
});

test("the form changes and runs; what is wrong is said, and the last run stays", async () => {
  await withExample("counter", async (page) => {
    const form = await pane(page, "Transactions", "evm-transaction");
    await form.getByRole("combobox", { name: "Function" }).nth(2).fill("nothing()");
    await form.getByRole("button", { name: "Run" }).click();
    await page.locator("evm-toolbar .bad", { hasText: 'reverted: "no such function"' }).waitFor();
    await form.getByRole("button", { name: "Edit: counter" }).click();
    await write(page, "PUSH 1\nFOO");
    await form.getByRole("button", { name: "Run" }).click();
    await page.locator("evm-page .message.bad", { hasText: "line 2, column 1" }).waitFor();
    await page.locator("evm-page .message.bad").getByRole("button", { name: "Dismiss" }).click();
    await button(page, "To the failure").waitFor();
  });
});

test("a run is saved as a trace and a state test, and that is opened again", async () => {
  await withExample("counter", async (page) => {
    const save = async (title) => {
      await button(page, "Save").click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator("evm-toolbar").getByRole("menuitem", { name: title }).click(),
      ]);
      return readFileSync(await download.path(), "utf8");
    };
    const lines = (await save("Trace (EIP-3155)"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(lines.length, 23);
    assert.equal(lines.at(-1).pass, true);
    const text = await save("State test");
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button(page, "Open a file…").click()]);
    await chooser.setFiles({ name: "again.json", mimeType: "application/json", buffer: Buffer.from(text) });
    await page.locator("page-header", { hasText: "Counter [Osaka]" }).waitFor();
    await button(page, "End").click();
    await at(page, 22);
  });
});

test("text of a contract never becomes markup", async () => {
  await withExample("counter", async (page) => {
    const form = await pane(page, "Transactions", "evm-transaction");
    await form.getByRole("button", { name: "Edit: counter" }).click();
    await write(page, '; <img src=x onerror="window.hurt=1">\n%revert "<img src=x onerror=window.hurt=1>"');
    await form.getByRole("button", { name: "Run" }).click();
    await page.locator("evm-toolbar .bad", { hasText: "<img src=x" }).waitFor();
    assert.equal(await page.evaluate(() => window.hurt), undefined);
  });
});

test("the panes have no faults that axe-core knows of", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await withExample(
      "reentrancy",
      async (page) => {
        for (const preset of ["learn", "source", "debug", "gas"]) {
          await page.locator(`[data-preset=${preset}]`).click();
          await page.waitForTimeout(400);
          assert.deepEqual(await violations(page), [], `${colorScheme} ${preset}`);
        }
      },
      { colorScheme },
    );
  }
});

const openFile = async (page, name, value) => {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button(page, "Open a file…").click()]);
  await chooser.setFiles({ name, mimeType: "application/json", buffer: Buffer.from(JSON.stringify(value)) });
};

test("a genesis file brings accounts and chain; one that is refused says why, and where", async () => {
  await withExample("counter", async (page) => {
    const target = "0x00000000000000000000000000000000000000aa";
    const genesis = {
      config: { chainId: 1337, homesteadBlock: 0, eip150Block: 0, eip155Block: 0, eip158Block: 0, byzantiumBlock: 0 },
      gasLimit: "0x1c9c380",
      timestamp: "0x10",
      // Puts the block's number into slot 0.
      alloc: { [target]: { balance: "0x5", code: "0x43600055", nonce: "0x1" } },
    };
    await openFile(page, "genesis.json", genesis);
    const form = page.locator("evm-transaction");
    await form.getByRole("button", { name: "Add a transaction" }).click();
    await form.getByRole("combobox", { name: "To" }).fill(target);
    await form.getByRole("button", { name: "Run" }).click();
    await page.locator("evm-toolbar .good").waitFor();
    await button(page, "End").click();
    const storage = await pane(page, "Storage", "evm-storage");
    assert.match(await textOf(storage.locator("tbody tr").first()), /0x0 0x0 0x1/);
    assert.match(await textOf(await pane(page, "Accounts", "evm-accounts")), /0xaa/);
    await openFile(page, "bad.json", { ...genesis, alloc: { [target]: { balance: "0xzz" } } });
    await page.locator("evm-page .message.bad", { hasText: "balance" }).waitFor();
    assert.match(await textOf(page.locator("evm-page .message.bad")), /prestate: .*0x0000.*balance: .*found "0xzz"/);
  });
});

test("a chain file is put to what is open; a bad one is refused with its place", async () => {
  await withExample("transient", async (page) => {
    await openFile(page, "chain.json", { name: "mine", chainId: 77, fork: "shanghai" });
    const calls = await pane(page, "Calls", "evm-calls");
    await calls.locator(".bad", { hasText: "invalid opcode: 0x5c" }).waitFor();
    await openFile(page, "bad.json", { name: "mine", chainId: 77, fork: "nowhere" });
    const message = page.locator("evm-page .message.bad");
    await message.waitFor();
    assert.match(await textOf(message), /chain.*fork.*nowhere/);
    // What ran before is still there.
    await calls.locator(".bad", { hasText: "invalid opcode" }).waitFor();
    await openFile(page, "worse.json", ["no", "object"]);
    await page.locator("evm-page .message.bad", { hasText: "expected a state test" }).waitFor();
  });
});
