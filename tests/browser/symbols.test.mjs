// Names and lines of the guest's code, counts, searches and stops by name, on a program of a few bytes whose every step
// is known.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { open, siteAndBrowser } from "./browser.mjs";
import { atProgram, setStop, showStops, stands } from "./program.mjs";

const around = siteAndBrowser();

const KERNEL = resolve(import.meta.dirname, "../gdb/kernel.c");
const MAP = "00007c00 T start\n00007c06 t idle\n00007c09 T handler\n000c0000 T vga_rom\n";

/** What `nasm -l` writes of the program. */
const LISTING = `     1                                  bits 16
     2                                  org 0x7c00
     3 00000000 B83412                  start:\tmov ax, 0x1234
     4 00000003 E80300                  \tcall handler
     5 00000006 F4                      idle:\thlt
     6 00000007 EBFD                    \tjmp idle
     7 00000009 40                      handler: inc ax
     8 0000000A A3007E                  \tmov [0x7e00], ax ; seen by all
     9 0000000D E680                    \tout 0x80, al
    10 0000000F C3                      \tret
`;

const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

/** Opens a pane, or brings it to the front. */
async function show(page, pane, tag = `${pane}-pane`) {
  await page.locator("work-bench").evaluate((bench, kind) => bench.openPane(kind), pane);
  await page.waitForSelector(tag);
}

async function load(page, ...files) {
  await page.click("code-pane >> text=Symbols…");
  await page.setInputFiles("symbols-pane input[type=file]", files);
  await page.waitForSelector(`symbols-pane >> text=Loaded ${files.map(({ name }) => name).join(", ")}`);
}

test("symbols: loaded from files, seen in all panes, searched, removed", async () => {
  const { page, complaints, close } = await atProgram(around);
  await load(page, file("System.map", MAP));
  const call = page.locator("code-pane .line", { hasText: "call" });
  await call.locator(".note .link", { hasText: "handler" }).waitFor();
  await page.locator("code-pane .line .text b", { hasText: "start:" }).waitFor();
  // A link for the mouse.
  await call.locator(".note .link", { hasText: "handler" }).click();
  await page.waitForSelector("code-pane .line.active:has([data-address='00007C09'])");
  await page.click("code-pane >> text=Follow EIP");
  await page.fill("symbols-pane input[type=search]", "HAND");
  const hit = page.locator("symbols-pane .names tr");
  await hit.filter({ hasText: "handler" }).waitFor();
  await page.waitForSelector("symbols-pane [role=status] >> text=1 symbol");
  assert.equal(await hit.count(), 1);
  await hit.locator("number-value button").click();
  await page.waitForSelector("code-pane .line:has([data-address='00007C09'])");
  await page.fill("code-pane address-field input", "handler+1");
  await page.press("code-pane address-field input", "Enter");
  await page.waitForSelector("code-pane .line.active:has([data-address='00007C0A'])");
  await page.fill("code-pane address-field input", "handlr");
  await page.press("code-pane address-field input", "Enter");
  await page.waitForSelector("code-pane .error >> text=did you mean handler");
  await page.click("code-pane >> text=Follow EIP");
  for (const eip of [0x7c03, 0x7c09]) {
    await page.keyboard.press("F11");
    await stands(page, eip);
  }
  await show(page, "stack");
  await page.locator("stack-pane tbody tr", { hasText: "handler" }).first().waitFor();
  await page.locator("stack-pane tbody tr", { hasText: "idle" }).first().waitFor();
  await show(page, "tables");
  await page.selectOption("tables-pane select", "ivt");
  await page.locator("tables-pane tbody tr", { hasText: "vga_rom+" }).first().waitFor();
  await show(page, "symbols");
  await page.click("symbols-pane button[aria-label='Remove System.map']");
  await page.locator("code-pane .line .text b").first().waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await close();
});

