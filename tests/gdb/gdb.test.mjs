// The real gdb against a kernel with symbols in our machine.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";

const ROOT = resolve(import.meta.dirname, "../..");
const BIN = join(ROOT, "www/bin/glassbox.mjs");
const WORK = mkdtempSync(join(tmpdir(), "glassbox-gdb-"));
const KERNEL = join(WORK, "kernel.elf");
const LONGEST_MS = 60_000;
const HELLO = join(ROOT, ".cache/guests/own/hello.img");
/** What gdb says at the beginning of the past; its words changed with version 16. */
const BEGINNING = /No more reverse-execution history|Reached end of recorded history/;

before(() => {
  const code = ["-m32", "-O0", "-g", "-ffreestanding", "-fno-pic", "-fno-pie", "-fno-stack-protector", "-mno-sse"];
  const link = ["-nostdlib", "-static", "-no-pie", "-Wl,-Ttext=0x100000,--build-id=none,-z,noexecstack,-N"];
  execFileSync("gcc", [...code, ...link, join(import.meta.dirname, "kernel.c"), "-o", KERNEL]);
});

after(() => rmSync(WORK, { recursive: true, force: true }));

/** Starts the machine; gives its process and where it listens. */
function machine(args = ["--kernel", KERNEL], serial = "null") {
  const child = spawn(process.execPath, [BIN, "run", ...args, "--serial", serial, "--gdb", "127.0.0.1:0"]);
  let said = "";
  return new Promise((done, fail) => {
    child.on("error", fail);
    const ended = new Promise((end) => {
      child.on("close", (code) => end({ code, said }));
    });
    child.stderr.on("data", (data) => {
      said += data;
      const at = /waiting for gdb at (\S+)/.exec(said)?.[1];
      if (at) done({ child, at, ended });
    });
    child.on("close", () => fail(new Error(said)));
  });
}

/** Runs gdb with commands, one after the other; `{signal}` among them interrupts the one before. */
function gdb(at, commands, file = KERNEL) {
  // One pipe for what it prints and what it complains of: two come in any order.
  const child = spawn("sh", ["-c", 'exec gdb -nx -q "$@" 2>&1', "gdb", ...(file ? [file] : [])], {
    timeout: LONGEST_MS,
  });
  let out = "";
  const collect = (data) => {
    out += data;
  };
  child.stdout.on("data", collect);
  const settings = ["set confirm off", "set pagination off", "set width 0", "set debuginfod enabled off"];
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", () => done(out));
    (async () => {
      for (const command of [...settings, `target remote ${at}`, ...commands]) {
        if (typeof command === "string") child.stdin.write(`${command}\n`);
        else {
          await new Promise((wait) => setTimeout(wait, command.after));
          child.kill("SIGINT");
        }
      }
      child.stdin.end("quit\n");
    })();
  });
}

/** A machine for one gdb session. Gives what gdb printed, and how the run ended. */
async function session(commands, { args = undefined, file = KERNEL, serial = undefined } = {}) {
  const { child, at, ended } = await machine(args, serial);
  const guard = setTimeout(() => child.kill("SIGKILL"), LONGEST_MS);
  try {
    const out = await gdb(at, commands, file);
    return { out, ...(await ended) };
  } finally {
    clearTimeout(guard);
    child.kill("SIGKILL");
  }
}

/** Each text is in the output, one behind the other. */
function shows(out, texts) {
  let from = 0;
  for (const text of texts) {
    const rest = out.slice(from);
    const found = typeof text === "string" ? rest.indexOf(text) : rest.search(text);
    assert.ok(found >= 0, `${text} is not in\n${rest}\n--- all\n${out}`);
    from += found;
  }
}

