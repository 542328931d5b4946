/** Questions about the machine's state; each names the kind of its answer in `Answers`. */
export type Query =
  | { readonly kind: "textScreen" }
  | { readonly kind: "registers" }
  | { readonly kind: "disassembly"; readonly linear: number; readonly count: number }
  | { readonly kind: "memory"; readonly linear: number; readonly length: number }
  | { readonly kind: "pixels" }
  | { readonly kind: "stateHash" };

export interface TextScreen {
  readonly rows: readonly string[];
  /** Column and row, or nothing when the cursor is off. */
  readonly cursor: readonly [number, number] | null;
}

export interface CodeLine {
  readonly address: number;
  readonly bytes: readonly number[];
  readonly text: string;
}

/** A picture, four bytes RGBA a pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** The architectural registers: numbers, and segments and tables as objects of numbers. */
export interface Registers {
  readonly [name: string]: RegisterValue;
}
export type RegisterValue = number | string | boolean | null | Registers | readonly RegisterValue[];

export interface Answers {
  textScreen: TextScreen | null;
  registers: Registers;
  disassembly: readonly CodeLine[];
  memory: readonly (number | null)[];
  pixels: Pixels;
  stateHash: string;
}