test("symbols: a listing's text stands beside the code; bad files and bases are told", async () => {
  const { page, complaints, close } = await atProgram(around);
  await load(page, file("boot.lst", LISTING));
  await page.locator("code-pane .line.next .source", { hasText: "boot.lst:3 start: mov ax, 0x1234" }).waitFor();
  await page.fill("symbols-pane input[name=base]", "xyz");
  await page.setInputFiles("symbols-pane input[type=file]", [file("System.map", MAP)]);
  await page.waitForSelector("symbols-pane input[name=base][aria-invalid=true]");
  await page.fill("symbols-pane input[name=base]", "10000");
  await page.setInputFiles("symbols-pane input[type=file]", [
    file("System.map", MAP),
    file("poem.txt", "Half a league\n"),
  ]);
  await page.waitForSelector("symbols-pane [role=alert] >> text=poem.txt: of no known kind");
  await page.locator("symbols-pane tr", { hasText: "System.map" }).filter({ hasText: "00010000" }).waitFor();
  await page.fill("symbols-pane input[type=search]", "vga_rom");
  await page.locator("symbols-pane .names tr", { hasText: "000D0000" }).waitFor();
  // Dropped, as files of the page are, but not into the machine's drives.
  const dropped = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "dropped.map"));
    return data;
  }, MAP);
  await page.dispatchEvent("symbols-pane", "dragover", { dataTransfer: dropped });
  await page.waitForSelector("symbols-pane section.over");
  await page.dispatchEvent("symbols-pane", "drop", { dataTransfer: dropped });
  await page.locator("symbols-pane tr", { hasText: "dropped.map" }).waitFor();
  assert.equal(await page.evaluate(() => window.glassbox.status().problem), "");
  assert.deepEqual(complaints, []);
  await close();
});

