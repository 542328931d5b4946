import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { literalsOf, wordsIn } from "./word_scanner";

const SRC = resolve(import.meta.dirname, "..");

/** Where no text stands that somebody comes to read: it stands in strings/, or with the examples that it is about. */
const ROOMS = ["ui", "worker", "client", "host", "embed", "protocol"];

/** What is no English for readers, though it has letters. */
const NO_WORDS: readonly (readonly [text: string, why: string])[] = [
  ["return address", "a word of the protocol, not shown"],
  ["code address", "a word of the protocol, not shown"],
  ["phys …", "how a physical address is written"],
  ["(pointer: coarse)", "a media query"],
  ["cm-here cm-changed", "names of classes"],
  ["the workbench is not connected", "a mistake of ours, which nobody should come to read"],
  ["there is no question …", "the same"],
  ["no invitation", "caught, and told in other words"],
  ["no way", "the same"],
  ["the browser makes no connections", "the same"],
  ["a message is too large", "caught: the connection is closed"],
  ["a message is cut off", "the same"],
  ["fullscreen; clipboard-write", "what a frame may do"],
  ["address payable", "a type of Solidity"],
  [" returns (…)", "a signature in Solidity"],
];

/** Files of which nothing is shown. */
const NO_TEXT: readonly (readonly [name: string, why: string])[] = [
  ["ui/editor/look.ts", "CodeMirror's style sheet"],
  ["ui/editor/nasm_words.ts", "words of the assembler's language"],
  ["ui/evm/solidity_words.ts", "words of Solidity; what they mean is told in the strings"],
];

const filesOf = (room: string): readonly string[] =>
  readdirSync(join(SRC, room), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|mjs)$/.test(name) && !/\.test\.ts$|\.d\.ts$/.test(name))
    .map((name) => `${room}/${name}`);

const sources = ROOMS.flatMap(filesOf).filter((name) => !NO_TEXT.some(([silent]) => silent === name));

describe("what page and workers say stands in strings/", () => {
  it.each(sources)("and not in %s", (name) => {
    const allowed = new Set(NO_WORDS.map(([text]) => text));
    const found = wordsIn(readFileSync(join(SRC, name), "utf8"));
    expect(found.filter(({ text }) => !allowed.has(text))).toEqual([]);
  });

  it("each exception is still needed", () => {
    const all = sources.flatMap((name) => wordsIn(readFileSync(join(SRC, name), "utf8")).map(({ text }) => text));
    expect(NO_WORDS.filter(([text]) => !all.includes(text))).toEqual([]);
  });
});

describe("the scanner", () => {
  /** A source in which § stands for the dollar sign of templates. */
  const texts = (source: string) => wordsIn(source.replaceAll("§", "$")).map(({ text }) => text);

  it("finds text between tags, also in templates within templates", () => {
    expect(texts("html`<p>Hello</p>§{on ? html`<b>world</b> ` : nothing}`")).toEqual(["world", "Hello"]);
  });

  it("finds attributes that are read or spoken, and no others", () => {
    expect(texts('html`<a class="big" aria-label="Go there" title="A §{b} thing" href="#content">§{x}</a>`')).toEqual([
      "Go there",
      "A … thing",
    ]);
    expect(texts('html`<menu-button .label=§{"Pick one"}></menu-button>`')).toEqual(["Pick one"]);
  });

  it("finds sentences in strings and templates of the code", () => {
    expect(texts("store.report(`§{file.name}: cannot be read`); f('Nothing here'); g(\"not found\")")).toEqual([
      "…: cannot be read",
      "Nothing here",
      "not found",
    ]);
  });

  it("finds single words where they are thrown", () => {
    expect(texts('throw new UserError("gone"); new Error(\n"off"); new Unkept("full"); g("a page")')).toEqual([
      "gone",
      "off",
      "a page",
    ]);
  });

  it("takes names, classes, selectors and CSS for what they are", () => {
    const source = `import { a } from "./some/module"; // A comment: no text
      const path = svg\`<path d="M3 2.5v11l7-5.5z"/>\`; /* Nor this one */
      root.querySelector("gallery-page, x86-page"); name === "ArrowDown"; const r = /it's "one two"/;
      const STYLE = \`:host { display: block; height: 30rem; }\`;
      html\`<div class="message §{x ? "bad" : ""}" role="group">§{a} / §{b} × 2</div>\``;
    expect(texts(source)).toEqual([]);
  });

  it("tells the line", () => {
    expect(wordsIn("\n\nhtml`\n<p>Hello</p>`")).toEqual([{ line: 3, text: "Hello" }]);
  });

  it("reads what literals say, escapes and all", () => {
    expect(literalsOf("a('it\\'s'); b(`x§{`y`}z`)".replaceAll("§", "$")).map(({ text }) => text)).toEqual([
      "it\\'s",
      "y",
      "x\ufffcz",
    ]);
  });
});
