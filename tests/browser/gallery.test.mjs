// The gallery: saved work of all kinds, kept, opened, renamed, copied, deleted and brought back, exported and imported;
// storage that is hostile, full or blocked; a network that goes away; modules that cannot be loaded.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { eventually, open, screenShows, siteAndBrowser } from "./browser.mjs";

const around = siteAndBrowser();

const row = (page, name) => page.locator("saved-work li", { has: page.locator("strong", { hasText: name }) });
const names = (page) => page.locator("saved-work li strong").allTextContents();
const message = (page) => page.locator("saved-work .message").first();

/** Opens the gallery with something in the browser's storage. */
async function withStorage(stored, options) {
  const opened = await open(around, options);
  await opened.page.evaluate((entries) => {
    for (const [key, value] of Object.entries(entries)) localStorage.setItem(key, JSON.stringify(value));
  }, stored);
  await opened.page.reload();
  await opened.page.waitForSelector("saved-work section");
  return opened;
}

async function choose(page, name, action) {
  await row(page, name).locator("menu-button button[aria-haspopup]").click();
  await row(page, name).getByRole("menuitem", { name: action, exact: true }).click();
}

async function give(page, name, text) {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.click("saved-work >> text=Import a file…"),
  ]);
  await chooser.setFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) });
}

async function exported(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), choose(page, name, "Export")]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

const BOOT = `        org 7C00h
        mov ax, 1234h
        hlt
        times 510 - ($ - $$) db 0
        dw 0AA55h
`;
const program = (name, changed, text = BOOT) => ({ name, text, changed });

test("a program is opened by one click: assembled, booted, in the editor", async () => {
  const { page, complaints, close } = await withStorage({
    "glassbox.nasm.programs": { programs: [program("older", 1000), program("mine", 2000)] },
  });
  assert.deepEqual(await names(page), ["mine", "older"], "the latest first");
  await row(page, "mine").locator(".open").click();
  await page.waitForSelector("editor-pane .cm-here:has-text('mov ax, 1234h')");
  assert.equal(await page.inputValue("editor-pane select"), "program:mine");
  assert.deepEqual(complaints, []);
  await close();
});

test("a program with errors is opened too, in a machine that waits", async () => {
  const { page, close } = await withStorage({
    "glassbox.nasm.programs": { programs: [program("broken", 1, "        bogus ax\n")] },
  });
  await row(page, "broken").locator(".open").click();
  await page.waitForSelector("editor-pane .problem:has-text('1 error has to be corrected first')");
  await page.waitForSelector("editor-pane .cm-line:has-text('bogus ax')");
  await close();
});

test("rename, duplicate, delete and undo: by keyboard too, and still there after a reload", async () => {
  const { page, complaints, close } = await withStorage({
    "glassbox.nasm.programs": { programs: [program("mine", 5)] },
  });
  await row(page, "mine").locator("menu-button button[aria-haspopup]").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.keyboard.type("renamed");
  await page.keyboard.press("Enter");
  await row(page, "renamed").waitFor();
  const focused = () =>
    page.evaluate(() => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active?.textContent.trim();
    });
  assert.match(await focused(), /renamed/, "the focus stays at what was renamed");
  await choose(page, "renamed", "Duplicate");
  await row(page, "renamed, copy").waitFor();
  await choose(page, "renamed, copy", "Delete");
  await page.locator("saved-work [role=status]", { hasText: "was deleted" }).waitFor();
  assert.deepEqual(await names(page), ["renamed"]);
  assert.equal(await focused(), "Undo");
  await page.keyboard.press("Enter");
  await row(page, "renamed, copy").waitFor();
  await page.reload();
  await row(page, "renamed, copy").waitFor();
  assert.deepEqual((await names(page)).sort(), ["renamed", "renamed, copy"]);
  assert.deepEqual(complaints, []);
  await close();
});

