// The command line of `glassbox run`, `record` and `replay`.
import { checkMemory } from "../../src/host/images.mjs";
import { UserError } from "../../src/host/user_error.mjs";

/**
 * Text that is typed at the keyboard once another text was seen.
 * @typedef {{text: string, after: string | null}} Typed
 */

/**
 * What a run is asked to do.
 * @typedef {object} RunOptions
 * @property {number} memoryBytes
 * @property {string | null} bios
 * @property {string | null} vgabios
 * @property {Partial<Record<import('../../src/host/images.mjs').Drive, string>>} drives
 * @property {string} bootOrder
 * @property {string | null} kernel
 * @property {string | null} initrd
 * @property {string} append
 * @property {{address: number, file: string} | null} rom
 * @property {string} serial
 * @property {Typed[]} typed
 * @property {string | null} until
 * @property {string | null} untilScreen
 * @property {number | null} maxInstructions
 * @property {number | null} exitPort
 * @property {{port: number, file: string} | null} capture
 * @property {{host: string, port: number} | null} gdb
 * @property {string | null} record the file that a recording goes to
 * @property {string | null} replay the recording that is made again
 * @property {number | null} to the instruction at which a replay ends
 * @property {string | null} open
 * @property {string | null} save
 * @property {string | null} screenshot
 * @property {boolean} screenText
 * @property {boolean} stateHash
 * @property {boolean} stats
 */

export const HELP = `glassbox: a PC in the terminal

  glassbox run [FLAG...]
  glassbox record FILE [FLAG...]    runs, and at the end (Ctrl-C too) writes what is needed to make the run again:
                                    what was typed and when, not the images
  glassbox replay FILE [--to N] [FLAG...]   makes it again, with the same machine flags
  glassbox compare --help           in what two snapshots differ, where two recordings part
  glassbox evm --help     the Ethereum Virtual Machine

Machine
  --memory MB             RAM, 1 to 2048 (64)
  --bios FILE             system BIOS (SeaBIOS)
  --vgabios FILE          VGA BIOS (SeaBIOS's)
  --rom HEXADDR:FILE      a ROM mapped at an address instead of a BIOS; the CPU starts at FFFFFFF0
  --fda IMG, --fdb IMG    floppies; guest writes stay in memory and are gone at the end
  --hda IMG, --hdb IMG    hard disks: files, or http(s) addresses of servers that answer Range requests
  --cdrom ISO             CD-ROM: file or address
  --boot a|c|d            boot first from floppy, disk or CD-ROM
  --kernel FILE           bzImage or Multiboot ELF to start directly
  --initrd FILE           its initial RAM disk
  --append STRING         its command line

Run
  --open FILE             go on from a snapshot that --save made, with the same machine flags; counts go on from it
  --serial stdio|null|FILE  where COM1 goes (stdio: the terminal; stdin goes to COM1, Ctrl-] leaves)
  --type TEXT             type at the keyboard; \\n is Enter, also \\t \\b \\e \\\\ \\xHH (\\x02 is Ctrl-B)
  --type-after TEXT       ... once this was seen on COM1 or on the text screen (follows its --type; pairs may repeat)
  --until TEXT            end when COM1 showed this
  --until-screen TEXT     end when the text screen shows this
  --max-instructions N    end after N instructions, or N microseconds of guest time for a guest that only waits
  --exit-port HEX         a byte the guest writes to this port ends the run and is the exit code
  --capture-port HEX:FILE bytes the guest writes to this port go to a file

  --gdb HOST:PORT         wait there for gdb ("target remote HOST:PORT") and do as it says; port 0 takes a free one.
                          All its addresses are linear, eip too, in real mode as well; see its "monitor help"

Replay
  --to N                  end at instruction N of the recording; without it at its end, where the state is compared

Result
  --save FILE             a snapshot of the machine at the end
  --screenshot FILE.png   the screen at the end
  --screen-text           the text screen at the end
  --state-hash            the hash of the machine's state at the end
  --stats                 one last line of JSON: instructions, virtual_ns, host_ms, mips, wasm_memory

Exit code: 0 the run met its end, 1 the guest failed (triple fault, or it ended before what was waited for),
2 bad arguments or files. SOURCE_DATE_EPOCH sets the clock the guest finds, in seconds since 1970; without it the clock
shows the host's time, but 2000-01-01 with --state-hash.

Examples
  glassbox run --fda hello.img --serial null --screen-text --max-instructions 50000000
  glassbox run --memory 128 --kernel vmlinuz --initrd initrd.cpio.gz --append console=ttyS0
  glassbox run --cdrom ipxe.iso --boot d --until-screen 'iPXE>' --type 'help\\n' --type-after 'iPXE>' --screenshot a.png
  glassbox run --memory 128 --kernel vmlinuz --initrd initrd.cpio.gz --until login: --save booted.glassbox
  glassbox run --memory 128 --kernel vmlinuz --initrd initrd.cpio.gz --open booted.glassbox
  glassbox run --kernel kernel.elf --gdb 127.0.0.1:1234
  glassbox record typed.rec --fda hello.img --type 'hello\\n' --max-instructions 50000000
  glassbox replay typed.rec --fda hello.img --to 20000000 --state-hash --screen-text
  glassbox run --rom FFFF0000:test.bin --exit-port f4 --max-instructions 1000000 --stats
`;

