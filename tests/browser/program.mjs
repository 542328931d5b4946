// A program of a few bytes whose every step is known, stopped at its first instruction in the debugger.
import { eventually, open } from "./browser.mjs";

/**
 * At 7C00: mov ax, 1234; call 7C09; hlt; jmp 7C06; at 7C09: inc ax; mov [7E00], ax; out 80, al; ret.
 */
const PROGRAM = [0xb8, 0x34, 0x12, 0xe8, 0x03, 0x00, 0xf4, 0xeb, 0xfd, 0x40, 0xa3, 0x00, 0x7e, 0xe6, 0x80, 0xc3];

/** Boots the program and stops it at its first instruction, by a stop set in the pane. */
export async function atProgram(around) {
  const opened = await open(around);
  const { page } = opened;
  await page.evaluate((code) => {
    const bytes = new Uint8Array(1474560);
    bytes.set(code);
    bytes.set([0x55, 0xaa], 510);
    return window.glassbox.boot(
      { title: "Program", memoryMb: 4, drives: { fda: { kind: "bytes", name: "p.img", bytes } } },
      { paused: true },
    );
  }, PROGRAM);
  await page.waitForSelector("work-bench [role=tab]");
  await page.click("[data-preset=debug]");
  await showStops(page);
  await setStop(page, { at: "7c00" });
  await page.click("machine-toolbar button[aria-label=Run]");
  await stands(page, 0x7c00);
  return opened;
}

export async function showStops(page) {
  await page.click("work-bench [role=tab][aria-label=Stops]");
  await page.waitForSelector("stops-pane form");
}

export async function setStop(page, { kind = "execute", ...fields }) {
  await page.selectOption("stops-pane select[name=kind]", kind);
  for (const [name, text] of Object.entries(fields)) await page.fill(`stops-pane input[name=${name}]`, text);
  await page.click("stops-pane button[type=submit]");
}

/** Sets a stop, and waits until the list has it: what is filled in before would be cleared with the form. */
export async function addStop(page, stop) {
  const before = await page.locator("stops-pane li").count();
  await setStop(page, stop);
  await page.waitForSelector(`stops-pane li >> nth=${before}`);
}

export const stands = (page, eip) =>
  eventually(
    page,
    `it stands at ${eip.toString(16)}`,
    async (wanted) => window.glassbox.status().state === "paused" && (await window.glassbox.registers()).eip === wanted,
    eip,
    30_000,
  );