test("breaks by symbol, shows frames, finishes, steps", async () => {
  const { out, code } = await session([
    "break square",
    "continue",
    "print x",
    "backtrace",
    "finish",
    "next",
    "next",
    "print table[1]",
    "continue",
    "print x",
    "stepi",
    "stepi",
    "delete",
    "break spin",
    "continue",
    "print table",
    "kill",
  ]);
  shows(out, [
    /Breakpoint 1 at 0x10/,
    "Breakpoint 1, square (x=1)",
    "$1 = 1",
    /#0 +square \(x=1\)/,
    /#1 .* in sum_of_squares \(n=4\)/,
    /#2 .* in kernel_main \(\)/,
    "Value returned is $2 = 1",
    "$3 = 1",
    "Breakpoint 1, square (x=2)",
    "$4 = 2",
    "Breakpoint 2, spin ()",
    "$5 = {0, 1, 5, 14, 30, 0, 0, 0}",
  ]);
  assert.equal(code, 0);
});

test("watches a variable change, be written, and be read", async () => {
  const { out } = await session([
    "watch table[2]",
    "continue",
    "backtrace 1",
    "delete",
    "awatch counter",
    "continue",
    "continue",
    "delete",
    "set breakpoint always-inserted on",
    "rwatch counter",
    "continue",
    "monitor stops",
    "kill",
  ]);
  shows(out, [
    "Hardware watchpoint 1: table[2]",
    "Old value = 0",
    "New value = 5",
    "sum_of_squares (n=4)",
    "Hardware access (read/write) watchpoint 2: counter",
    "Value = 0",
    "New value = 1",
    "Hardware read watchpoint 3: counter",
    "Value = 1",
    /read [0-9a-f]+ \(4 bytes\): 1 hits/,
  ]);
});

test("reads and writes registers and memory", async () => {
  const { out } = await session([
    "break spin",
    "continue",
    "set variable counter = 41",
    "watch counter",
    "continue",
    "delete",
    "print counter",
    "set $eax = 0x12345678",
    "print/x $ax",
    "print $eflags",
    "print $st0",
    "set $st0 = 2.5",
    "print $st0",
    "set $xmm1.v4_int32 = {1, 2, 3, 4}",
    "print $xmm1.v2_int64",
    "print/x $mxcsr",
    "print/x $cs_base",
    "print/x $cs_limit",
    "print $cpl",
    "print $cr0 & 1",
    "print ratio",
    "print table",
    "set variable table = {8, 7, 6, 5, 4, 3, 2, 1}",
    "x/2dw &table[6]",
    "x/2i $pc",
    "print *(int *)0xf0000000",
    "info registers gdtr_base cr3",
    "kill",
  ]);
  shows(out, [
    "Breakpoint 1, spin ()",
    "$1 = 42",
    "$2 = 0x5678",
    /\$3 = \[.*\]/,
    "$4 = 3.14159265358979",
    "$5 = 2.5",
    "$6 = {8589934593, 17179869187}",
    "$7 = 0x1f80",
    "$8 = 0x0",
    "$9 = 0xffffffff",
    "$10 = 0",
    "$11 = 1",
    "$12 = 7.5",
    "$13 = {0, 1, 5, 14, 30, 0, 0, 0}",
    /<table\+24>:\s+2\s+1/,
    /=> 0x10.*<spin/,
    "Cannot access memory at address 0xf0000000",
    /gdtr_base/,
    /cr3/,
  ]);
});

test("steps and continues backwards", async () => {
  const { out } = await session([
    "break spin",
    "break square",
    "continue",
    "continue",
    "print x",
    "reverse-continue",
    "print x",
    "delete 2",
    "continue",
    "print table",
    "reverse-stepi",
    "stepi",
    "print $pc == &spin || 1",
    "reverse-finish",
    "reverse-step",
    "print ratio",
    "delete",
    "reverse-continue",
    "print/x $cs_base",
    "monitor info",
    "break spin",
    "continue",
    "print table",
    "kill",
  ]);
  shows(out, [
    "Breakpoint 2, square (x=1)",
    "Breakpoint 2, square (x=2)",
    "$1 = 2",
    "Breakpoint 2, square (x=1)",
    "$2 = 1",
    "Breakpoint 1, spin ()",
    "$3 = {0, 1, 5, 14, 30, 0, 0, 0}",
    BEGINNING,
    "instruction 0,",
    "Breakpoint 3, spin ()",
    "{0, 1, 5, 14, 30, 0, 0, 0}",
  ]);
});

