#!/usr/bin/env node
// Runs one guest in QEMU, our oracle, and prints what it says on COM1. Exit code 0 if it said what its manifest promises.
// usage: node tests/guests/qemu.mjs NAME [--until TEXT] [--type TEXT --type-after TEXT] [--key QCODE]... [--keys-after TEXT]
//          [--screenshot FILE.ppm] [--debug FILE] [--append STRING] [--timeout SECONDS] [--icount]
//   --type        sends TEXT to COM1 once `--type-after` was seen (\n is a newline)
//   --key         presses a key by QEMU's name (a, ret, esc) once `--keys-after` was seen
//   --screenshot  the screen at the end, as a PPM: golden images come from here
//   --icount      virtual time from the instruction count, so that two runs are alike
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const GUESTS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../.cache/guests");
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    until: { type: "string" },
    type: { type: "string" },
    "type-after": { type: "string" },
    key: { type: "string", multiple: true, default: [] },
    "keys-after": { type: "string" },
    screenshot: { type: "string" },
    debug: { type: "string" },
    append: { type: "string" },
    timeout: { type: "string", default: "60" },
    icount: { type: "boolean", default: false },
  },
});

const list = JSON.parse(readFileSync(path.join(GUESTS, "manifest.json"), "utf8"));
const guest = list.find(({ name }) => name === positionals[0]);
if (!guest) {
  console.error(`qemu: which guest? There are: ${list.map(({ name }) => name).join(" ")}`);
  process.exit(2);
}

const work = mkdtempSync(path.join(os.tmpdir(), "glassbox-qemu-"));
const socket = path.join(work, "qmp");

function deviceArguments({ fda, hda, cdrom, kernel, initrd, append }) {
  const file = (name) => path.join(GUESTS, name);
  // Snapshot: what the guest writes is thrown away, the image stays as it was made.
  const drive = (name, where) => ["-drive", `file=${file(name)},format=raw,snapshot=on,${where}`];
  return [
    ...(fda ? [...drive(fda, "if=floppy"), "-boot", "a"] : []),
    ...(hda ? drive(hda, "if=ide,index=0") : []),
    ...(cdrom ? ["-cdrom", file(cdrom), "-boot", "d"] : []),
    ...(kernel ? ["-kernel", file(kernel)] : []),
    ...(initrd ? ["-initrd", file(initrd)] : []),
    ...(kernel && (options.append ?? append) ? ["-append", options.append ?? append] : []),
  ];
}

const qemu = spawn(
  "qemu-system-i386",
  [
    ...["-M", "pc,accel=tcg", "-cpu", "pentium3", "-m", String(guest.memoryMb), "-vga", "std", "-nic", "none"],
    ...["-display", "none", "-serial", "stdio", "-no-reboot", "-qmp", `unix:${socket},server=on,wait=off`],
    ...["-debugcon", `file:${options.debug ?? path.join(work, "debugcon")}`],
    ...["-audiodev", "none,id=quiet", "-machine", "pcspk-audiodev=quiet"],
    ...(options.icount ? ["-icount", "shift=3,align=off,sleep=off"] : []),
    ...deviceArguments(guest.files),
  ],
  { stdio: ["pipe", "pipe", "inherit"] },
);

/** Sends commands to QEMU's monitor, each after the answer to the one before. */
function monitor(commands) {
  return new Promise((resolve, reject) => {
    const connection = net.connect(socket);
    const queue = [{ execute: "qmp_capabilities" }, ...commands];
    let text = "";
    connection.on("error", reject).on("data", (data) => {
      text += data;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        const message = JSON.parse(text.slice(0, end));
        text = text.slice(end + 1);
        if (message.error) return reject(new Error(message.error.desc));
        if (message.event) continue;
        if (queue.length === 0) return resolve(connection.end());
        connection.write(`${JSON.stringify(queue.shift())}\n`);
      }
    });
  });
}

const press = (qcode) => ({ execute: "send-key", arguments: { keys: [{ type: "qcode", data: qcode }] } });

let said = "";
let typed = options.type === undefined;
let pressed = options.key.length === 0;
const until = options.until ?? guest.until?.serial;

async function finish(code, note) {
  clearTimeout(timer);
  if (qemu.exitCode === null) {
    const filename = options.screenshot && path.resolve(options.screenshot);
    await monitor(filename ? [{ execute: "screendump", arguments: { filename } }] : []).catch(console.error);
    // Not by SIGTERM, of which QEMU would tell.
    qemu.kill("SIGKILL");
  }
  rmSync(work, { recursive: true, force: true });
  if (note) console.error(`qemu: ${guest.name}: ${note}`);
  process.exit(code);
}

// A guest that says nothing on COM1 (GRUB, iPXE) is only there for its screen.
const timer = setTimeout(
  () => finish(until ? 1 : 0, until ? `no "${until}" after ${options.timeout} s` : ""),
  Number(options.timeout) * 1000,
);

qemu.stdout.on("data", (data) => {
  process.stdout.write(data);
  said += data.toString("latin1");
  if (!typed && said.includes(options["type-after"] ?? "")) {
    typed = true;
    said = "";
    qemu.stdin.write(options.type.replaceAll("\\n", "\n"));
  } else if (!pressed && said.includes(options["keys-after"] ?? "")) {
    pressed = true;
    monitor(options.key.map(press)).catch((error) => finish(1, error.message));
  } else if (typed && until && said.includes(until)) finish(0, "");
});
qemu.on("exit", (code) => {
  if (until && !said.includes(until)) finish(1, `QEMU ended (${code}) before "${until}"`);
});
