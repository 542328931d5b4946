#!/usr/bin/env node
// Runs one guest in QEMU, our oracle, and prints what it says on COM1. Exit code 0 if it said what its manifest promises.
// usage: node tests/guests/qemu.mjs NAME [--until TEXT] [--until-screen TEXT] [--type TEXT --type-after TEXT]
//          [--key QCODE]... [--mouse DX,DY,BUTTONS]... [--keys-after TEXT] [--screen-text] [--screenshot FILE.ppm] [--debug FILE]
//          [--append STRING] [--timeout SECONDS] [--icount]
//   --until       the guest has done what it should when this was seen on COM1, --until-screen on the text screen
//   --type        sends TEXT to COM1 once `--type-after` was seen there (\n is a newline)
//   --key         presses a key by QEMU's name (a, ret, shift-a, esc) once `--keys-after` was seen on COM1 or the screen
//   --mouse       moves the mouse, then has these of its buttons down (1 left, 2 right); after the keys
//   --screen-text prints the text screen at the end
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
    "until-screen": { type: "string" },
    "screen-text": { type: "boolean", default: false },
    type: { type: "string" },
    "type-after": { type: "string" },
    key: { type: "string", multiple: true, default: [] },
    mouse: { type: "string", multiple: true, default: [] },
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

/** Sends commands to QEMU's monitor, each after the answer to the one before; gives their results. */
function monitor(commands) {
  return new Promise((resolve, reject) => {
    const connection = net.connect(socket);
    const queue = [{ execute: "qmp_capabilities" }, ...commands];
    const results = [];
    let text = "";
    connection.on("error", reject).on("data", (data) => {
      text += data;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        const message = JSON.parse(text.slice(0, end));
        text = text.slice(end + 1);
        if (message.error) return reject(new Error(message.error.desc));
        if (message.event) continue;
        if ("return" in message) results.push(message.return);
        if (queue.length === 0) {
          connection.end();
          return resolve(results.slice(1));
        }
        connection.write(`${JSON.stringify(queue.shift())}\n`);
      }
    });
  });
}

function press(name) {
  const keys = name.split("-").map((data) => ({ type: "qcode", data }));
  return { execute: "send-key", arguments: { keys, "hold-time": 20 } };
}

/** QEMU's mouse moves and presses buttons one after the other, too. */
function pushMouse(text) {
  const [dx, dy, buttons] = text.split(",").map(Number);
  return [human(`mouse_move ${dx} ${dy}`), human(`mouse_button ${buttons}`)];
}

const human = (line) => ({ execute: "human-monitor-command", arguments: { "command-line": line } });
const lastNumber = (text) => Number(/(0x[0-9a-f]+)\s*$/.exec(text)[1]);

/** Where the screen begins in the video memory, in cells: Linux scrolls by moving that. The guest must stand still. */
async function screenStart() {
  const [index] = await monitor([human("i /b 0x3d4")]);
  const results = await monitor([
    ...[human("o /b 0x3d4 0xc"), human("i /b 0x3d5"), human("o /b 0x3d4 0xd"), human("i /b 0x3d5")],
    // The guest may be between its own choice of a register and the access.
    human(`o /b 0x3d4 ${lastNumber(index)}`),
  ]);
  return (lastNumber(results[1]) << 8) | lastNumber(results[3]);
}

/** The 25 rows of the text screen, as they lie in the video memory. */
async function textScreen() {
  await monitor([{ execute: "stop" }]);
  const start = 0xb8000 + 2 * ((await screenStart()) & 0x3fff);
  const [dump] = await monitor([human(`xp /2000hx ${start}`), { execute: "cont" }]);
  const cells = [...dump.matchAll(/ 0x([0-9a-f]{4})/g)].map(([, word]) => Number.parseInt(word, 16) & 0xff);
  const rows = [];
  for (let at = 0; at + 80 <= cells.length; at += 80) {
    const row = cells.slice(at, at + 80).map((code) => (code > 31 && code < 127 ? String.fromCharCode(code) : " "));
    rows.push(row.join("").trimEnd());
  }
  return rows.join("\n").trimEnd();
}

let said = "";
let typed = options.type === undefined;
let pressed = options.key.length + options.mouse.length === 0;
let ended = false;
const untilScreen = options["until-screen"] ?? (options.until ? undefined : guest.until?.screen);
const until = options.until ?? (untilScreen ? undefined : guest.until?.serial);

async function finish(code, note) {
  if (ended) return;
  ended = true;
  clearTimeout(timer);
  if (qemu.exitCode === null) {
    if (options["screen-text"]) console.log(await textScreen());
    const filename = options.screenshot && path.resolve(options.screenshot);
    await monitor(filename ? [{ execute: "screendump", arguments: { filename } }] : []).catch(console.error);
    // Not by SIGTERM, of which QEMU would tell.
    qemu.kill("SIGKILL");
  }
  rmSync(work, { recursive: true, force: true });
  if (note) console.error(`qemu: ${guest.name}: ${note}`);
  process.exit(code);
}

const timer = setTimeout(
  () => finish(1, `no "${until ?? untilScreen}" after ${options.timeout} s`),
  Number(options.timeout) * 1000,
);

/** Looks at what there is on COM1 and, if that is asked for, on the screen, and does what waits for it. */
async function look(screen) {
  if (!typed && said.includes(options["type-after"] ?? "")) {
    typed = true;
    said = "";
    qemu.stdin.write(options.type.replaceAll("\\n", "\n"));
  } else if (!pressed && (said + screen).includes(options["keys-after"] ?? "")) {
    pressed = true;
    // One after the other: the keyboard's queue holds 16 bytes.
    for (const commands of [...options.key.map((key) => [press(key)]), ...options.mouse.map(pushMouse)]) {
      await monitor(commands);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  } else if (typed && pressed) {
    if (until && said.includes(until)) finish(0, "");
    if (untilScreen && screen.includes(untilScreen)) finish(0, "");
  }
}

qemu.stdout.on("data", (data) => {
  process.stdout.write(data);
  said += data.toString("latin1");
  look("").catch((error) => finish(1, error.message));
});
async function watchScreen() {
  while (!ended) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (!ended) await look(await textScreen());
  }
}
if (untilScreen || (!pressed && !until)) watchScreen().catch((error) => finish(1, error.message));
qemu.on("exit", (code) => {
  if (!ended) finish(1, `QEMU ended (${code}) before "${until ?? untilScreen}"`);
});