/**
 * @param {string} text
 * @param {string} flag
 * @param {number} largest
 */
function hexNumber(text, flag, largest) {
  const value = /^(0x)?[0-9a-f]+h?$/i.test(text) ? Number.parseInt(text.replace(/h$/i, ""), 16) : Number.NaN;
  if (!(value <= largest)) {
    throw new UserError(`${flag}: ${text} is not a hexadecimal number up to ${largest.toString(16).toUpperCase()}`);
  }
  return value;
}

/**
 * Splits `HEX:FILE`.
 * @param {string} text
 * @param {string} flag
 * @param {number} largest
 */
function hexAndFile(text, flag, largest) {
  const colon = text.indexOf(":");
  if (colon < 1 || colon === text.length - 1) throw new UserError(`${flag}: give HEX:FILE, not ${text}`);
  return { value: hexNumber(text.slice(0, colon), flag, largest), file: text.slice(colon + 1) };
}

/** @type {Readonly<Record<string, string>>} */
const ESCAPES = { n: "\n", r: "\r", t: "\t", b: "\b", e: "\x1b", "\\": "\\" };

/**
 * Replaces the escapes of `--type`.
 * @param {string} text
 */
export function unescapeText(text) {
  return text.replace(/\\(x[0-9a-fA-F]{2}|[nrtbe\\])/g, (whole, sequence) =>
    sequence.startsWith("x")
      ? String.fromCharCode(Number.parseInt(sequence.slice(1), 16))
      : (ESCAPES[sequence] ?? whole),
  );
}

/** @returns {RunOptions} */
function defaults() {
  return {
    memoryBytes: 64 * 1024 * 1024,
    bios: null,
    vgabios: null,
    drives: {},
    bootOrder: "acd",
    kernel: null,
    initrd: null,
    append: "",
    rom: null,
    serial: "stdio",
    typed: [],
    until: null,
    untilScreen: null,
    maxInstructions: null,
    exitPort: null,
    capture: null,
    gdb: null,
    record: null,
    replay: null,
    to: null,
    open: null,
    save: null,
    screenshot: null,
    screenText: false,
    stateHash: false,
    stats: false,
  };
}

/**
 * Flags that take a value, and what they do with it.
 * @type {Readonly<Record<string, (options: RunOptions, value: string, flag: string) => void>>}
 */
const WITH_VALUE = {
  "--memory": (options, value, flag) => {
    options.memoryBytes = checkMemory(/^\d+$/.test(value) ? Number(value) : Number.NaN, flag);
  },
  "--bios": (options, value) => {
    options.bios = value;
  },
  "--vgabios": (options, value) => {
    options.vgabios = value;
  },
  "--fda": (options, value) => {
    options.drives.fda = value;
  },
  "--fdb": (options, value) => {
    options.drives.fdb = value;
  },
  "--hda": (options, value) => {
    options.drives.hda = value;
  },
  "--hdb": (options, value) => {
    options.drives.hdb = value;
  },
  "--cdrom": (options, value) => {
    options.drives.cdrom = value;
  },
  "--boot": (options, value, flag) => {
    if (!/^[acd]$/.test(value)) throw new UserError(`${flag}: give a (floppy), c (disk) or d (CD-ROM), not ${value}`);
    options.bootOrder = value + "acd".replace(value, "");
  },
  "--kernel": (options, value) => {
    options.kernel = value;
  },
  "--initrd": (options, value) => {
    options.initrd = value;
  },
  "--append": (options, value) => {
    options.append = value;
  },
  "--rom": (options, value, flag) => {
    const { value: address, file } = hexAndFile(value, flag, 0xffffffff);
    options.rom = { address, file };
  },
  "--serial": (options, value) => {
    options.serial = value;
  },
  "--type": (options, value) => {
    options.typed.push({ text: unescapeText(value), after: null });
  },
  "--type-after": (options, value, flag) => {
    const last = options.typed.at(-1);
    if (!last || last.after !== null) throw new UserError(`${flag}: must follow the --type it belongs to`);
    last.after = unescapeText(value);
  },
  "--until": (options, value) => {
    options.until = unescapeText(value);
  },
  "--until-screen": (options, value) => {
    options.untilScreen = unescapeText(value);
  },
  "--max-instructions": (options, value, flag) => {
    const count = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!(Number.isSafeInteger(count) && count > 0)) throw new UserError(`${flag}: give a whole number from 1`);
    options.maxInstructions = count;
  },
  "--exit-port": (options, value, flag) => {
    options.exitPort = hexNumber(value, flag, 0xffff);
  },
  "--capture-port": (options, value, flag) => {
    const { value: port, file } = hexAndFile(value, flag, 0xffff);
    options.capture = { port, file };
  },
  "--gdb": (options, value, flag) => {
    const [, host = "", digits = ""] = /^(.*):(\d{1,5})$/.exec(value) ?? [];
    const port = Number(digits || Number.NaN);
    if (!(port <= 0xffff)) throw new UserError(`${flag}: give HOST:PORT, such as 127.0.0.1:1234, not ${value}`);
    options.gdb = { host: host.replace(/^\[(.*)\]$/, "$1") || "127.0.0.1", port };
  },
  "--to": (options, value, flag) => {
    const count = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(count)) throw new UserError(`${flag}: give a whole number`);
    options.to = count;
  },
  "--open": (options, value) => {
    options.open = value;
  },
  "--save": (options, value) => {
    options.save = value;
  },
  "--screenshot": (options, value) => {
    options.screenshot = value;
  },
};

