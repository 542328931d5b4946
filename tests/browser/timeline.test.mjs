// Going back and forth in a machine's time, by the timeline under its panes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, open, screenShows, siteAndBrowser } from "./browser.mjs";
import { atProgram, stands } from "./program.mjs";

const around = siteAndBrowser();

const hash = (page) => page.evaluate(() => window.glassbox.stateHash());
const instruction = (page) => page.evaluate(() => window.glassbox.status().instructions);
const track = (page) => page.getByRole("slider", { name: /^Time\./ });

/** Waits until the machine rests at an instruction. */
const restsAt = (page, wanted) =>
  eventually(
    page,
    `it rests at instruction ${wanted}`,
    (at) => window.glassbox.status().state === "paused" && window.glassbox.status().instructions === at,
    wanted,
    20_000,
  );

/** Writes into the field that goes to an instruction or a time. */
async function goTo(page, text) {
  await page.fill("machine-timeline input.go", String(text));
  await page.keyboard.press("Enter");
}

test("timeline: walked by keys and by numbers, every point is as it was then; who wrote last", async () => {
  const { page, complaints, close } = await atProgram(around);
  const begin = await instruction(page);
  const hashes = [await hash(page)];
  for (let step = 1; step <= 4; step++) {
    await page.keyboard.press("F11");
    await restsAt(page, begin + step);
    hashes.push(await hash(page));
  }
  await track(page).focus();
  for (const step of [3, 2, 1]) {
    await page.keyboard.press("ArrowLeft");
    await restsAt(page, begin + step);
    assert.equal(await hash(page), hashes[step]);
  }
  await page.waitForSelector("page-header .past");
  await page.keyboard.press("ArrowRight");
  await restsAt(page, begin + 2);
  assert.equal(await hash(page), hashes[2]);
  await page.keyboard.press("Home");
  await restsAt(page, 0);
  await goTo(page, begin + 1);
  await restsAt(page, begin + 1);
  assert.equal(await hash(page), hashes[1]);
  await goTo(page, "+3");
  await restsAt(page, begin + 4);
  assert.equal(await hash(page), hashes[4]);
  await page.waitForSelector("page-header .past", { state: "detached" });
  // The program: inc ax at 7C09, mov [7E00], ax at 7C0A, out 80, al at 7C0D, ret; then it sleeps at 7C06.
  await goTo(page, "soon");
  await page.waitForSelector("machine-timeline [role=alert]");
  await page.keyboard.press("F5");
  await eventually(
    page,
    "the program sleeps",
    async () => (await window.glassbox.registers()).halted,
    undefined,
    20_000,
  );
  await page.keyboard.press("F5");
  await page.click("work-bench [role=tab][aria-label=Memory]");
  await page.fill("memory-pane address-field input", "7e01");
  await page.keyboard.press("Enter");
  await page.click("memory-pane button:text('Last write')");
  await stands(page, 0x7c0d);
  await page.selectOption("registers-pane select >> nth=1", "EAX");
  await stands(page, 0x7c0a);
  assert.deepEqual(complaints, []);
  await close();
});

test("timeline: a change in the past begins another future, and the old one can be had again", async () => {
  const { page, complaints, close } = await open({ ...around, site: { url: `${around.site.url}x86/` } });
  await page.evaluate(() => window.glassbox.boot("hello"));
  await screenShows(page, "Hello, world!");
  await page.waitForTimeout(300);
  await page.evaluate(() => window.glassbox.pause());
  const [end, then] = [await instruction(page), await hash(page)];
  await page.locator("machine-timeline .instruction", { hasText: end.toLocaleString("en") }).waitFor();
  // A sleeping CPU executes nothing: only the time says where it stands.
  const time = Math.round(1e6 * (await track(page).getAttribute("aria-valuenow")));
  const serial = await page.evaluate(() => window.glassbox.serialText());
  assert.match(serial, /hello: ok/);
  // Dragged to a third of the time: the machine follows, and rests where the mouse was left.
  const box = await track(page).boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.8, y);
  await page.mouse.down();
  for (let part = 0.8; part > 0.3; part -= 0.05) await page.mouse.move(box.x + box.width * part, y);
  await page.mouse.up();
  await page.waitForSelector("time-hint canvas");
  await eventually(page, "it is in the past", () => window.glassbox.status().past);
  const from = await instruction(page);
  assert.ok(from > 0 && from < end, String(from));
  // Done again, the serial port says nothing twice.
  await page.evaluate(() => window.glassbox.run());
  await eventually(
    page,
    "it came to the present",
    () => !window.glassbox.status().past && window.glassbox.status().state === "running",
  );
  await page.evaluate(() => window.glassbox.pause());
  assert.equal(await page.evaluate(() => window.glassbox.serialText()), serial);
  await goTo(page, `${time} ns`);
  await restsAt(page, end);
  assert.equal(await hash(page), then);
  await goTo(page, from);
  await restsAt(page, from);
  await page.evaluate(() => window.glassbox.sendSerial("x"));
  const branch = page.locator("timeline-branches li");
  await branch.waitFor();
  await page.evaluate(() => window.glassbox.step(10));
  await restsAt(page, from + 10);
  await branch.getByRole("button", { name: "Switch to it" }).click();
  await restsAt(page, from);
  await goTo(page, `${time} ns`);
  await restsAt(page, end);
  assert.equal(await hash(page), then);
  await branch.getByRole("button", { name: "Throw away…" }).click();
  await branch.getByRole("button", { name: "Throw it away" }).click();
  await branch.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await close();
});
