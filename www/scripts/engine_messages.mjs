// Finds what the engines say: the English in the Rust sources of the modules that the page loads. It crosses to the page as
// text; src/strings/engines lists it for who translates, and a test compares the lists with the sources.
//
//     node www/scripts/engine_messages.mjs      # writes the lists anew
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT, WWW } from "./paths.mjs";

/**
 * One list for each: its file and name, the folders whose sources it lists, what of them is not in the page.
 * @typedef {{ file: string, name: string, about: string, folders: string[], without?: string[] }} Catalogue
 */

/** @type {readonly Catalogue[]} */
export const CATALOGUES = [
  {
    file: "pc.ts",
    name: "PC_ENGINE",
    about: "What the PC says: refused files, stops, conditions that cannot be read.",
    folders: ["emu-core/src", "web/src"],
    without: ["emu-core/src/inspect", "emu-core/src/devices"],
  },
  {
    file: "pc_panes.ts",
    name: "PC_PANES",
    about: "What the panes show of a PC: registers, tables, translation, faults, symbols.",
    folders: ["emu-core/src/inspect"],
    without: ["emu-core/src/inspect/manual"],
  },
  {
    file: "pc_manual.ts",
    name: "PC_MANUAL",
    about: "What each instruction does, in a line.",
    folders: ["emu-core/src/inspect/manual"],
  },
  {
    file: "pc_devices.ts",
    name: "PC_DEVICES",
    about: "What the panes show of a PC's devices.",
    folders: ["emu-core/src/devices"],
  },
  {
    file: "nasm.ts",
    name: "NASM_ENGINE",
    about: "What the assembler of the PC's programs says.",
    folders: ["emu-core/nasm/src", "web/nasm/src"],
  },
  {
    file: "evm.ts",
    name: "EVM_ENGINE",
    about: "What the EVM and its assembler say.",
    folders: ["evm-core/src", "evm-core/precompiles/src", "web/evm/src", "web/evm-asm/src", "web/precompiles/src"],
  },
];

/**
 * Sources without texts for readers of the page.
 * @type {readonly (readonly [place: string, why: string])[]}
 */
export const LEFT_OUT = [
  ["emu-core/src/x86/decode", "rows of the manual's opcode tables"],
  ["emu-core/src/x86/interp", "docstrings that macros take"],
  ["emu-core/src/machine/boot/rom_code.rs", "a program"],
  ["emu-core/nasm/src/table", "rows of the instruction table"],
  ["evm-core/src/suite", "in the terminal's module alone"],
  ["evm-core/src/t8n", "in the terminal's module alone"],
  ["evm-core/src/run", "in the terminal's module alone"],
  ["web/evm-tools/src", "the terminal's module"],
  ["evm-core/peer/src", "tests and measures"],
  ["tests/src", "tests"],
];

/** @typedef {{ kind: "text" | "word" | "mark", text: string }} Token */

const ESCAPES = /** @type {Readonly<Record<string, string>>} */ ({ n: "\n", t: "\t", r: "\r", 0: "\0" });

/**
 * What a literal stands for.
 * @param {string} inner what is between its quotes
 */
function unescaped(inner) {
  return inner.replace(/\\(?:\n\s*|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F_]+)\}|([\s\S]))/g, (_, byte, point, char) =>
    byte || point
      ? String.fromCodePoint(Number.parseInt((byte ?? point).replaceAll("_", ""), 16))
      : (ESCAPES[char] ?? char ?? ""),
  );
}