/**
 * Flags that stand alone.
 * @type {Readonly<Record<string, (options: RunOptions) => void>>}
 */
const ALONE = {
  "--screen-text": (options) => {
    options.screenText = true;
  },
  "--state-hash": (options) => {
    options.stateHash = true;
  },
  "--stats": (options) => {
    options.stats = true;
  },
};

/** A replay is given what was given then, and nothing else. @param {RunOptions} options */
function checkReplay({ typed, until, untilScreen, maxInstructions, gdb, open }) {
  const refused = [
    ["--type", typed.length > 0],
    ["--until", until !== null],
    ["--until-screen", untilScreen !== null],
    ["--max-instructions", maxInstructions !== null],
    ["--gdb", gdb !== null],
    ["--open", open !== null],
  ].find(([, given]) => given);
  if (refused)
    throw new UserError(`${refused[0]}: is nothing for glassbox replay, which makes again what was; try --to`);
}

/** @param {RunOptions} options */
function checkTogether(options) {
  if (options.initrd && !options.kernel) throw new UserError("--initrd: needs --kernel");
  if (options.append && !options.kernel) throw new UserError("--append: needs --kernel");
  if (options.rom && (options.bios || options.kernel)) {
    throw new UserError("--rom: stands instead of a BIOS; leave --bios and --kernel away");
  }
  if (options.to !== null && options.replay === null) throw new UserError("--to: belongs to glassbox replay");
  if (options.record !== null && options.open !== null) {
    throw new UserError("--open: a recording begins at power-on; leave it away, or run instead of record");
  }
  if (options.replay !== null) checkReplay(options);
  if (options.until === "") throw new UserError("--until: give a text");
  if (options.untilScreen === "") throw new UserError("--until-screen: give a text");
}

/**
 * Reads the words after `glassbox`.
 * @param {readonly string[]} words
 * @returns {RunOptions | 'help'}
 */
export function parseArguments(words) {
  if (words.includes("--help") || words.includes("-h")) return "help";
  const [command = "no command", ...rest] = words;
  if (!["run", "record", "replay"].includes(command)) {
    throw new UserError(`${command}: the commands are run, record, replay, compare and evm; try glassbox --help`);
  }
  const options = defaults();
  if (command === "record" || command === "replay") {
    const file = rest.shift();
    if (file === undefined || file.startsWith("--")) throw new UserError(`${command}: name the recording's file first`);
    options[command] = file;
  }
  const seen = new Set();
  for (let at = 0; at < rest.length; at++) {
    const word = /** @type {string} */ (rest[at]);
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    const flag = equals < 0 ? word : word.slice(0, equals);
    if (seen.has(flag) && !flag.startsWith("--type")) throw new UserError(`${flag}: given twice`);
    seen.add(flag);
    const withValue = Object.hasOwn(WITH_VALUE, flag) ? WITH_VALUE[flag] : undefined;
    const alone = Object.hasOwn(ALONE, flag) ? ALONE[flag] : undefined;
    if (withValue) {
      const value = equals < 0 ? rest[++at] : word.slice(equals + 1);
      if (value === undefined) throw new UserError(`${flag}: needs a value`);
      withValue(options, value, flag);
    } else if (alone && equals < 0) alone(options);
    else throw new UserError(`${word}: unknown; glassbox --help lists the flags`);
  }
  checkTogether(options);
  return options;
}
