import type { StreamParser, StringStream } from "@codemirror/language";
import { DIRECTIVES, QUALIFIERS, REGISTERS } from "./nasm_words";

/** Where in a statement the next word stands. */
interface Place {
  /** Nothing but labels and prefixes so far: a word is a label or an instruction. */
  begin: boolean;
}

const NUMBER =
  /^(?:0[xh][\da-f_]+|0[by][01_]+|0[oq][0-7_]+|0[dt][\d_]+|\$\d[\da-f_]*|\d[\d_]*\.[\d_]*(?:e[+-]?\d+)?|\d[\d_]*e[+-]?\d+|\d[\da-f_]*h|[01][01_]*[by]|[0-7][0-7_]*[oq]|\d[\d_]*[dt]?)(?![\w.])/i;
const WORD = /^[$]?[A-Za-z_.?@][\w.$#@~?]*/;
/** A name that is defined without a colon. */
const DEFINES = /^\s+(?:equ|db|dw|dd|dq|dt|res[bwdqt]|times)\b/i;
const PREFIX = /^(?:rep(?:n?[ez])?|lock|a16|a32|o16|o32|[c-gs]s)$/;

const registers = new Set(REGISTERS);
const directives = new Set(DIRECTIVES);
const qualifiers = new Set(QUALIFIERS);

function word(stream: StringStream, place: Place, text: string): string {
  const lower = text.toLowerCase();
  const began = place.begin;
  if (began && stream.match(":")) return "labelName";
  if (began && stream.match(DEFINES, false) && !directives.has(lower)) return "labelName";
  if (began && PREFIX.test(lower)) return "modifier";
  place.begin = lower === "times" ? place.begin : false;
  if (directives.has(lower)) return "definitionKeyword";
  if (registers.has(lower)) return "atom";
  if (qualifiers.has(lower)) return "modifier";
  return began ? "keyword" : "variableName";
}

function token(stream: StringStream, place: Place): string | null {
  if (stream.sol()) place.begin = true;
  if (stream.eatSpace()) return null;
  if (stream.match(/^;.*/)) return "comment";
  if (stream.match(/^(?:"[^"]*"?|'[^']*'?|`(?:\\.|[^`\\])*`?)/)) return "string";
  // A label of a macro's own.
  if (place.begin && stream.match(/^%%[\w.]+:/)) return "labelName";
  if (stream.match(/^%(?:[a-z]\w*|[%$]?[\w.$]+|\{[^}]*\})/i)) {
    place.begin = false;
    return "processingInstruction";
  }
  if (stream.match(NUMBER)) return "number";
  const found = stream.match(WORD);
  if (Array.isArray(found)) return word(stream, place, found[0]);
  if (stream.match(/^\${1,2}/)) return "atom";
  const char = stream.next();
  return char && /[-+*/%&|^~<>=!?]/.test(char) ? "operator" : "punctuation";
}

/** NASM's language as far as colours need it. */
export const nasmMode: StreamParser<Place> = {
  name: "nasm",
  startState: () => ({ begin: true }),
  token,
  languageData: { commentTokens: { line: ";" } },
};