/** Comments, literals, words and single characters; each begins where the one before ended. */
const TOKENS =
  /\s+|\/\/[^\n]*|b?r(#*)"([\s\S]*?)"\1|(b?)"((?:\\[\s\S]|[^"\\])*)"|b?'(?:\\(?:x..|u\{[^}]*\}|.)|[^\\'])'|'\w+|(?:r#)?[A-Za-z_]\w*|[\s\S]/uy;

/**
 * The tokens of a Rust source, without comments, byte strings, characters and lifetimes.
 * @param {string} source
 * @returns {Token[]}
 */
function tokensOf(source) {
  /** @type {Token[]} */
  const found = [];
  let at = 0;
  while (at < source.length) {
    if (source.startsWith("/*", at)) {
      at = endOfComment(source, at);
      continue;
    }
    TOKENS.lastIndex = at;
    const match = /** @type {RegExpExecArray} */ (TOKENS.exec(source));
    at = TOKENS.lastIndex;
    const [whole, , raw, bytes, inner] = match;
    if (/^\s|^\/\/|^b?'|^b/.test(whole) && !/^b\w*$/.test(whole)) continue;
    if (raw !== undefined) found.push({ kind: "text", text: raw });
    else if (inner !== undefined && !bytes) found.push({ kind: "text", text: unescaped(inner) });
    else found.push({ kind: /^\w/.test(whole) ? "word" : "mark", text: whole });
  }
  return found;
}

/**
 * Comments may hold comments.
 * @param {string} source
 * @param {number} begin
 */
function endOfComment(source, begin) {
  let depth = 0;
  let at = begin;
  do {
    const [opens, closes] = [source.startsWith("/*", at), source.startsWith("*/", at)];
    if (opens) depth++;
    if (closes) depth--;
    at += opens || closes ? 2 : 1;
  } while (depth > 0 && at < source.length);
  return at;
}

const CLOSES = /** @type {Readonly<Record<string, string>>} */ ({ "(": ")", "[": "]", "{": "}" });

/**
 * The place after the bracket that closes the one at `at`.
 * @param {readonly Token[]} tokens
 * @param {number} at
 */
function afterBracket(tokens, at) {
  let depth = 0;
  for (let place = at; place < tokens.length; place++) {
    const { kind, text } = /** @type {Token} */ (tokens[place]);
    if (kind !== "mark") continue;
    if (text in CLOSES) depth++;
    else if (Object.values(CLOSES).includes(text) && --depth === 0) return place + 1;
  }
  return tokens.length;
}

/**
 * The place after an item: its body in braces, or the semicolon where it has none.
 * @param {readonly Token[]} tokens
 * @param {number} at
 */
function afterItem(tokens, at) {
  for (let place = at; place < tokens.length; ) {
    const { kind, text } = /** @type {Token} */ (tokens[place]);
    if (kind === "mark" && text === ";") return place + 1;
    if (kind === "mark" && text === "{") return afterBracket(tokens, place);
    place = kind === "mark" && text in CLOSES ? afterBracket(tokens, place) : place + 1;
  }
  return tokens.length;
}

/** What these say, nobody reads but who mends the program. */
const MISTAKES = /^(panic|unreachable|todo|unimplemented|(debug_)?assert(_eq|_ne)?)$/;

/**
 * The literals that are said to somebody, and the modules that are only for tests.
 * @param {string} source
 */
export function literalsOf(source) {
  const tokens = tokensOf(source);
  const textAt = (/** @type {number} */ place) => tokens[place]?.text;
  /** @type {string[]} */
  const literals = [];
  /** @type {string[]} */
  const testModules = [];
  for (let at = 0; at < tokens.length; ) {
    const { kind, text } = /** @type {Token} */ (tokens[at]);
    if (kind === "text") {
      literals.push(text);
      at++;
    } else if (kind === "mark" && text === "#" && (textAt(at + 1) === "[" || textAt(at + 2) === "[")) {
      const end = afterBracket(tokens, at + 1);
      const words = tokens.slice(at, end).map((token) => token.text);
      at = end;
      if (!/^#\[(cfg\(test\)|test)\]$/.test(words.join(""))) continue;
      while (textAt(at) === "#") at = afterBracket(tokens, at + 1);
      const item = afterItem(tokens, at);
      const name = tokens.slice(at, item).findIndex((token) => token.text === "mod") + 1;
      if (name > 0 && textAt(item - 1) === ";") testModules.push(textAt(at + name) ?? "");
      at = item;
    } else if (kind === "word" && MISTAKES.test(text) && textAt(at + 1) === "!") at = afterBracket(tokens, at + 2);
    else if (kind === "word" && text === "expect" && textAt(at - 1) === ".") at = afterBracket(tokens, at + 1);
    else at++;
  }
  return { literals, testModules };
}

/** Where a value is put in. */
const VALUE = /\{[^{}]*\}/g;
/** Two words, or a word beside a value, with a space between. */
const SENTENCE = /\p{L}[,.:;)!?]? [\p{L}\d\ufffc(“"]|\ufffc[:,]? \p{L}{2,}/u;

/** The macros that the EVM's assembler knows are written in its language. */
const PROGRAM = /^(PUSH\d*|CALLVALUE) /;

/**
 * Whether somebody reads it as a text. Names of registers, bits and fields are what the manuals call them in any language.
 * @param {string} literal
 */
export const isText = (literal) =>
  !PROGRAM.test(literal) && SENTENCE.test(literal.replaceAll("{{", "(").replaceAll(VALUE, "\ufffc"));

/**
 * The Rust files of a folder, by their paths in the repository.
 * @param {string} folder
 */
export function rustFiles(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rs"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .sort();
}

/**
 * Files and folders of a module that is declared in a file.
 * @param {string} file
 * @param {string} name
 */
function placesOf(file, name) {
  const own = /\/(mod|lib|main)\.rs$/.test(file) ? dirname(file) : file.replace(/\.rs$/, "");
  return [`${own}/${name}.rs`, `${own}/${name}/`];
}

/**
 * Whether a file is one of these, or lies in one of these folders.
 * @param {string} file
 * @param {readonly string[]} places
 */
export const isIn = (file, places) => places.some((place) => `${file}/`.startsWith(`${place}/`));

/**
 * The sources whose texts a catalogue holds.
 * @param {Catalogue} catalogue
 */
export function sourcesOf({ folders, without = [] }) {
  const others = [...without, ...LEFT_OUT.map(([place]) => place)];
  return folders.flatMap(rustFiles).filter((file) => !isIn(file, others));
}

/**
 * What a catalogue has to hold: texts by the files in which they stand, in their order, each once a file.
 * @param {Catalogue} catalogue
 * @returns {Record<string, string[]>}
 */
export function textsOf(catalogue) {
  const read = sourcesOf(catalogue).map((file) => ({ file, ...literalsOf(readFileSync(join(ROOT, file), "utf8")) }));
  const forTests = read.flatMap(({ file, testModules }) => testModules.flatMap((name) => placesOf(file, name)));
  const told = read
    .filter(({ file }) => !forTests.some((place) => file.startsWith(place)))
    .map(({ file, literals }) => /** @type {const} */ ([file, [...new Set(literals.filter(isText))]]));
  return Object.fromEntries(told.filter(([, texts]) => texts.length > 0));
}

/** @param {Catalogue} catalogue */
function moduleOf(catalogue) {
  const body = JSON.stringify(textsOf(catalogue), null, 2);
  return `// Made by scripts/engine_messages.mjs of the Rust sources.\n\n/** ${catalogue.about} */\nexport const ${catalogue.name} = ${body} as const;\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  mkdirSync(join(WWW, "src/strings/engines"), { recursive: true });
  for (const catalogue of CATALOGUES) {
    const path = join(WWW, "src/strings/engines", catalogue.file);
    writeFileSync(path, moduleOf(catalogue));
    console.log(relative(ROOT, path));
  }
}