test("stops: on a symbol by name, by F9, with a near name for a wrong one; they stay on a restart", async () => {
  const { page, complaints, close } = await atProgram(around);
  await load(page, file("System.map", MAP));
  await showStops(page);
  await setStop(page, { at: "hander" });
  await page.waitForSelector("stops-pane .error >> text=did you mean handler?");
  await setStop(page, { at: "handler+1" });
  const line = page.locator("stops-pane li", { hasText: "handler+1" });
  await line.locator("button.link", { hasText: "7c0a" }).waitFor();
  await page.keyboard.press("F5");
  await stands(page, 0x7c0a);
  assert.match(await page.innerText("page-header .reason"), /handler\+1 00007C0A/);
  await line.locator("button.link").click();
  await page.waitForSelector("code-pane .line.active:has([data-address='00007C0A'])");
  await page.locator("code-pane .lines").focus();
  await page.keyboard.press("ArrowUp");
  await page.waitForSelector("code-pane .line.active:has([data-address='00007C09'])");
  await page.keyboard.press("F9");
  await page.locator("stops-pane li .symbol", { hasText: /^handler$/ }).waitFor();
  // The same machine again, with its symbols and stops.
  await page.evaluate(() => window.glassbox.boot(window.glassbox.status().spec));
  await stands(page, 0x7c00);
  await page.keyboard.press("F5");
  await stands(page, 0x7c09);
  await page.locator("code-pane .line.next .text b", { hasText: "handler:" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("counts: beside each line and as a list, from the switch on", async () => {
  const { page, complaints, close } = await atProgram(around);
  await page.click("code-pane >> text=Count");
  await page.waitForSelector("code-pane button[aria-pressed=true] >> text=Count");
  for (const eip of [0x7c03, 0x7c09, 0x7c0a]) {
    await page.keyboard.press("F11");
    await stands(page, eip);
  }
  const ran = (address) => page.locator(`code-pane .line:has([data-address='${address}']) .count`);
  await ran("00007C09").filter({ hasText: "1×" }).waitFor();
  assert.equal(await ran("00007C0A").innerText(), "");
  await show(page, "counts");
  await page.waitForSelector("counts-pane >> text=3 instructions");
  assert.equal(await page.locator("counts-pane tbody tr").count(), 3);
  await page.click("counts-pane >> text=Stop and forget");
  await page.waitForSelector("counts-pane >> text=Nothing is counted");
  await page.locator("code-pane .count").first().waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await close();
});

test("memory search: any bytes, numbers, text, in a segment; next, previous and how many", async () => {
  const { page, complaints, close } = await atProgram(around);
  await page.click("work-bench [role=tab][aria-label=Memory]");
  const goTo = async (text) => {
    await page.fill("memory-pane address-field input", text);
    await page.press("memory-pane address-field input", "Enter");
  };
  const find = async (kind, text) => {
    await page.selectOption("memory-pane memory-search select", kind);
    await page.fill("memory-pane memory-search input", text);
    await page.press("memory-pane memory-search input", "Enter");
  };
  await goTo("7000");
  await find("bytes", "e8 ?? ?? f4 eb");
  await page.waitForSelector("memory-pane >> text=Found at 00007C03: 1 of");
  await goTo("ds:7c00");
  await find("word", "7e00 80e6");
  await page.waitForSelector("memory-pane >> text=Found at 00007C0B: 1 of 1.");
  await goTo("physical 0");
  await find("text", "SeaBIOS");
  await page.waitForSelector("memory-pane memory-search [role=status] >> text=/Found at [0-9A-F]{8}: 1 of [0-9]+/");
  const said = () => page.innerText("memory-pane memory-search [role=status]");
  const [, first, count] = /at (\w+): 1 of (\d+)/.exec(await said());
  assert.ok(Number(count) > 1, `${count} places`);
  await page.click("memory-pane memory-search >> text=Next");
  await page.waitForSelector("memory-pane >> text=/: 2 of/");
  await page.click("memory-pane memory-search >> text=Previous");
  await page.waitForSelector(`memory-pane >> text=Found at ${first}: 1 of`);
  await page.click("memory-pane memory-search >> text=Previous");
  await page.waitForSelector(`memory-pane >> text=/: ${count} of ${count}/`);
  await find("dword", "12345678 zz");
  await page.waitForSelector("memory-pane >> text=Write numbers of up to eight");
  assert.deepEqual(complaints, []);
  await close();
});

/** The kernel of the gdb tests, with symbols; undefined where no compiler for it is installed. */
function kernel() {
  const folder = mkdtempSync(join(tmpdir(), "glassbox-symbols-"));
  const code = ["-m32", "-O0", "-g", "-ffreestanding", "-fno-pic", "-fno-pie", "-fno-stack-protector", "-mno-sse"];
  const link = ["-nostdlib", "-static", "-no-pie", "-Wl,-Ttext=0x100000,--build-id=none,-z,noexecstack,-N"];
  const out = join(folder, "kernel.elf");
  try {
    execFileSync("gcc", [...code, ...link, KERNEL, "-o", out], { stdio: "ignore" });
    return readFileSync(out);
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("an ELF kernel brings its symbols; its source is shown once it is given", async (t) => {
  const elf = kernel();
  if (!elf) return t.skip("gcc -m32 is not installed");
  const { page, complaints, close } = await open(around);
  await page.evaluate(
    ([bytes]) =>
      window.glassbox.boot(
        {
          title: "Kernel",
          kernel: { image: { kind: "bytes", name: "kernel.elf", bytes: Uint8Array.from(bytes) }, append: "" },
        },
        { paused: true },
      ),
    [[...elf]],
  );
  await page.waitForSelector("work-bench [role=tab]");
  await page.click("[data-preset=debug]");
  await show(page, "symbols");
  await page.locator("symbols-pane tr", { hasText: "kernel.elf" }).waitFor();
  await showStops(page);
  const line =
    readFileSync(KERNEL, "utf8")
      .split("\n")
      .findIndex((text) => /^ +\S.*;$/.test(text)) + 1;
  assert.ok(line > 0);
  await setStop(page, { at: `kernel.c:${line}` });
  await page.locator("stops-pane li .symbol", { hasText: `kernel.c:${line}` }).waitFor();
  await show(page, "symbols");
  await page.setInputFiles("symbols-pane input[type=file]", [KERNEL]);
  await page.locator("symbols-pane tr", { hasText: "source text" }).waitFor();
  await page.fill("code-pane address-field input", `kernel.c:${line}`);
  await page.press("code-pane address-field input", "Enter");
  const text = readFileSync(KERNEL, "utf8").split("\n");
  const shown = page.locator("code-pane .source").first();
  await shown.waitFor();
  const [, at, words] = /kernel\.c:(\d+) (.*)$/.exec(await shown.innerText()) ?? [];
  assert.equal(words, text[Number(at) - 1].trim());
  assert.deepEqual(complaints, []);
  await close();
});

test("a program of the page brings its labels and lines", async () => {
  const { page, complaints, close } = await open(around);
  await page.evaluate(() => history.pushState(null, "", "x86/"));
  await page.goto(`${around.site.url}x86/`);
  await page.waitForSelector("pc-examples");
  await page.locator("pc-examples button").first().click();
  await stands(page, 0x7c00);
  await show(page, "symbols");
  await page.locator("symbols-pane tr", { hasText: "program of this page" }).waitFor();
  assert.ok((await page.locator("symbols-pane .names tr").count()) > 0, "labels are listed");
  await show(page, "code");
  await page.locator("code-pane .line.next .source", { hasText: /\.asm:\d+ \S/ }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});
