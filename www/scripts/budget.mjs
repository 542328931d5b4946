// Checks how much JavaScript a page may come to load. Editors and compilers, which are loaded when somebody asks for
// them, do not count, nor does what only a framed page needs; panes do, opened or not.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { WWW } from "./paths.mjs";
import { StepError } from "./steps.mjs";

const LARGEST = 250 * 1024;
/** What is loaded only on demand, by the names of its files. */
export const ON_DEMAND =
  /^(embedded-|links_|moving_|solidity_|soljson|codemirror|(editor|lesson)(_pane)?-|program_files|timeline_|nasm_(language|worker)|example_)/;

/**
 * What belongs to the other addresses of the page: loaded when the reader goes there. The library of saved moments is the
 * gallery's; elsewhere it is loaded when a moment is saved.
 */
const FOREIGN = {
  "": /^(x86_page|evm_evm_page)/,
  x86: /^(evm|gallery|library)_/,
  evm: /^(x86|gallery|library)_/,
};

const DIST = join(WWW, "dist");
const ASSETS = join(DIST, "assets");

/** The scripts that a script names: those it imports, at once or later, and the workers it starts. */
function named(text, files) {
  return files.filter((file) => text.includes(file));
}

/** The scripts that a page may load, by their names. */
export function scriptsOf(html, files, textOf) {
  const found = new Set();
  const waiting = named(html, files);
  while (waiting.length > 0) {
    const file = waiting.pop();
    if (found.has(file) || ON_DEMAND.test(file)) continue;
    found.add(file);
    waiting.push(...named(textOf(file), files));
  }
  return [...found];
}

/** Fails if a page may load too much. Gives the sizes. */
export function checkBudget() {
  // Packing what does not count takes seconds: the Solidity compiler is 9 MB.
  const files = readdirSync(ASSETS).filter((file) => file.endsWith(".js") && !file.startsWith("soljson"));
  const texts = new Map(files.map((file) => [file, readFileSync(join(ASSETS, file), "utf8")]));
  const packed = new Map(files.map((file) => [file, gzipSync(texts.get(file) ?? "", { level: 9 }).length]));
  const report = [];
  for (const [part, foreign] of Object.entries(FOREIGN)) {
    const html = readFileSync(join(DIST, part, "index.html"), "utf8");
    const own = files.filter((file) => !foreign.test(file));
    const scripts = scriptsOf(html, own, (file) => texts.get(file) ?? "");
    const size = scripts.reduce((sum, file) => sum + (packed.get(file) ?? 0), 0);
    if (size > LARGEST) {
      const largest = scripts.sort((one, two) => (packed.get(two) ?? 0) - (packed.get(one) ?? 0)).slice(0, 8);
      const list = largest.map((file) => `  ${packed.get(file)} ${file}`).join("\n");
      throw new StepError(`/${part} may load ${size} bytes of JavaScript (gzipped), ${LARGEST} are allowed:\n${list}`);
    }
    report.push(`/${part} ${Math.round(size / 1024)} KiB`);
  }
  return `${report.join(", ")} of JavaScript, gzipped`;
}
