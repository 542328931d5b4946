import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { StreamParser } from "@codemirror/language";

/** What a word means, for those who point at it. */
export interface Explanation {
  readonly title: string;
  /** Operand forms, or a value: each on its line. */
  readonly forms: readonly string[];
  readonly text: string;
}

/** What the code editor must know of a language: NASM's, the EVM assembler's, Solidity. */
export interface EditorLanguage {
  /** Columns that Tab goes to. */
  readonly columns: number;
  /** Colours and comments. */
  // biome-ignore lint/suspicious/noExplicitAny: each parser has a state of its own, which nobody else looks at.
  readonly mode: StreamParser<any>;
  /** Characters that a word consists of, where it is explained. */
  readonly word: RegExp;
  complete(context: CompletionContext): Promise<CompletionResult | null>;
  explain(word: string): Promise<Explanation | null>;
}
