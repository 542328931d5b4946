// Solidity as far as colours need it. There is a Lezer grammar on npm, not kept up since 2023; for colours these lines do.
import type { StreamParser, StringStream } from "@codemirror/language";
import { GLOBALS, KEYWORDS, LITERALS, MODIFIERS, UNITS } from "./solidity_words";

interface State {
  /** In a comment over several lines. */
  comment: boolean;
  /** The next name is being defined: behind `contract`, `function` and their like. */
  defines: boolean;
  /** Braces and brackets that are open. */
  depth: number;
}

const TYPE =
  /^(?:bool|address|string|bytes(?:[1-9]|[12]\d|3[0-2])?|u?int(?:8|16|24|32|40|48|56|64|72|80|88|96|104|112|120|128|136|144|152|160|168|176|184|192|200|208|216|224|232|240|248|256)?|u?fixed(?:\d+x\d+)?|mapping)$/;
const NUMBER = /^(?:0x[\da-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE]-?\d[\d_]*)?)(?![\w$])/;
const NAME = /^[A-Za-z_$][\w$]*/;
const DEFINES = /^(?:contract|interface|library|function|modifier|event|error|struct|enum|constructor)$/;

const keywords = new Set(KEYWORDS);
const modifiers = new Set(MODIFIERS);
const globals = new Set(GLOBALS.map(({ name }) => name.split(/[.(]/, 1)[0] ?? ""));
const units = new Set(UNITS);
const literals = new Set(LITERALS);

function comment(stream: StringStream, state: State): string {
  state.comment = !stream.match(/^.*?\*\//);
  if (state.comment) stream.skipToEnd();
  return "comment";
}

function word(state: State, text: string): string {
  const defined = state.defines;
  state.defines = DEFINES.test(text);
  if (TYPE.test(text)) return "typeName";
  if (modifiers.has(text)) return "modifier";
  if (keywords.has(text)) return DEFINES.test(text) ? "definitionKeyword" : "keyword";
  if (literals.has(text) || units.has(text)) return "atom";
  if (defined) return "labelName";
  return globals.has(text) ? "variableName.standard" : "variableName";
}

function token(stream: StringStream, state: State): string | null {
  if (state.comment) return comment(stream, state);
  if (stream.eatSpace()) return null;
  if (stream.match(/^\/\/.*/)) return "comment";
  if (stream.match(/^\/\*/)) return comment(stream, state);
  if (stream.match(/^pragma\b[^;]*/)) return "processingInstruction";
  if (stream.match(/^(?:hex|unicode)?(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)/)) return "string";
  if (stream.match(NUMBER)) return "number";
  const found = stream.match(NAME);
  if (Array.isArray(found)) return word(state, found[0]);
  state.defines = false;
  const char = stream.next() ?? "";
  if ("({[".includes(char)) state.depth++;
  if (")}]".includes(char)) state.depth = Math.max(state.depth - 1, 0);
  return /[-+*/%&|^~<>=!?:]/.test(char) ? "operator" : "punctuation";
}

export const solidityMode: StreamParser<State> = {
  name: "solidity",
  startState: () => ({ comment: false, defines: false, depth: 0 }),
  copyState: (state) => ({ ...state }),
  token,
  indent: ({ comment, depth }, after, { unit }) =>
    comment ? null : Math.max(depth - (/^\s*[)\]}]/.test(after) ? 1 : 0), 0) * unit,
  languageData: {
    commentTokens: { line: "//", block: { open: "/*", close: "*/" } },
    closeBrackets: { brackets: ["(", "[", "{", '"'] },
  },
};
