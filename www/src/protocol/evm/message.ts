import type { EvmProject } from "./request";
import type { Scene } from "./scene";
import type { Compilation } from "./solidity";
import type { CodeView, Comparison, Decoded, MarkKind, Summary, Whole } from "./whole";

/** Where a search ends. */
export type Condition =
  | { readonly until: "into" | "over" | "out" | "fails" }
  | { readonly until: "pc"; readonly pc: number; readonly code?: string }
  | { readonly until: "opcode"; readonly opcode: number }
  | { readonly until: "depth"; readonly depth: number }
  | { readonly until: "gas"; readonly gas: number }
  | { readonly until: "slotChanges" | "slotWritten"; readonly address: string; readonly key: string }
  | { readonly until: "memoryChanges"; readonly offset: number; readonly size?: number }
  /** 0 is the lowest word. */
  | { readonly until: "stackChanges"; readonly index: number };

/** Where to go. */
export type Travel =
  | { readonly to: number }
  | { readonly forwards: Condition }
  | { readonly backwards: Condition }
  | { readonly next: MarkKind }
  | { readonly previous: MarkKind }
  | { readonly failure: true }
  /** By lines of a Solidity source: to the next one, beyond the functions it calls, out of the function. */
  | { readonly line: "into" | "over" | "out"; readonly backwards?: boolean }
  /** To a line of a Solidity source. */
  | { readonly toLine: number; readonly file: string; readonly backwards?: boolean }
  /** To the nearest of several places; nowhere else, if none is met. */
  | { readonly toStops: readonly StopPlace[]; readonly backwards?: boolean };

/** How a movement ended. */
export type Arrived = "there" | "end" | "more";

/** Files that a run can be written to. */
export type ExportKind = "eip3155" | "stateTest" | "prestate" | "postState";

export interface AssemblerError {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A run found in a file. */
export interface Imported {
  readonly name: string;
  readonly project: EvmProject;
  /** Of a chain file, its text: the chain of what is open, from then on. */
  readonly chain?: string;
}

/** A transaction that can be walked through; logs and calls read by the ABI where it knows them. */
export interface Selected {
  readonly scene: Scene;
  readonly whole: Whole;
  readonly logs: readonly (Decoded | null)[];
  readonly calls: readonly (Decoded | null)[];
}

/** An instruction of a fork, for those who write it. */
export interface OpcodeWord {
  readonly mnemonic: string;
  /** Words taken from the stack, the top one first; DUP, SWAP and their like name none. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Bytes of data that follow it. */
  readonly immediate: number;
  /** The constant part of its cost. */
  readonly gas: number;
  /** The fork that brought it. */
  readonly since: string;
}

/** A macro of the assembler's own. */
export interface MacroWord {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly summary: string;
}

/** A place to stop at: a line of a source, or an instruction of the code at an address. */
export type StopPlace =
  | { readonly file: string; readonly line: number }
  | { readonly code: string; readonly pc: number };

export type EvmQuery =
  | { readonly kind: "names" }
  | { readonly kind: "open"; readonly project: EvmProject; readonly compiled?: Compilation }
  | { readonly kind: "select"; readonly index: number }
  | { readonly kind: "travel"; readonly travel: Travel }
  | { readonly kind: "look"; readonly memoryFrom: number; readonly memorySize: number }
  | { readonly kind: "code"; readonly hash: string }
  | { readonly kind: "compare"; readonly fork: string }
  /** The same transaction of another project: the run as it was before its input was changed. */
  | { readonly kind: "compareRun"; readonly project: EvmProject; readonly compiled?: Compilation }
  | { readonly kind: "export"; readonly what: ExportKind }
  | { readonly kind: "import"; readonly name: string; readonly text: string }
  | { readonly kind: "assemble"; readonly text: string; readonly fork: string }
  | { readonly kind: "words"; readonly fork: string }
  | { readonly kind: "encode"; readonly signature: string; readonly values: readonly string[] };

export interface EvmAnswers {
  readonly names: { readonly forks: readonly string[]; readonly chains: readonly string[] };
  readonly open: Summary;
  readonly select: Selected;
  readonly travel: { readonly arrived: Arrived; readonly scene: Scene };
  readonly look: Scene;
  readonly code: CodeView;
  readonly compare: Comparison;
  readonly compareRun: Comparison;
  readonly export: { readonly name: string; readonly text: string };
  readonly import: readonly Imported[];
  readonly assemble: { readonly code: string; readonly errors: readonly AssemblerError[] };
  readonly words: { readonly opcodes: readonly OpcodeWord[]; readonly macros: readonly MacroWord[] };
  readonly encode: string;
}

/** What the page asks of the worker that owns its EVM. */
export type EvmCommand =
  | { readonly type: "query"; readonly id: number; readonly query: EvmQuery }
  | { readonly type: "ping" };

/** What that worker tells. */
export type EvmEvent =
  | { readonly type: "ready" }
  | { readonly type: "answer"; readonly id: number; readonly value: EvmAnswers[keyof EvmAnswers] }
  | { readonly type: "refused"; readonly id: number; readonly message: string }
  /** Instructions executed so far by a long run. */
  | { readonly type: "progress"; readonly steps: number }
  /** The second module was loaded: something called a precompiled contract, or signed. */
  | { readonly type: "precompiles" }
  | { readonly type: "crash"; readonly message: string }
  | { readonly type: "pong" };
