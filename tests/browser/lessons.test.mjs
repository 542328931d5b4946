// Every lesson: what its text points at opens, and what the text says of a place is so when the machine stands there. A
// claim names the words it checks, so that a text cannot change without it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eventually, open, siteAndBrowser } from "./browser.mjs";

const around = siteAndBrowser();

/** The element of each pane. */
const TAGS = {
  screen: "screen-pane",
  serial: "serial-terminal",
  registers: "registers-pane",
  code: "code-pane",
  memory: "memory-pane",
  stack: "stack-pane",
  stops: "stops-pane",
  translation: "translation-pane",
  tables: "tables-pane",
  pages: "pages-pane",
  log: "log-pane",
  ports: "ports-pane",
  devices: "devices-pane",
  editor: "editor-pane",
  lesson: "lesson-pane",
};

/** All text of an element, shadow roots included. */
const textOf = (locator) =>
  locator.evaluate((element) => {
    const read = (node) => {
      if (node.nodeType === 3) return node.data;
      if (node.nodeName === "STYLE") return "";
      return `${[...(node.shadowRoot ?? node).childNodes].map(read).join("")} `;
    };
    return read(element).replaceAll(/\s+/g, " ");
  });

const latin = (bytes) => String.fromCharCode(...bytes);
const words = (bytes) => Array.from({ length: bytes.length / 2 }, (_, at) => bytes[2 * at] | (bytes[2 * at + 1] << 8));
const doubles = (bytes) => Array.from({ length: bytes.length / 4 }, (_, at) => Buffer.from(bytes).readUInt32LE(4 * at));
const hex = (value) => value.toString(16).toUpperCase().padStart(8, "0");

/** A lesson in the page, and the machine that belongs to it. */
class Reader {
  constructor(page) {
    this.page = page;
  }

  async show(pane) {
    await this.page.locator("work-bench [role=tab]").first().waitFor();
    return this.page.locator("work-bench").evaluate((bench, kind) => bench.openPane(kind), pane);
  }

  async open(name) {
    const { page } = this;
    await page.click("[data-preset=program]");
    await this.show("lesson");
    await page.selectOption("lesson-pane select", name);
    await page.waitForSelector(`lesson-pane article`);
    const title = await page.locator(`lesson-pane option[value=${name}]`).textContent();
    await page.locator("lesson-pane h2", { hasText: title }).waitFor();
    await this.boot();
  }

  /** Assembles and boots the lesson's program, with no breakpoint. */
  async boot() {
    const { page } = this;
    await this.show("editor");
    await page.waitForSelector("editor-pane .result:has-text('✓')");
    const rests = await page.evaluate(() => window.glassbox.status().rests);
    await page.click("editor-pane button.primary");
    await this.rests(rests, 0x7c00);
    await this.show("lesson");
  }

  /** Waits until the machine rests anew, at a place if one is told. */
  rests(before, linear) {
    return eventually(
      this.page,
      `it rests${linear === undefined ? "" : ` at ${hex(linear)}`}`,
      async ([count, at]) => {
        const { state, rests } = window.glassbox.status();
        if (rests <= count || (state !== "paused" && state !== "stopped")) return false;
        return at === undefined || (await window.glassbox.registers()).linear_ip === at;
      },
      [before, linear],
      30_000,
    );
  }

  async move(action) {
    const before = await this.page.evaluate(() => window.glassbox.status().rests);
    await action();
    await this.rests(before);
  }

  step = (count = 1) => this.move(() => this.page.evaluate((n) => window.glassbox.step(n), count));
  press = (name) => this.move(() => this.page.click(`machine-toolbar >> text=${name}`));
  run = () => this.move(() => this.page.evaluate(() => window.glassbox.run()));

  label(name) {
    return this.page
      .locator("lesson-pane button.label", { hasText: new RegExp(`^${name.replace(".", "\\.")}$`) })
      .first();
  }

  /** Sets a breakpoint at a label by its button in the text, or removes it. */
  async toggle(name, on) {
    await this.show("lesson");
    await this.label(name).click();
    await this.page.waitForTimeout(50);
    assert.equal(await this.label(name).getAttribute("aria-pressed"), String(on), name);
  }

