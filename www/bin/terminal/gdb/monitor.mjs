// What `monitor WORDS` does in gdb.

/** @typedef {import('../../../src/wasm/x86/x86.js').Pc} Pc */

const hex = (/** @type {number} */ value, digits = 8) => value.toString(16).padStart(digits, "0");

/** @param {Pc} pc */
function registers(pc) {
  const r = pc.registers();
  const general = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip", "eflags"];
  const lines = [general.map((name) => `${name}=${hex(r[name])}`).join(" ")];
  for (const s of r.segments) {
    lines.push(
      `${s.name.padEnd(4)} ${hex(s.selector, 4)} base ${hex(s.base)} limit ${hex(s.limit)} attr ${hex(s.attributes, 4)}`,
    );
  }
  const control = [0, 2, 3, 4].map((n, at) => `cr${n}=${hex(r.cr[at])}`).join(" ");
  lines.push(`gdtr ${hex(r.gdtr[0])}/${hex(r.gdtr[1], 4)} idtr ${hex(r.idtr[0])}/${hex(r.idtr[1], 4)}`);
  lines.push(`${control} cpl=${r.cpl} ${r.mode}${r.halted ? ", halted" : ""}`);
  return lines.join("\n");
}

/** @param {Pc} pc */
function info(pc) {
  const { mode, halted, linear_ip: linear } = pc.registers();
  const seconds = (Number(pc.time) / 1e9).toFixed(6);
  return `instruction ${pc.instructions}, ${seconds} s of virtual time, ${mode}${halted ? ", halted" : ""}, at ${hex(linear)}`;
}

/** @param {Pc} pc */
function stops(pc) {
  const list = pc.stops();
  if (list.length === 0) return "no stops";
  return list
    .map((/** @type {any} */ s) => `${s.kind} ${s.at}${s.length > 1 ? ` (${s.length} bytes)` : ""}: ${s.hits} hits`)
    .join("\n");
}

/** @param {Pc} pc */
function screen(pc) {
  const text = pc.textScreen();
  if (text === null) return "(graphics mode)";
  const rows = text.rows.map((/** @type {string} */ row) => row.trimEnd());
  while (rows.length > 1 && rows.at(-1) === "") rows.pop();
  return rows.join("\n");
}

/**
 * Commands: what they are for, and what they do. They give what gdb prints.
 * @type {Record<string, {help: string, run: (pc: Pc, words: string[]) => string}>}
 */
const COMMANDS = {
  help: { help: "this list", run: () => help() },
  info: { help: "where the machine is: instructions, virtual time, mode", run: info },
  regs: { help: "all registers with segments as the CPU holds them", run: registers },
  stops: { help: "breakpoints and watchpoints with their hits", run: stops },
  screen: { help: "the text screen", run: screen },
  eval: {
    help: "EXPRESSION: its value, e.g. eval dword[ds:esi] + 4",
    run: (pc, words) => {
      const { value, message, column } = pc.evaluate(words.join(" "));
      return message ? `${message} (column ${column + 1})` : `${value} = 0x${hex(value >>> 0, 1)}`;
    },
  },
  hash: { help: "the hash of the machine's state", run: (pc) => pc.stateHash() },
  reset: {
    help: "press the reset button; RAM and stops stay",
    run: (pc) => {
      pc.reset();
      return "reset; gdb's registers are stale until you say: maintenance flush register-cache";
    },
  },
};

function help() {
  const lines = Object.entries(COMMANDS).map(([name, { help }]) => `monitor ${name.padEnd(7)} ${help}`);
  return [
    ...lines,
    "Addresses, eip among them, are linear: the segment's base is in them, in real mode too.",
    "In real mode say: set architecture i8086. Segment bases are the registers cs_base, ds_base and so on.",
    "A step runs interrupts that come meanwhile up to their return.",
  ].join("\n");
}

/**
 * Does one command; gives what gdb prints.
 * @param {Pc} pc
 * @param {string} line
 */
export function monitor(pc, line) {
  const [name = "", ...words] = line.trim().split(/\s+/);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return name === "" ? help() : `${name} is no command; monitor help lists them`;
  return command.run(pc, words);
}
