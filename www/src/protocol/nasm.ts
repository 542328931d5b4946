/** What the page asks of the worker that assembles. */
export type AssemblerCommand =
  | { readonly type: "assemble"; readonly id: number; readonly text: string }
  | { readonly type: "mnemonics"; readonly id: number };

/** What that worker answers; `id` is the command's. */
export type AssemblerEvent =
  | { readonly type: "assembled"; readonly id: number; readonly assembly: Assembly }
  | { readonly type: "mnemonics"; readonly id: number; readonly mnemonics: readonly Mnemonic[] }
  /** The assembler itself broke, or could not be loaded: no fault of the text. */
  | { readonly type: "failed"; readonly id: number; readonly message: string };

/** What is wrong, or doubtful, at a place of the text. */
export interface Diagnostic {
  /** From 1; in a macro, the line of its use. */
  readonly line: number;
  /** Character in the line, from 1. */
  readonly column: number;
  readonly message: string;
}

/** A statement that makes or reserves bytes. */
export interface Statement {
  /** Place of its first byte in the image; null if it only reserves memory. */
  readonly offset: number | null;
  /** What its label would stand for. */
  readonly address: number;
  readonly length: number;
  /** From 1; in a macro, the line of its use. */
  readonly line: number;
  /** As the preprocessor left it. */
  readonly text: string;
  /** An instruction, not data. */
  readonly code: boolean;
}

/** A name with a value. */
export interface NasmSymbol {
  /** Of a local label with the label before it, as in `main.loop`. */
  readonly name: string;
  readonly value: number;
  readonly kind: "label" | "constant";
  /** Line of the definition, from 1. */
  readonly line: number;
}

/** What a text became: a flat image, or what is wrong with it. */
export type Assembly =
  | {
      readonly ok: true;
      readonly image: Uint8Array<ArrayBuffer>;
      /** In the order of addresses. */
      readonly statements: readonly Statement[];
      readonly symbols: readonly NasmSymbol[];
      readonly warnings: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

/** An instruction that the assembler knows. */
export interface Mnemonic {
  readonly name: string;
  /** Operand forms, as `r/m32, imm8`. */
  readonly forms: readonly string[];
  /** What it does, in a line. */
  readonly help: string;
}