  /** Runs to a label so many times, by the button in the text. */
  async to(name, times = 1, body = () => {}) {
    await this.toggle(name, true);
    for (let time = 0; time < times; time++) {
      await this.run();
      await body(time);
    }
    await this.toggle(name, false);
  }

  registers = () => this.page.evaluate(() => window.glassbox.registers());
  memory = (linear, length) => this.page.evaluate(([at, count]) => window.glassbox.memory(at, count), [linear, length]);
  screen = async () => (await this.page.evaluate(() => window.glassbox.textScreen())).rows.join("\n");

  /** What the translation pane says of an address. */
  async translation(address) {
    await this.show("translation");
    await this.page.fill("translation-pane input", "");
    await this.page.fill("translation-pane input", address);
    await this.page.waitForTimeout(400);
    return textOf(this.page.locator("translation-pane"));
  }

  async device(name) {
    await this.show("devices");
    await this.page.waitForSelector("devices-pane option", { state: "attached" });
    const titles = await this.page.locator("devices-pane option").allTextContents();
    const title = titles.find((one) => one.includes(name));
    assert.ok(title, `${name} among ${titles}`);
    await this.page.selectOption("devices-pane select", { label: title });
    await this.page.waitForTimeout(300);
    return textOf(this.page.locator("devices-pane"));
  }
}

const segment = ({ segments }, name) => segments.find((one) => one.name.toLowerCase() === name);

