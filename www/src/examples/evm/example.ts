import type { EvmProject } from "../../protocol/evm/request";

/** Panes that a text points into. */
export type EvmPaneId =
  | "source"
  | "code"
  | "transaction"
  | "stack"
  | "memory"
  | "data"
  | "storage"
  | "variables"
  | "logs"
  | "accounts"
  | "calls"
  | "gas"
  | "compare";

/** Plain text, a button that opens a pane, or something as it stands in the source. */
export type Span = string | { readonly pane: EvmPaneId; readonly text: string } | { readonly code: string };

export type Paragraph = readonly Span[];

/** A program to learn from. */
export interface EvmExample {
  readonly id: string;
  readonly summary: string;
  readonly about: readonly Paragraph[];
  /** What to try, in order. */
  readonly tries: readonly Paragraph[];
  readonly project: EvmProject;
}

export const pane = (id: EvmPaneId, text: string): Span => ({ pane: id, text });

export const code = (text: string): Span => ({ code: text });

/** Addresses in the examples: short, so that they are known again. */
export const A = "0x00000000000000000000000000000000000000aa";
export const B = "0x00000000000000000000000000000000000000bb";
export const C = "0x00000000000000000000000000000000000000cc";
export const ALICE = "0x000000000000000000000000000000000000a11c";
export const BOB = "0x0000000000000000000000000000000000000b0b";
/** A million ether. */
export const RICH = "1000000000000000000000000";
