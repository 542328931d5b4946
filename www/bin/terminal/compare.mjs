// `glassbox compare`: in what two moments differ, and where two runs part.
import { UserError } from "../../src/host/user_error.mjs";
import { parseArguments } from "./arguments.mjs";
import { loadEngine } from "./engine.mjs";
import { readWhole } from "./files.mjs";
import { powerOn } from "./machine.mjs";
import { readRecording } from "./replay.mjs";

/** Instructions of each run between two looks at the clock. */
const STEPS = 20_000_000n;
/** Memory for moments of each run. */
const BUDGET = 128 * 1024 * 1024;

export const COMPARE_HELP = `glassbox compare: what two moments do not have in common

  glassbox compare A.glassbox B.glassbox              snapshots that --save made, of equally much memory
  glassbox compare --runs A.rec B.rec [MACHINE FLAG...]   recordings: the first instruction after which they differ, and
                                                      in what; the flags that glassbox record was given, for both

  --json      the list as JSON

Exit code: 0 no difference, 1 differences, 2 bad arguments or files.
`;

/** @typedef {import('./engine.mjs').Engine} Engine */
/** @typedef {InstanceType<Engine['Pc']>} Pc */

/** @param {bigint | number} value */
const hex = (value, digits = 8) => value.toString(16).padStart(digits, "0");
/** @param {readonly number[]} bytes @param {number} length */
const bytesText = (bytes, length) => bytes.map((byte) => hex(byte, 2)).join(" ") + (length > bytes.length ? " …" : "");

/** @param {string} name @param {{first: any[], count: number, bytes: number}} runs */
function memoryLines(name, { first, count, bytes }) {
  if (bytes === 0) return [];
  const lines = first.map(({ at, length, bytes: [a, b] }) => {
    return `  ${hex(at)} ${length} bytes: ${bytesText(a, length)} | ${bytesText(b, length)}`;
  });
  if (count > first.length) lines.push(`  … and ${count - first.length} runs more`);
  return [`${name}: ${bytes} bytes in ${count} runs`, ...lines];
}

/** @param {string} name @param {readonly any[]} changes @param {number} count */
function changeLines(name, changes, count) {
  if (count === 0) return [];
  const lines = changes.map(({ name, values: [a, b] }) => `  ${name}: ${a} | ${b}`);
  if (count > changes.length) lines.push(`  … and ${count - changes.length} more`);
  return [`${name}: ${count}`, ...lines];
}

/** @param {any} screen */
function screenLines(screen) {
  if (screen === null) return [];
  if (screen.kind === "mode") return [`screen: ${screen.modes[0]} | ${screen.modes[1]}`];
  if (screen.kind === "pixels") {
    const [left, top, width, height] = screen.within;
    return [`screen: ${screen.count} pixels, within ${width}x${height} at ${left},${top}`];
  }
  const rows = screen.rows.map((/** @type {any} */ { row, texts: [a, b] }) => `  row ${row}: ${a} | ${b}`);
  return [`screen: ${screen.cells} cells`, ...rows];
}

/**
 * Differences as lines for people.
 * @param {any} d what the engine's `compareMoments` gives
 */
export function differenceLines(d) {
  const position = ["instructions", "times"].filter((key) => d[key][0] !== d[key][1]);
  return [
    ...(d.machine === null ? [] : [`machine: ${d.machine}`]),
    ...position.map((key) => `${key === "times" ? "virtual ns" : key}: ${d[key][0]} | ${d[key][1]}`),
    ...changeLines("registers", d.registers, d.registers.length),
    ...memoryLines("memory", d.memory),
    ...memoryLines("video memory", d.videoMemory),
    ...d.devices.flatMap((/** @type {any} */ { name, first, count }) => changeLines(name, first, count)),
    ...d.disks.map((/** @type {any} */ { drive, first, count }) => {
      return `${drive}: ${count} sectors: ${first.join(", ")}${count > first.length ? ", …" : ""}`;
    }),
    ...screenLines(d.screen),
  ];
}

/** @param {Engine} engine @param {Uint8Array[]} first @param {Uint8Array[]} second */
function compareMoments(engine, first, second) {
  try {
    return engine.compareMoments(first, second);
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}

/** @param {any} value @param {readonly string[]} lines @param {boolean} json */
function print(value, lines, json) {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines.join("\n")}\n`);
}

/** @param {Engine} engine @param {string} a @param {string} b @param {boolean} json */
function moments(engine, a, b, json) {
  const found = compareMoments(engine, [readWhole(a)], [readWhole(b)]);
  const lines = differenceLines(found);
  print(found, lines.length > 0 ? lines : ["no difference"], json);
  return lines.length > 0 ? 1 : 0;
}

/**
 * A machine with a recording as its future.
 * @param {Engine} engine
 * @param {string} file
 * @param {readonly string[]} flags
 */
async function replayed(engine, file, flags) {
  const bytes = readWhole(file);
  const { rtc } = readRecording(engine, bytes, file);
  const { pc, readers } = await powerOn(engine, /** @type {any} */ (parseArguments(["replay", file, ...flags])), rtc);
  if (readers.size > 0) throw new UserError("--runs: takes no images at addresses; download them and name the files");
  try {
    pc.replay(bytes, BUDGET);
  } catch (error) {
    throw new UserError(`${file}: ${error instanceof Error ? error.message : error}`);
  }
  return pc;
}

/** @param {Pc} pc @param {number} instruction */
function saveAt(pc, instruction) {
  while (pc.goTo(BigInt(instruction), STEPS).reason === "outOfBudget");
  return pc.save();
}

/** @param {Engine} engine @param {string} a @param {string} b @param {readonly string[]} flags @param {boolean} json */
async function runs(engine, a, b, flags, json) {
  const [first, second] = [await replayed(engine, a, flags), await replayed(engine, b, flags)];
  const search = new engine.RunParting(first, second);
  let found = search.search(first, second, STEPS);
  while (found.kind === "searching") found = search.search(first, second, STEPS);
  if (found.kind === "nowhere") {
    print(found, [`no difference in the ${found.end} instructions that both have`], json);
    return 0;
  }
  if (found.kind !== "at") throw new UserError("the runs cannot be compared: they do not begin with equal machines");
  const [one, other] = [first, second].map((pc) => saveAt(pc, found.equal + 1));
  const differences = compareMoments(engine, one ? [one] : [], other ? [other] : []);
  const lines = [`equal after ${found.equal} instructions; after one more:`, ...differenceLines(differences)];
  print({ ...found, differences }, lines, json);
  return 1;
}

/**
 * Gives the exit code.
 * @param {readonly string[]} words after `glassbox compare`
 */
export async function compare(words) {
  if (words.includes("--help") || words.includes("-h")) {
    process.stdout.write(COMPARE_HELP);
    return 0;
  }
  const json = words.includes("--json");
  const rest = words.filter((word) => word !== "--json");
  const byRuns = rest[0] === "--runs";
  const [a, b, ...flags] = byRuns ? rest.slice(1) : rest;
  if (!a || !b || a.startsWith("--") || b.startsWith("--") || (!byRuns && flags.length > 0)) {
    throw new UserError("compare: give two snapshots, or --runs and two recordings; try glassbox compare --help");
  }
  const { engine } = await loadEngine();
  return byRuns ? runs(engine, a, b, flags, json) : moments(engine, a, b, json);
}
