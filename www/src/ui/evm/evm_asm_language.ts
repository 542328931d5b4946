import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { evmStore } from "../../client/evm/start";
import type { EvmAnswers, MacroWord, OpcodeWord } from "../../protocol/evm/message";
import { EVM } from "../../strings/evm";
import { EVM_WORDS } from "../../strings/evm_words";
import type { EditorLanguage, Explanation } from "../editor/language";
import { evmDesk } from "./desk_start";
import { evmAsmMode } from "./evm_asm_mode";

const WORDS = EVM.editor;
const TYPED = /[%@.]?[A-Za-z_]\w*$|[%@.]$/;

let known: { readonly fork: string; readonly words: Promise<EvmAnswers["words"]> } | undefined;

/** The instructions and macros of the fork that is written for; none while the engine cannot be asked. */
function words(): Promise<EvmAnswers["words"]> {
  const { fork } = evmDesk;
  if (known?.fork !== fork) {
    const asked = evmStore.ask({ kind: "words", fork }).catch(() => {
      known = undefined;
      return { opcodes: [], macros: [] };
    });
    known = { fork, words: asked };
  }
  return known.words;
}

/** What an instruction does, in a sentence. */
export const meaningOf = (mnemonic: string): string =>
  EVM_WORDS.opcodes[mnemonic] ?? EVM_WORDS.opcodes[mnemonic.replace(/\d+$/, "")] ?? "";

const NUMBERED = /^(DUP|SWAP)(\d+)$/;

/** What an instruction does to the stack: `key, value → –`. */
export function stackEffect({ mnemonic, inputs, outputs }: OpcodeWord): string {
  const numbered = NUMBERED.exec(mnemonic);
  if (numbered) return WORDS.moves(numbered[1] === "DUP", Number(numbered[2]));
  const list = (names: readonly string[]) => (names.length > 0 ? names.join(", ") : "–");
  return `${list(inputs)} → ${list(outputs)}`;
}

const cost = (gas: number): string => WORDS.gas(gas);

const opcodeOption = (word: OpcodeWord): Completion => ({
  label: word.mnemonic,
  type: "function",
  detail: `${stackEffect(word)} · ${cost(word.gas)}`,
  info: meaningOf(word.mnemonic),
});

const macroUse = ({ name, parameters }: MacroWord): string => `%${[name, parameters.join(", ")].join(" ")}`.trim();

const macroOption = (word: MacroWord): Completion => ({
  label: `%${word.name}`,
  type: "keyword",
  detail: word.parameters.join(", "),
  info: word.summary,
});

/** Names that a source defines: labels, constants and macros. */
export function namesIn(source: string): readonly { readonly name: string; readonly macro: boolean }[] {
  const names = new Map<string, boolean>();
  const found = source.matchAll(/^(?:[^;"/]*?\s)?(?:([A-Za-z_]\w*):|\.(label|const|macro)\s+([A-Za-z_]\w*))/gm);
  for (const [, label, directive, name] of found) names.set(label ?? name ?? "", directive === "macro");
  return [...names].map(([name, macro]) => ({ name, macro }));
}

const fixed = (table: Readonly<Record<string, string>>, type: string): Completion[] =>
  Object.entries(table).map(([label, info]) => ({ label, info, type }));

async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const typed = context.matchBefore(TYPED);
  if (!typed && !context.explicit) return null;
  const line = context.state.doc.lineAt(context.pos);
  if (/^(?:[^"']|"[^"]*")*?(?:;|\/\/)/.test(line.text.slice(0, context.pos - line.from))) return null;
  const { opcodes, macros } = await words();
  const names = namesIn(context.state.doc.toString());
  return {
    from: typed?.from ?? context.pos,
    options: [
      { label: "PUSH", type: "function", detail: WORDS.pushes, info: meaningOf("PUSH"), boost: 1 },
      ...opcodes.map(opcodeOption),
      ...macros.map(macroOption),
      ...fixed(EVM_WORDS.directives, "keyword"),
      ...fixed(EVM_WORDS.functions, "function"),
      ...names.map(({ name, macro }) => ({
        label: macro ? `%${name}` : `@${name}`,
        type: "variable",
        detail: macro ? WORDS.macro : WORDS.labelKind,
      })),
    ],
    validFor: /^[%@.]?\w*$/,
  };
}

async function explain(word: string): Promise<Explanation | null> {
  const upper = word.toUpperCase();
  const bare = word.replace(/^[%@]/, "");
  const { opcodes, macros } = await words();
  if (upper === "PUSH") return { title: "PUSH", forms: [], text: meaningOf("PUSH") };
  const opcode = opcodes.find(({ mnemonic }) => mnemonic === upper);
  if (opcode) {
    const forms = [stackEffect(opcode), `${cost(opcode.gas)} · ${WORDS.since(opcode.since)}`];
    return { title: upper, forms, text: meaningOf(upper) };
  }
  const macro = macros.find(({ name }) => name === bare);
  if (macro) return { title: macroUse(macro), forms: [], text: macro.summary };
  const text = EVM_WORDS.directives[word] ?? EVM_WORDS.functions[word];
  return text === undefined ? null : { title: word, forms: [], text };
}

/** The language of the EVM's assembler, with what the engine knows of it. */
export const evmAsmLanguage: EditorLanguage = { columns: 4, mode: evmAsmMode, word: /[\w%@.]/, complete, explain };
