// Real, unmodified systems in the terminal: the same wasm as in the page. Many more boot in tests/tests, natively.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { commandLine, glassbox, guestNamed } from "./glassbox.mjs";

/** Skips a test whose guest could not be made here, and says so. */
const needs = (...names) => {
  const missing = names.filter((name) => !guestNamed(name));
  return missing.length > 0 ? { skip: `not made at set-up: ${missing}` } : {};
};

/** Types a text once another is on the screen. */
const type = (after, text) => ["--type", text, "--type-after", after];

/** Runs without a terminal until the screen shows a text; gives the screen. */
async function screenOf(args, text, most = 2_000_000_000) {
  const end = ["--serial", "null", "--until-screen", text, "--max-instructions", String(most), "--screen-text"];
  const { code, out, err } = await glassbox([...args, ...end], { timeout: 280_000 });
  assert.equal(code, 0, `${err}\n${out}`);
  return out;
}

test("SeaBIOS finds no bootable device", () => screenOf(["run"], "No bootable device"));

test("iPXE from its CD comes to its prompt", needs("ipxe"), async () => {
  const args = commandLine(guestNamed("ipxe"));
  await screenOf([...args, "--boot", "d", ...type("Ctrl-B", "\\x02")], "iPXE>");
});

test("SYSLINUX from a FAT floppy comes to its prompt", needs("syslinux"), () =>
  screenOf(commandLine(guestNamed("syslinux")), "boot:"),
);

test("memtest86+ reaches its tests", needs("memtest86+"), () =>
  screenOf([...commandLine(guestNamed("memtest86+")), "--boot", "d"], "Test #"),
);

/** What Linux is asked on its serial console, and the last words of each answer. */
const SHELL = [
  ["GUEST-READY", "uname -a; echo $((6*7))-answer\n"],
  ["42-answer", "cat /proc/cpuinfo /proc/interrupts; echo shown-$?\n"],
  ["shown-0", "seq 1 100000 > /tmp/numbers; sha256sum /tmp/numbers\n"],
];

const numbers = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join("");

async function linuxShell() {
  const dialog = [...SHELL, ["/tmp/numbers\r\n", "poweroff\n"]];
  const { code, out, err } = await glassbox(commandLine(guestNamed("linux")), { dialog, timeout: 290_000 });
  assert.equal(code, 0, `${err}\n${out.slice(-3000)}`);
  assert.match(out, /Linux .* i686/);
  assert.match(out, /GenuineIntel/);
  assert.match(out, /XT-PIC|IO-APIC/);
  assert.ok(out.includes(createHash("sha256").update(numbers).digest("hex")), out.slice(-3000));
}

test("Linux: a shell on the serial port, files, checksums, power off", needs("linux"), linuxShell);
