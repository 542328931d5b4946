import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { EVM } from "../../strings/evm";
import { EVM_WORDS } from "../../strings/evm_words";
import type { EditorLanguage, Explanation } from "../editor/language";
import { solidityMode } from "./solidity_mode";
import { GLOBALS, KEYWORDS, LITERALS, MODIFIERS, TYPES, UNITS } from "./solidity_words";

const TYPED = /[A-Za-z_$][\w$.]*$/;

const plain = (list: readonly string[], type: string): Completion[] =>
  list.map((label) => ({ label, type, ...(EVM_WORDS.keywords[label] ? { info: EVM_WORDS.keywords[label] } : {}) }));

const FIXED: readonly Completion[] = [
  ...plain(KEYWORDS, "keyword"),
  ...plain(MODIFIERS, "keyword"),
  ...plain([...LITERALS, ...UNITS], "constant"),
  ...plain(TYPES, "type"),
  ...GLOBALS.map(({ name, text }) => ({ label: name, apply: name, info: text, type: "function" })),
];

const DECLARED =
  /\b(contract|interface|library|function|modifier|event|error|struct|enum)\s+([A-Za-z_$][\w$]*)|\b(?:u?int\d*|address(?:\s+payable)?|bool|string|bytes\d*|mapping\s*\([^;{]*?\)|[A-Z][\w$.]*)(?:\s*\[[^\]]*\])*(?:\s+(?:public|private|internal|constant|immutable|transient|memory|storage|calldata|indexed|override))*\s+([A-Za-z_$][\w$]*)\s*[;=,)]/g;

/** Names that a source declares, with what kind of thing each is. */
export function declaredIn(source: string): readonly { readonly name: string; readonly kind: string }[] {
  const bare = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"/g, "");
  const names = new Map<string, string>();
  for (const [, kind, name, variable] of bare.matchAll(DECLARED)) {
    const found = name ?? variable ?? "";
    if (!names.has(found)) names.set(found, kind ?? EVM.editor.variable);
  }
  return [...names].map(([name, kind]) => ({ name, kind }));
}

async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const typed = context.matchBefore(TYPED);
  if (!typed && !context.explicit) return null;
  const line = context.state.doc.lineAt(context.pos);
  if (/^(?:[^"]|"[^"]*")*?\/\//.test(line.text.slice(0, context.pos - line.from))) return null;
  const declared = declaredIn(context.state.doc.toString());
  return {
    from: typed?.from ?? context.pos,
    options: [...FIXED, ...declared.map(({ name, kind }) => ({ label: name, type: "variable", detail: kind }))],
    validFor: /^[\w$.]*$/,
  };
}

function explain(word: string): Promise<Explanation | null> {
  const text = EVM_WORDS.keywords[word] ?? EVM_WORDS.solidity[word] ?? EVM_WORDS.solidity[`${word}(`];
  return Promise.resolve(text === undefined ? null : { title: word, forms: [], text });
}

/** Solidity, with what its own names mean. */
export const solidityLanguage: EditorLanguage = { columns: 4, mode: solidityMode, word: /[\w$.]/, complete, explain };
