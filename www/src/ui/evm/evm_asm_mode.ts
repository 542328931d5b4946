import type { StreamParser, StringStream } from "@codemirror/language";

/** Where in a statement the next word stands: several may share a line. */
interface Place {
  /** Behind a PUSH, a directive or a macro: expressions. */
  readonly operands: boolean;
}

interface State {
  place: Place;
}

const NUMBER = /^(?:0x[\da-f_]+|0b[01_]+|\d[\d_]*)(?!\w)/i;
const NAME = /^[A-Za-z_]\w*/;
const FUNCTIONS = /^(?:len|keccak256|selector|left|codesize)$/;
/** Instructions that something follows. */
const WITH_OPERAND = /^(?:PUSH(?:[1-9]|[12]\d|3[0-2])?|DUPN|SWAPN|EXCHANGE)$/i;
const MNEMONIC = /^[A-Z][A-Z0-9]+$/;

function word(stream: StringStream, state: State, text: string): string {
  if (stream.match(/^:(?!:)/)) return "labelName";
  if (WITH_OPERAND.test(text)) {
    state.place = { operands: true };
    return "keyword";
  }
  if (FUNCTIONS.test(text)) return "modifier";
  // Mnemonics may be written in any case; a name among operands is a label or a constant.
  if (MNEMONIC.test(text) || !state.place.operands) return "keyword";
  return "variableName";
}

function token(stream: StringStream, state: State): string | null {
  if (stream.sol()) state.place = { operands: false };
  if (stream.eatSpace()) return null;
  if (stream.match(/^(?:;|\/\/).*/)) return "comment";
  if (stream.match(/^(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)/)) return "string";
  if (stream.match(/^\.[a-z]\w*/i)) {
    state.place = { operands: true };
    return "definitionKeyword";
  }
  if (stream.match(/^%[A-Za-z_]\w*/)) {
    state.place = { operands: true };
    return "processingInstruction";
  }
  if (stream.match(/^@[A-Za-z_]\w*/) || stream.match(/^\$[A-Za-z_]\w*/)) return "variableName";
  if (stream.match(NUMBER)) return "number";
  const found = stream.match(NAME);
  if (Array.isArray(found)) return word(stream, state, found[0]);
  if (stream.match(/^\$/)) return "atom";
  const char = stream.next();
  return char && /[-+*/%&|^~<>=]/.test(char) ? "operator" : "punctuation";
}

/** The language of the EVM's assembler as far as colours need it. */
export const evmAsmMode: StreamParser<State> = {
  name: "evm-assembler",
  startState: () => ({ place: { operands: false } }),
  token,
  languageData: { commentTokens: { line: ";" } },
};