test("an EVM project: a draft without being asked, saved, opened where it was left, exported and imported", async () => {
  const { page, complaints, close } = await open(around);
  await page.goto(`${around.site.url}evm/`);
  await page.click("evm-page >> text=Blank");
  await page.locator("evm-toolbar output").waitFor();
  await page.waitForSelector("work-bench [role=tab]");
  await page.locator("work-bench").evaluate((bench) => bench.openPane("transaction"));
  await page.locator("evm-transaction").getByLabel("Value (wei)").first().fill("4321");
  // Typed, and not run: the page is left.
  await page.waitForFunction(() => localStorage.getItem("glassbox.evm.drafts")?.includes("4321"));
  await page.goto(around.site.url);
  await row(page, "Blank").waitFor();
  assert.equal(await row(page, "Blank").getAttribute("data-kind"), "draft");
  await row(page, "Blank").locator(".open").click();
  await page.locator("evm-toolbar output", { hasText: /^0 / }).waitFor();
  await page.keyboard.press("F11");
  await page.keyboard.press("F11");
  await page.locator("evm-toolbar output", { hasText: /^2 / }).waitFor();
  await page.locator("evm-toolbar menu-button", { hasText: "Save" }).locator("button[aria-haspopup]").click();
  await page.getByRole("menuitem", { name: "In this browser" }).click();
  await page.locator("evm-toolbar [role=status]", { hasText: "Saved as “Blank”" }).waitFor();
  await page.goto(around.site.url);
  await row(page, "Blank").waitFor();
  assert.equal(await row(page, "Blank").getAttribute("data-kind"), "project", "the draft went when it was saved");
  const file = await exported(page, "Blank");
  assert.equal(file.name, "Blank.json");
  await choose(page, "Blank", "Delete");
  await give(page, file.name, file.text);
  await page.locator("saved-work [role=status]", { hasText: "“Blank” was imported." }).waitFor();
  await row(page, "Blank").locator(".open").click();
  await page.locator("evm-toolbar output", { hasText: /^2 / }).waitFor();
  await page.locator("evm-stack tbody tr", { hasText: "0x28" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("a machine: saved by the form, its images asked for again, booted at once without any", async () => {
  const { page, complaints, close } = await open(around);
  await page.fill("machine-form input[name=memory]", "24");
  await page.selectOption("machine-form select[name=boot]", "cda");
  const image = { name: "tiny.img", mimeType: "application/octet-stream", buffer: Buffer.alloc(1474560) };
  await page.setInputFiles("machine-form input[data-role=fda]", image);
  await page.click("machine-form >> text=Save");
  await page.locator("machine-form [role=status]", { hasText: "Saved as “tiny”" }).waitFor();
  await page.reload();
  await row(page, "tiny").locator(".open").click();
  await page.locator("machine-form [role=status]", { hasText: "choose tiny.img again" }).waitFor();
  assert.equal(await page.inputValue("machine-form input[name=memory]"), "24");
  assert.equal(await page.inputValue("machine-form select[name=boot]"), "cda");
  assert.equal(await page.evaluate(() => window.glassbox.status().state), "off", "not booted without its image");
  await page.setInputFiles("machine-form input[data-role=fda]", image);
  await page.click("machine-form button[type=submit]");
  await eventually(page, "it runs", () => window.glassbox.status().state === "running");
  assert.deepEqual(
    await page.evaluate(() => {
      const { memoryMb, bootOrder } = window.glassbox.status().spec;
      return { memoryMb, bootOrder };
    }),
    { memoryMb: 24, bootOrder: "cda" },
  );
  await page.evaluate(() => window.glassbox.powerOff());
  await page.goto(around.site.url);
  await page.fill("machine-form input[name=memory]", "12");
  await page.click("machine-form >> text=Save");
  await row(page, "Own machine").locator(".open").click();
  await eventually(page, "it runs", () => window.glassbox.status().spec?.memoryMb === 12);
  assert.deepEqual(complaints, []);
  await close();
});

for (const [what, key, stored, path] of [
  ["programs", "glassbox.nasm.programs", '{"programs":[{"name":"a","text":1}]}', /programs\[0\]\.text/],
  [
    "projects",
    "glassbox.evm.projects",
    '{"projects":[{"name":"<img src=x onerror=alert(1)>"}]}',
    /projects\[0\]\.project/,
  ],
  ["machines", "glassbox.machines", "{", /is not what it should be/],
]) {
  test(`hostile ${what} are refused whole, with the reason, and lost only when the reader says so`, async () => {
    const { page, complaints, close } = await open(around);
    await page.evaluate(([name, text]) => localStorage.setItem(name, text), [key, stored]);
    await page.reload();
    await message(page).waitFor();
    assert.match(await message(page).innerText(), path);
    assert.deepEqual(await names(page), []);
    const kept = () => page.evaluate((name) => localStorage.getItem(name), key);
    assert.equal(await kept(), stored);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click("saved-work >> text=Save it as a file"),
    ]);
    assert.equal(readFileSync(await download.path(), "utf8"), stored);
    await page.click("saved-work >> text=Delete it");
    await message(page).waitFor({ state: "detached" });
    assert.notEqual(await kept(), stored);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("a file that is nothing of ours is refused with the reason", async () => {
  const { page, close } = await open(around);
  for (const [name, text, reason] of [
    ["a.json", "{", /a\.json was not imported: it is not JSON/],
    ["b.json", '{"glassbox":"machine","version":1,"machine":{}}', /machine\.name is missing/],
    ["c.json", '{"glassbox":"project","version":99}', /a newer version/],
    ["d.asm", Buffer.from([0, 1, 255]), /it is no text/],
  ]) {
    await give(page, name, text);
    await page.locator("saved-work [role=alert] .message", { hasText: reason }).waitFor();
  }
  assert.deepEqual(await names(page), []);
  await close();
});

test("storage that is full is told, and what was there stays", async () => {
  const { page, close } = await withStorage({ "glassbox.nasm.programs": { programs: [program("mine", 1)] } });
  await page.evaluate(() => {
    const most = 5 << 20;
    for (let size = most; size > 0; size >>= 1) {
      try {
        localStorage.setItem(`filler${size}`, "x".repeat(size));
      } catch {
        // Half as much, then.
      }
    }
  });
  await choose(page, "mine", "Duplicate");
  await page.locator("saved-work [role=alert]", { hasText: "this browser keeps no more" }).waitFor();
  assert.deepEqual(await names(page), ["mine"]);
  await row(page, "mine").locator(".open").click();
  await page.waitForSelector("editor-pane .cm-here");
  await page.click("editor-pane .cm-content");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(`; ${"much ".repeat(3000)}\n`);
  await page.waitForSelector("editor-pane .problem:has-text('This browser keeps no more: export the program')");
  await page.waitForSelector("editor-pane .cm-line:has-text('much much')");
  await close();
});

test("storage that is blocked is told, and the page works for as long as it is open", async () => {
  const context = await around.browser.newContext({ viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    });
  });
  await page.goto(around.site.url);
  await page.locator("saved-work .message", { hasText: "storage is blocked" }).waitFor();
  await page.click("pc-examples >> text=Write your own");
  await page.waitForSelector("editor-pane .cm-here");
  await page.waitForSelector("editor-pane .problem:has-text('This browser keeps nothing for this page')");
  await page.click("page-header >> text=Gallery");
  await row(page, "My program").waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test("two tabs: what one keeps the other shows", async () => {
  const { page, close } = await withStorage({ "glassbox.nasm.programs": { programs: [program("one", 1)] } });
  const other = await page.context().newPage();
  await other.goto(around.site.url);
  await choose(other, "one", "Duplicate");
  await row(page, "one, copy").waitFor();
  await close();
});

test("without the network a program is written, assembled, booted and stepped, once its editor was open", async () => {
  const { page, close } = await open(around);
  await page.click("[data-example=hello]");
  await page.waitForSelector("editor-pane .cm-here");
  await page.waitForLoadState("networkidle");
  await page.context().setOffline(true);
  await page.click("editor-pane .cm-content");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(BOOT);
  await page.click("editor-pane button.primary");
  await page.waitForSelector("editor-pane .cm-here:has-text('mov ax, 1234h')");
  await page.click("machine-toolbar >> text=Step");
  await page.waitForSelector("editor-pane .cm-here:has-text('hlt')");
  assert.equal((await page.evaluate(() => window.glassbox.registers())).eax & 0xffff, 0x1234);
  // Panes that were not shown yet, and the other examples with their lessons, are there too.
  await page.locator("work-bench").evaluate((bench) => bench.openPane("tables"));
  await page.waitForSelector("tables-pane select");
  await page.selectOption("editor-pane select", "example:timer");
  await page.waitForSelector("lesson-pane h2:has-text('The timer interrupts')");
  await page.click("editor-pane button.primary");
  await page.waitForSelector("editor-pane .cm-here");
  await page.evaluate(() => window.glassbox.run());
  await screenShows(page, "tick, ");
  await close();
});

test("a module that cannot be loaded gives one message that says what helps, and is tried again", async () => {
  for (const [path, file, begin, shown, again] of [
    ["", "**/x86_bg-*.wasm", "[data-guest=hello]", "machine-messages .bad", "[data-guest=hello]"],
    ["evm/", "**/evm_bg-*.wasm", "[data-example=counter]", "evm-page .message.bad", "[data-example=counter]"],
  ]) {
    const context = await around.browser.newContext({ viewport: { width: 1400, height: 900 } });
    const page = await context.newPage();
    const broken = (route) => route.abort();
    await context.route(file, broken);
    await page.goto(`${around.site.url}${path}`);
    await page.click(begin);
    await page.waitForSelector(shown);
    assert.equal(await page.locator(shown).count(), 1);
    assert.match(await page.innerText(shown), /could not be loaded: check the connection and try again/);
    await context.unroute(file, broken);
    if (path === "evm/") {
      await page.goto(`${around.site.url}${path}`);
      await page.click(again);
      await page.locator("evm-toolbar output").waitFor();
    } else {
      await page.click(again);
      await eventually(page, "the machine runs", () => window.glassbox.status().state === "running");
    }
    await context.close();
  }
});
