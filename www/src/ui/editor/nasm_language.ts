import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { assembler, desk } from "../../client/nasm_start";
import type { Mnemonic } from "../../protocol/nasm";
import { EDITOR } from "../../strings/editor";
import type { EditorLanguage, Explanation } from "./language";
import { nasmMode } from "./nasm_mode";
import { DIRECTIVES, PREPROCESSOR, QUALIFIERS, REGISTERS } from "./nasm_words";

const TYPED = /[%]{0,2}[\w.$@?]+$|%$/;
/** Forms that a hint shows; some instructions have dozens. */
const MOST_FORMS = 8;

const WORDS: readonly Completion[] = [
  ...REGISTERS.map((label) => ({ label, type: "constant", detail: EDITOR.kinds.register })),
  ...[...DIRECTIVES, ...PREPROCESSOR, ...QUALIFIERS].map((label) => ({
    label,
    type: "keyword",
    detail: EDITOR.kinds.directive,
  })),
];

/** The assembler's instructions; none while it cannot be loaded. */
const instructions = (): Promise<readonly Mnemonic[]> => assembler.mnemonics().catch(() => []);

/** Names that a source defines; a local one as it is written below its label, and in full. */
export function labelsIn(source: string): readonly string[] {
  const names = new Set<string>();
  let outer = "";
  for (const [, label = ""] of source.matchAll(/^[ \t]*([A-Za-z_.?@][\w.$#@~?]*)(?::|[ \t]+equ\b)/gim)) {
    names.add(label);
    if (label.startsWith(".")) names.add(outer + label);
    else outer = label;
  }
  return [...names];
}

async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const typed = context.matchBefore(TYPED);
  if (!typed && !context.explicit) return null;
  const line = context.state.doc.lineAt(context.pos);
  if (/^[^"'`]*;/.test(line.text.slice(0, context.pos - line.from))) return null;
  const known = await instructions();
  const labels = labelsIn(context.state.doc.toString());
  return {
    from: typed?.from ?? context.pos,
    options: [
      ...known.map(({ name, help }) => ({ label: name.toLowerCase(), type: "function", info: help })),
      ...WORDS,
      ...labels.map((label) => ({ label, type: "variable", detail: EDITOR.kinds.label })),
    ],
    validFor: /^%{0,2}[\w.$@?]*$/,
  };
}

const hexText = (value: number): string => `${value.toString(16).toUpperCase().padStart(4, "0")}h`;

/** A symbol of the program: its value. A local label is meant in its short form too. */
function symbol(word: string): Explanation | null {
  const assembly = desk.view.assembled?.assembly;
  if (!assembly?.ok) return null;
  const found = assembly.symbols.filter(({ name }) => name === word || (word.startsWith(".") && name.endsWith(word)));
  const [first] = found;
  if (!first) return null;
  const forms = found.slice(0, MOST_FORMS).map(({ name, value }) => EDITOR.value(name, `${hexText(value)} (${value})`));
  return { title: word, forms, text: EDITOR.kinds[first.kind] };
}

async function explain(word: string): Promise<Explanation | null> {
  const lower = word.toLowerCase();
  const found = (await instructions()).find(({ name }) => name.toLowerCase() === lower);
  if (!found) return symbol(word);
  const rest = found.forms.length - MOST_FORMS;
  const forms = found.forms.slice(0, MOST_FORMS).map((form) => `${lower} ${form}`.trim());
  return { title: lower, forms: rest > 0 ? [...forms, "…"] : forms, text: found.help };
}

/** The Netwide Assembler's language, with what this page's assembler knows of it. */
export const nasmLanguage: EditorLanguage = { columns: 8, mode: nasmMode, word: /[\w.$@?]/, complete, explain };