test("goes back to who last wrote what is watched", async () => {
  const { out } = await session([
    "break spin",
    "continue",
    "watch table[2]",
    "reverse-continue",
    "print sum",
    "print table[2]",
    "reverse-continue",
    "kill",
  ]);
  shows(out, [
    "Breakpoint 1, spin ()",
    "Hardware watchpoint 2: table[2]",
    "Old value = 5",
    "New value = 0",
    "sum_of_squares (n=4)",
    "$1 = 5",
    "$2 = 0",
    BEGINNING,
  ]);
});

test("undoes writes one by one, also the one just made", async () => {
  const { out } = await session([
    "break spin",
    "continue",
    "watch counter",
    "continue",
    "continue",
    "continue",
    "reverse-continue",
    "reverse-continue",
    "continue",
    "kill",
  ]);
  const changes = [...out.matchAll(/Old value = (\d+)\s+New value = (\d+)/g)].map(([, from, to]) => `${from}>${to}`);
  assert.deepEqual(changes, ["0>1", "1>2", "2>3", "3>2", "2>1", "1>2"]);
});

test("what was sent by a serial port is not sent again in the past", {
  skip: !existsSync(HELLO) && "not made here",
}, async () => {
  const serial = join(WORK, "serial.txt");
  const args = ["--memory", "16", "--fda", HELLO];
  const { out } = await session(
    ["continue", { after: 2500 }, "reverse-continue", "monitor info", "continue", { after: 2500 }, "kill"],
    { args, file: null, serial },
  );
  shows(out, [BEGINNING, "instruction 0,"]);
  assert.equal(readFileSync(serial, "latin1").split("hello: ok").length, 2);
});

test("interrupts a running machine, and answers monitor commands", async () => {
  const { out, code, said } = await session([
    "continue",
    { after: 3000 },
    "backtrace",
    "print counter > 1000",
    "monitor help",
    "monitor info",
    "monitor regs",
    "monitor eval dword[0x100000]",
    "monitor nonsense",
    "continue",
    { after: 1000 },
    "monitor hash",
    "kill",
  ]);
  shows(out, [
    "SIGINT",
    /spin \(\)/,
    /kernel_main/,
    "$1 = 1",
    "monitor regs",
    "linear",
    /instruction \d+, [\d.]+ s of virtual time, protected, at 0010/,
    /eax=[0-9a-f]{8}/,
    /cs +\w{4} base 00000000 limit ffffffff/,
    / = 0x/,
    "nonsense is no command",
    "SIGINT",
    /[0-9a-f]{32}/,
  ]);
  assert.deepEqual([code, /ended by gdb/.test(said)], [0, true]);
});

test("real mode from the reset vector, by linear addresses", async () => {
  const { out } = await session(
    [
      "set architecture i8086",
      "print/x $eip",
      "print/x $cs_base",
      "x/1i $pc",
      "stepi",
      "print/x $eip",
      "break *0x7c00",
      "monitor stops",
      "delete",
      "kill",
    ],
    { args: [], file: null },
  );
  shows(out, ["$1 = 0xfffffff0", "$2 = 0xffff0000", "ljmp", /\$3 = 0xf[0-9a-f]{4}$/m]);
});

test("a machine that gdb leaves runs on", async () => {
  const { at, child } = await machine(["--kernel", KERNEL, "--stats", "--max-instructions", "30000000"]);
  let stats = "";
  child.stdout.on("data", (data) => {
    stats += data;
  });
  const ended = new Promise((end) => {
    child.on("close", end);
  });
  const out = await gdb(at, ["break square", "continue", "detach"]);
  shows(out, ["Breakpoint 1, square (x=1)", "detached"]);
  assert.equal(await ended, 0);
  assert.equal(JSON.parse(stats).instructions, 30_000_000);
});
