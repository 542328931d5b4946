// The program of stops.asm, assembled, and the machine that stands in it.
import { readFileSync } from "node:fs";
import { eventually, open } from "./browser.mjs";
import { addStop, showStops, stands } from "./program.mjs";

const NASM = new URL("../../www/src/wasm/nasm/", import.meta.url);

/** Assembles a program with the page's own assembler: its bytes, and its labels' addresses. */
export async function assembled(url) {
  const { initSync, assemble } = await import(new URL("nasm.js", NASM));
  initSync({ module: readFileSync(new URL("nasm_bg.wasm", NASM)) });
  const { code, symbols, errors } = JSON.parse(assemble(readFileSync(url, "utf8"), ""));
  if (errors) throw new Error(JSON.stringify(errors));
  const labels = Object.fromEntries(symbols.map(({ name, value }) => [name, value]));
  return { bytes: [...Buffer.from(code, "hex")], labels };
}

const { bytes, labels } = await assembled(new URL("stops.asm", import.meta.url));

/** The addresses of the program's labels. */
export const AT = labels;

export const hex = (address, digits = 1) => address.toString(16).padStart(digits, "0");

/** Boots the program and stops it at a label, by a stop set in the pane and taken away again. */
export async function atLabel(around, label, options) {
  const opened = await open(around, options);
  const { page } = opened;
  await page.evaluate((code) => {
    const image = new Uint8Array(1474560);
    image.set(code);
    const fda = { kind: "bytes", name: "stops.img", bytes: image };
    return window.glassbox.boot({ title: "Stops", memoryMb: 4, drives: { fda } }, { paused: true });
  }, bytes);
  await page.waitForSelector("work-bench [role=tab]");
  await page.click("[data-preset=debug]");
  await showStops(page);
  await goesTo(page, { at: hex(AT[label]) }, label);
  return opened;
}

/** Sets a stop in the pane, lets the machine run into it, and takes it away: the words of the header. */
export async function goesTo(page, stop, label) {
  const before = await page.locator("stops-pane li").count();
  await addStop(page, stop);
  await page.keyboard.press("F5");
  await stands(page, AT[label] ?? label);
  await eventually(page, "the stop is shown as met", () => window.glassbox.status().stop?.reason === "stopped");
  await page.waitForSelector("stops-pane li.met");
  const words = await page.innerText("page-header .reason");
  await removeLast(page, before);
  return words;
}

/** Takes the last stop away; so many are left. */
export async function removeLast(page, left) {
  await page
    .locator("stops-pane li")
    .last()
    .getByRole("button", { name: /Remove/ })
    .click();
  await page.waitForSelector(`stops-pane li >> nth=${left}`, { state: "detached" });
}