/** Of each lesson: the words of a step, and what must then be so. Each begins where the one before it ended. */
const CLAIMS = {
  hello: [
    [
      /stands before its first instruction/,
      async (reader) => assert.equal((await reader.registers()).linear_ip, 0x7c00),
    ],
    [
      /Step until SI has its value, then find the message at that address/,
      async (reader) => {
        await reader.to("next_character");
        const { esi } = await reader.registers();
        assert.equal(latin(await reader.memory(esi & 0xffff, 10)), "Hello from");
      },
    ],
    [
      /each time one more character is on the/,
      async (reader) => {
        const shown = [];
        await reader.to("next_character", 3, async () =>
          shown.push((await reader.screen()).trimEnd().split("\n").at(-1)),
        );
        assert.deepEqual(shown, ["H", "He", "Hel"]);
      },
    ],
  ],
  text_memory: [
    [
      /with each stosw a cell of the title appears/,
      async (reader) => {
        await reader.to("write_title");
        const { edi } = await reader.registers();
        await reader.step(9);
        assert.deepEqual(await reader.memory(0xb8000 + (edi & 0xffff), 4), [0x20, 0x1f, 0x53, 0x1f]);
      },
    ],
    [/character, then colours 1F/, async (reader) => assert.equal((await reader.memory(0xb80c1, 1))[0], 0x1f)],
    [
      /compare it with B8000h plus DI/,
      async (reader) => {
        const { edi } = await reader.registers();
        assert.match(await reader.translation("es:di"), new RegExp(hex(0xb8000 + (edi & 0xffff))));
      },
    ],
    [
      /Run to done/,
      async (reader) => {
        await reader.to("done");
        assert.match(await reader.screen(), /Sixteen colours on sixteen grounds/);
      },
    ],
  ],
  stack: [
    [
      /run seven times: a frame more on the stack/,
      async (reader) => {
        const tops = [];
        await reader.to("factorial", 7, async () => tops.push((await reader.registers()).esp & 0xffff));
        assert.deepEqual(
          tops.map((top) => tops[0] - top),
          [0, 8, 16, 24, 32, 40, 48],
        );
        await reader.show("stack");
        const frames = reader.page.locator("stack-pane table").first().locator("tbody tr");
        await frames.nth(5).waitFor();
      },
    ],
    [
      /find the arguments 7 to 1 in the seven frames/,
      async (reader) => {
        await reader.to("factorial.bottom");
        const found = [];
        for (let bp = (await reader.registers()).ebp & 0xffff; bp !== 0; ) {
          const [caller, , argument] = words(await reader.memory(bp, 6));
          found.push(argument);
          bp = caller;
        }
        assert.deepEqual(found, [1, 2, 3, 4, 5, 6, 7]);
      },
    ],
    [
      /Step out and watch AX in the registers: 1, 2, 6, 24/,
      async (reader) => {
        const found = [];
        for (let time = 0; time < 4; time++) {
          await reader.press("Out");
          found.push((await reader.registers()).eax & 0xffff);
        }
        assert.deepEqual(found, [1, 2, 6, 24]);
      },
    ],
  ],
  picture: [
    [
      /follow three writes in the log of ports/,
      async (reader) => {
        await reader.show("ports");
        await reader.page.click("ports-pane >> text=Start logging");
        await reader.to("palette", 2);
        await reader.show("ports");
        await reader.page.locator("ports-pane tbody tr", { hasText: "03C9" }).nth(2).waitFor();
      },
    ],
    [
      /one more row of the picture each time/,
      async (reader) => {
        const rows = [];
        await reader.to("draw_row", 3, async () => rows.push((await reader.registers()).edx));
        assert.deepEqual(rows, [0, 1, 2]);
        assert.deepEqual(await reader.memory(0xa0000 + 320, 4), [1, 0, 3, 2], "x xor 1");
      },
    ],
  ],
  fpu: [
    [
      /Stop at divided: what does ST0 show, and which flag/,
      async (reader) => {
        await reader.to("divided");
        await reader.step();
        assert.equal((await reader.registers()).eax & 4, 4, "the zero-divide flag");
      },
    ],
    [
      /Look at the ten bytes at decimal in memory after fbstp/,
      async (reader) => {
        // Pi times 10^8, two digits in a byte, the last two first: the number that was printed last.
        const place = await pointer(reader, 2);
        assert.deepEqual(await reader.memory(place, 10), [0x65, 0x92, 0x15, 0x14, 0x03, 0, 0, 0, 0, 0]);
      },
    ],
  ],
  self_modifying: [
    [
      /another character each time/,
      async (reader) => {
        const found = [];
        await reader.to("changing", 3, async () => {
          const { linear_ip } = await reader.registers();
          found.push(latin(await reader.memory(linear_ip + 1, 1)));
        });
        assert.deepEqual(found, ["0", "1", "2"]);
        await reader.show("code");
        await reader.page.locator("code-pane .line.next", { hasText: /mov\s+al, *(32h|0x32|50)/i }).waitFor();
      },
    ],
    [
      /The editor marks that line/,
      async (reader) => {
        await reader.show("editor");
        await reader.page.waitForSelector("editor-pane .cm-here.cm-changed");
      },
    ],
  ],
  keyboard: [
    [
      /Find the address of on_key in entry 9/,
      async (reader) => {
        await reader.page.waitForTimeout(50);
        await reader.step(200);
        const [offset, base] = words(await reader.memory(9 * 4, 4));
        assert.equal(base, 0);
        reader.handler = offset;
      },
    ],
    [
      /and press a key/,
      async (reader) => {
        await reader.toggle("on_key", true);
        const before = await reader.page.evaluate(() => window.glassbox.status().rests);
        await reader.page.evaluate(() => window.glassbox.run());
        await reader.page.waitForTimeout(300);
        await reader.page.evaluate(() => window.glassbox.type("a"));
        await reader.rests(before, reader.handler);
      },
    ],
    [
      /where was the program interrupted/,
      async (reader) => {
        const { esp } = await reader.registers();
        const [ip, cs, flags] = words(await reader.memory(esp & 0xffff, 6));
        assert.equal(cs, 0);
        assert.ok(ip > 0x7c00 && ip < reader.handler, "in the main program");
        assert.equal(flags & 0x200, 0x200);
      },
    ],
    [
      /It is the key coming up, its code has bit 7 set/,
      async (reader) => {
        await reader.run();
        await reader.toggle("on_key", false);
        await reader.step(3);
        assert.equal((await reader.registers()).eax & 0x80, 0x80);
      },
    ],
  ],
  timer: [
    [
      /Step through the three out instructions behind start and watch counter 0/,
      async (reader) => {
        await reader.step(13);
        assert.match(await reader.device("8254"), /11931|2E9B/i);
      },
    ],
    [
      /the 8259 shows IRQ 0 in service/,
      async (reader) => {
        await reader.to("on_tick");
        assert.match(await reader.device("8259"), /in service/i);
      },
    ],
  ],
  disk: [
    [
      /the text is not there yet/,
      async (reader) => {
        await reader.to("read_sector");
        assert.notEqual(latin(await reader.memory(0x7e00, 4)), "this");
      },
    ],
    [
      /Step over the int 13h and look again/,
      async (reader) => {
        for (let count = 0; count < 8; count++) await reader.press("Over");
        assert.equal(latin(await reader.memory(0x7e00, 14)), "this text came");
      },
    ],
    [
      /After the second reading, find the carry flag and AH/,
      async (reader) => {
        await reader.to("read_sector");
        for (let tries = 0; tries < 80; tries++) {
          await reader.press("Over");
          if (/error$/.test((await reader.screen()).trimEnd()) && ((await reader.registers()).eflags & 1) === 1) break;
        }
        const { eax, eflags } = await reader.registers();
        assert.equal(eflags & 1, 1);
        assert.notEqual((eax >> 8) & 0xff, 0);
      },
    ],
  ],
  a20: [
    [
      /translate gs:0510 in the translation pane; then at opened/,
      async (reader) => {
        await reader.to("closed");
        assert.match(await reader.translation("gs:0510"), /Physical\s*\S*00000500/i);
        await reader.to("opened");
        assert.match(await reader.translation("gs:0510"), /Physical\s*\S*00100500/i);
      },
    ],
    [
      /step over the two stores in compare/,
      async (reader) => {
        await reader.to("compare");
        await reader.press("Over");
        await reader.press("Over");
        await reader.press("Over");
        assert.deepEqual([...(await reader.memory(0x500, 1)), ...(await reader.memory(0x100500, 1))], [0x11, 0x22]);
      },
    ],
  ],
  scheduler: [
    [
      /below 7800h: ES, DS, eight registers, IP, CS, FLAGS/,
      async (reader) => {
        await reader.to("on_tick.chosen");
        const saved = words(await reader.memory(0x7800 - 26, 26));
        assert.deepEqual([saved[0], saved[1], saved[11], saved[12]], [0xb800, 0, 0, 0x202]);
      },
    ],
    [
      /watch BX: 0, 2, 4, 0/,
      async (reader) => {
        const found = [];
        await reader.to("on_tick.chosen", 4, async () => found.push((await reader.registers()).ebx & 0xffff));
        assert.deepEqual(found, [4, 0, 2, 4]);
      },
    ],
    [
      /At switch, step once and see SP and the whole stack change/,
      async (reader) => {
        await reader.to("switch");
        const before = (await reader.registers()).esp;
        await reader.step();
        assert.ok(Math.abs((await reader.registers()).esp - before) > 0x300);
      },
    ],
  ],
  protected: [
    [
      /Step from the lgdt to protected and watch CR0, CS and its hidden part/,
      async (reader) => {
        await reader.to("protected");
        const found = await reader.registers();
        assert.equal(found.cr[0] & 1, 1);
        assert.deepEqual([segment(found, "cs").selector, segment(found, "cs").base], [8, 0]);
      },
    ],
    [
      /Find the three descriptors/,
      async (reader) => {
        assert.equal((await reader.registers()).gdtr[1], 4 * 8 - 1, "three behind the empty one");
        await reader.show("tables");
        await reader.page.selectOption("tables-pane select", "gdt");
        await reader.page.locator("tables-pane tbody tr", { hasText: "B8000" }).waitFor();
      },
    ],
    [
      /the selector, the check against the limit, the linear address/,
      async (reader) => {
        await reader.step(6);
        const text = await reader.translation("es:0");
        for (const part of [/selector 0018/, /inside the segment/, /linear address 000B8000/]) assert.match(text, part);
      },
    ],
  ],
  fault: [
    [
      /step: you are in on_fault/,
      async (reader) => {
        await reader.to("first_fault");
        await reader.step();
        const { linear_ip, esp } = await reader.registers();
        const [code, , cs] = doubles(await reader.memory(esp, 12));
        assert.deepEqual([code, cs], [0x88, 8], "the error code is the selector");
        await reader.show("lesson");
        assert.equal(
          await reader.page
            .locator("editor-pane .standing")
            .textContent()
            .then((text) => /before line/.test(text)),
          true,
        );
        reader.handler = linear_ip;
      },
    ],
    [
      /the reason for the second fault/,
      async (reader) => assert.match(await reader.translation("es:0FA0h"), /#GP.*limit|limit.*#GP/i),
    ],
  ],
  paging: [
    [
      /translate 40000000h: which entry is not present/,
      async (reader) => {
        await reader.to("paging_is_on");
        assert.match(await reader.translation("40000000h"), /not present/i);
        assert.deepEqual(await reader.memory(0x40000000, 1), [null], "absent before");
      },
    ],
    [
      /Step: you are in on_page_fault\. Compare CR2/,
      async (reader) => {
        await reader.step();
        assert.equal((await reader.registers()).cr[1], 0x40000000);
        await reader.show("editor");
        await reader.page.waitForSelector("editor-pane .cm-here:has-text('pushad')");
      },
    ],
    [
      /step, and see the new entry/,
      async (reader) => {
        await reader.to("on_page_fault.map_it");
        assert.deepEqual(await reader.memory(0x12000, 4), [0, 0, 0, 0]);
        await reader.step();
        assert.deepEqual(doubles(await reader.memory(0x12000, 4)), [0x20003]);
      },
    ],
    [
      /before and after: absent, then there/,
      async (reader) => {
        await reader.step(12);
        assert.deepEqual(await reader.memory(0x40000000, 1), [0x11]);
      },
    ],
  ],
  ring3: [
    [
      /compare the five values on the stack with the registers after one step/,
      async (reader) => {
        await reader.to("to_user");
        const { esp } = await reader.registers();
        const [eip, cs, flags, stack, ss] = doubles(await reader.memory(esp, 20));
        await reader.step();
        const found = await reader.registers();
        assert.deepEqual(
          [found.eip, segment(found, "cs").selector, found.eflags & 0x200, found.esp, segment(found, "ss").selector],
          [eip, cs, flags & 0x200, stack, ss],
        );
        assert.equal(found.cpl, 3);
      },
    ],
    [
      /look at CPL, SS and ESP before and after/,
      async (reader) => {
        await reader.to("on_service");
        const { cpl, esp } = await reader.registers();
        assert.deepEqual([cpl, esp], [0, 0x7c00 - 20]);
      },
    ],
  ],
  v86: [
    [
      /read the nine values on the stack; step once and compare/,
      async (reader) => {
        await reader.to("enter_task");
        const { esp } = await reader.registers();
        const [eip, cs, flags, stack] = doubles(await reader.memory(esp, 16));
        await reader.step();
        const found = await reader.registers();
        assert.deepEqual([found.eip, segment(found, "cs").selector, found.esp], [eip, cs, stack]);
        assert.equal(found.eflags & flags & 0x20000, 0x20000);
      },
    ],
    [
      /In the task, translate es:di/,
      async (reader) => {
        await reader.step(3);
        const { edi } = await reader.registers();
        assert.match(await reader.translation("es:di"), new RegExp(hex(0xb8000 + (edi & 0xffff))));
      },
    ],
    [
      /ESI is the address of the instruction, AL its first byte/,
      async (reader) => {
        await reader.to("decode");
        const { esi, eax } = await reader.registers();
        assert.deepEqual(await reader.memory(esi, 2), [eax & 0xff, 0x20]);
        assert.equal(eax & 0xff, 0xcd, "INT 20h");
      },
    ],
  ],
};

/** Where the pointer into memory in a step, from 0, leads: the address of the byte that the pane has chosen. */
async function pointer(reader, step) {
  await reader.show("lesson");
  await reader.page.locator("lesson-pane ol li").nth(step).locator('button.pane[title$=": memory"]').click();
  const label = await reader.page.locator("memory-pane .cell.selected").getAttribute("aria-label");
  return Number.parseInt(label, 16);
}

let opened;
/** One page for all lessons: opened when the first of them is read. */
async function reader() {
  if (!opened) {
    opened = await open(around);
    await opened.page.click("[data-example=hello]");
    await opened.page.waitForSelector("editor-pane .cm-here");
  }
  return new Reader(opened.page);
}
after(() => opened?.close());

for (const [name, claims] of Object.entries(CLAIMS)) {
  test(`${name}: what the lesson points at is there, and what it says is so`, async () => {
    const read = await reader();
    await read.open(name);
    const { page } = read;
    const pointers = page.locator("lesson-pane article button.pane");
    const count = await pointers.count();
    assert.ok(count > 0);
    for (let at = 0; at < count; at++) {
      await read.show("lesson");
      const pane = (await pointers.nth(at).getAttribute("title")).split(": ")[1];
      await pointers.nth(at).click();
      await page.waitForSelector(TAGS[pane]);
    }
    await page.click("[data-preset=program]");
    await read.show("lesson");
    const labels = page.locator("lesson-pane article button.label");
    for (let at = 0; at < (await labels.count()); at++) {
      for (const on of ["true", "false"]) {
        await labels.nth(at).click({ timeout: 2000 });
        assert.equal(await labels.nth(at).getAttribute("aria-pressed"), on, await labels.nth(at).innerText());
      }
    }
    const text = (await page.innerText("lesson-pane article")).replaceAll(/\s+/g, " ");
    for (const [says, check] of claims) {
      assert.match(text, says);
      await check(read);
    }
  });
}

test("every lesson has claims that are checked, and nothing was said on the console", async () => {
  const read = await reader();
  const { page } = read;
  await read.show("lesson");
  const names = await page
    .locator("lesson-pane select option")
    .evaluateAll((all) => all.map(({ value }) => value).filter(Boolean));
  assert.deepEqual(Object.keys(CLAIMS).sort(), names.sort());
  // CodeMirror says so where a pane is still being laid out when it measures; it measures again in the next frame.
  const complaints = opened.complaints.filter((text) => !text.startsWith("Measure loop restarted"));
  assert.deepEqual(complaints, []);
});

/** The EVM's page while a lesson is read. */
class EvmReader {
  constructor(page) {
    this.page = page;
  }

  async pane(id) {
    await this.page.locator("work-bench [role=tab]").first().waitFor();
    await this.page.locator("work-bench").evaluate((bench, kind) => bench.openPane(kind), id);
    const found = this.page.locator(`evm-${id}`);
    await found.waitFor();
    await this.page.waitForTimeout(100);
    return textOf(found);
  }

  async transaction(number) {
    await this.page.locator("evm-toolbar select").selectOption(String(number - 1));
    await this.page.locator("evm-toolbar output", { hasText: /^0 / }).waitFor();
    await this.page.waitForTimeout(200);
  }

  async press(name, times = 1) {
    for (let time = 0; time < times; time++) {
      await this.page.locator("evm-toolbar").getByRole("button", { name, exact: true }).click();
      await this.page.waitForTimeout(150);
    }
  }

  /** Steps until the next instruction is one. */
  async to(mnemonic, by = "Step") {
    for (let steps = 0; steps < 200; steps++) {
      if (new RegExp(`^\\s*${mnemonic}\\b`).test(await this.next())) return;
      await this.press(by);
    }
    assert.fail(`no ${mnemonic} came`);
  }

  next = () => textOf(this.page.locator("evm-code .explained"));
}

const EVM_CLAIMS = {
  counter: [
    [
      /Step \(F11\) to SLOAD.*says what it costs, and why: the slot is cold/,
      async (read) => {
        await read.transaction(1);
        await read.to("SLOAD");
        assert.match(await read.next(), /2,100.*cold|cold.*2,100/);
      },
    ],
  ],
  out_of_gas: [
    [
      /Press “To the failure”, and read the sum/,
      async (read) => {
        await read.press("To the failure");
        assert.match(await read.next(), /MSTORE costs \d+ gas \(3 base \+ \d+ memory growth\)/);
      },
    ],
  ],
  bubble: [
    [
      /goes to where it began, not to where it ended: the innermost REVERT/,
      async (read) => {
        await read.press("To the failure");
        assert.match(await read.next(), /REVERT/);
      },
    ],
    [
      /what is it after the revert\?/,
      async (read) => {
        await read.press("End");
        assert.doesNotMatch(await read.pane("storage"), /0x0 0x1 /);
      },
    ],
    [/Read the returned data/, async (read) => assert.match(await read.pane("data"), /08c379a0|out of stock/)],
  ],
  packing: [
    [
      /Point at the value of slot 0 in storage: all 64 digits, and both halves/,
      async (read) => {
        await read.transaction(1);
        await read.press("End");
        await read.pane("storage");
        const now = read.page.locator("evm-storage tbody tr").first().locator("evm-word").nth(2);
        await now.locator("button").hover();
        const digits = `${"9".padStart(32, "0")}${"7".padStart(32, "0")}`;
        assert.ok((await textOf(now)).includes(digits), await textOf(now));
      },
    ],
  ],
  erc20: [
    [
      /Go to KECCAK256, and look into memory: the address, then the table's slot/,
      async (read) => {
        await read.transaction(1);
        await read.to("KECCAK256");
        assert.match(await read.pane("memory"), /a1 ?1c/i);
      },
    ],
    [
      /In the second she tries to send 1,000, and is refused/,
      async (read) => {
        await read.transaction(2);
        assert.match(await textOf(read.page.locator("evm-toolbar")), /balance too small/);
      },
    ],
  ],
  precompile: [
    [
      /Step over STATICCALL, and see the second row of memory change/,
      async (read) => {
        await read.to("STATICCALL");
        await read.press("Over");
        assert.match((await read.pane("memory")).replaceAll(" ", ""), /ba7816bf/i);
      },
    ],
    [
      /the module was loaded just now/,
      async (read) => assert.match(await textOf(read.page.locator("evm-toolbar")), /cryptography loaded/),
    ],
  ],
  proxy: [
    [
      /In transaction 1, at SSTORE: under which address does the slot appear/,
      async (read) => {
        await read.transaction(1);
        await read.to("SSTORE");
        await read.press("Step");
        assert.match(await read.pane("storage"), /aa Slot Before Now Access .*0x1 0x0 0x2a/);
      },
    ],
    [
      /Compare the outputs of transactions 2 and 3 in call data, at their ends/,
      async (read) => {
        const ends = [];
        for (const number of [2, 3]) {
          await read.transaction(number);
          await read.press("End");
          ends.push(/2a\b/.test(await read.pane("data")));
        }
        assert.deepEqual(ends, [true, false]);
      },
    ],
  ],
  create2: [
    [
      /Go into the creation in transaction 1 with “Next call”/,
      async (read) => {
        await read.transaction(1);
        await read.press("Next call");
        assert.match(await read.pane("code"), /CODECOPY|RETURN|MSTORE/);
      },
    ],
  ],
  reentrancy: [
    [
      /withdraw is entered four times, each within the last/,
      async (read) => {
        await read.transaction(1);
        await read.pane("calls");
        assert.equal(await read.page.locator("evm-calls tbody tr", { hasText: "withdraw" }).count(), 4);
      },
    ],
    [
      /In transaction 2 go to the failure mark on the slider: it says nothing to withdraw/,
      async (read) => {
        await read.transaction(2);
        assert.match(await read.pane("calls"), /nothing to withdraw/);
      },
    ],
  ],
  transient: [
    [
      /Watch transient storage while you press “Next call”/,
      async (read) => {
        await read.press("Next call", 2);
        assert.doesNotMatch(await read.pane("storage"), /Every word is zero/);
        await read.press("End");
        assert.match(await read.pane("storage"), /Every word is zero/);
      },
    ],
  ],
  griefing: [
    [
      /the inner call of the second transaction is red, and marked ✕/,
      async (read) => {
        await read.transaction(2);
        assert.match(await read.pane("calls"), /✕/);
        await read.transaction(1);
        assert.doesNotMatch(await read.pane("calls"), /✕/);
      },
    ],
  ],
  delegation: [
    [
      /find 25,000 for each word in Gas, and what comes back/,
      async (read) => {
        await read.transaction(1);
        assert.match(await read.pane("gas"), /Intrinsic \(before any code\) 46,000.*Refunded -12,500/);
      },
    ],
    [
      /says whom it delegates to/,
      async (read) => {
        await read.press("End");
        assert.match(await read.pane("accounts"), /0x[0…]*bb/);
      },
    ],
  ],
  solidity_storage: [
    [
      /need 29 bytes together, so they share slot 0/,
      async (read) => {
        await read.transaction(1);
        await read.press("End");
        const storage = await read.pane("storage");
        for (const says of [/opened\b.*1700000000/, /open\b.*true/, /librarian\b.*0xa11c/i])
          assert.match(storage, says);
      },
    ],
    [
      /Choose transaction 4, and find in storage which two members of the book share a slot/,
      async (read) => {
        await read.transaction(4);
        await read.press("End");
        const storage = await read.pane("storage");
        for (const says of [/books\[1\]\.reader/, /books\[1\]\.due/]) assert.match(storage, says);
      },
    ],
  ],
  solidity_token: [
    [
      /Each time a log tells who gave what to whom/,
      async (read) => {
        await read.transaction(2);
        assert.match(await read.pane("logs"), /Transfer.*25/);
      },
    ],
    [
      /only 40 are left to him.*The failure is shown with their names/,
      async (read) => {
        await read.transaction(5);
        await read.press("To the failure");
        assert.match(await textOf(read.page.locator("evm-toolbar")), /AllowanceTooSmall\(.*allowed: 40.*needed: 50/);
      },
    ],
  ],
  solidity_bank: [
    [
      /in transaction 3 withdraw is entered four times, each within the last/,
      async (read) => {
        await read.transaction(3);
        assert.equal((await read.pane("calls")).match(/withdraw \( \)/g)?.length, 4);
      },
    ],
    [
      /NothingToWithdraw fails the inner call, that fails the sending/,
      async (read) => {
        await read.transaction(4);
        await read.press("To the failure");
        assert.match(await textOf(read.page.locator("evm-toolbar")), /SendingFailed/);
        assert.match(await read.pane("calls"), /NothingToWithdraw/);
      },
    ],
  ],
};

for (const [name, claims] of Object.entries(EVM_CLAIMS)) {
  test(`${name}: what the EVM's lesson points at is there, and what it says is so`, async () => {
    const { page, complaints, close } = await open({ ...around, site: { url: `${around.site.url}evm/` } });
    await page.click(`[data-example=${name}]`);
    await page.locator("evm-toolbar output").waitFor();
    const read = new EvmReader(page);
    const pointers = page.locator("evm-lesson button.link");
    await pointers.first().waitFor();
    const count = await pointers.count();
    for (let at = 0; at < count; at++) {
      await read.pane("lesson");
      const pane = await pointers.nth(at).getAttribute("data-pane");
      await pointers.nth(at).click();
      await page.locator(`evm-${pane}`).waitFor();
    }
    await page.click("[data-preset=learn]");
    const text = (await read.pane("lesson")).replaceAll(/ +([,.:;?])/g, "$1");
    for (const [says, check] of claims) {
      assert.match(text, says);
      await check(read);
    }
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("every EVM lesson has claims that are checked", async () => {
  const { page, close } = await open({ ...around, site: { url: `${around.site.url}evm/` } });
  await page.waitForSelector("evm-gallery [data-example]");
  const names = await page
    .locator("evm-gallery [data-example]")
    .evaluateAll((all) => all.map(({ dataset }) => dataset.example));
  assert.deepEqual(Object.keys(EVM_CLAIMS).sort(), names.sort());
  await close();
});
