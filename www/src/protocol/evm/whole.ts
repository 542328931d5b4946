import type { AccountState, Scene, StorageVariable } from "./scene";
import type { TextRange } from "./solidity";

/** What became of a transaction. Of one that was refused only `refused`, and what of it could be read. */
export interface Outcome {
  /** Why nothing of it happened. */
  readonly refused: string | null;
  readonly success?: boolean;
  readonly halt?: string;
  readonly why?: string | null;
  readonly gasUsed?: number;
  readonly gasRefunded?: number;
  readonly created?: string | null;
  readonly steps?: number;
  readonly output?: string;
  readonly outputSize?: number;
  readonly logs?: number;
  /** The outermost frame's last instruction, and the one where it began. */
  readonly failure?: { readonly position: number; readonly origin: number } | null;
  readonly from?: string;
  readonly to?: string | null;
  readonly value?: string;
  readonly gasLimit?: number;
  readonly nonce?: number;
  readonly intrinsicGas?: number;
  readonly floorGas?: number;
}

/** The fork, the block, and what became of each transaction. */
export interface Summary {
  readonly fork: string;
  readonly chainId: number;
  readonly defaultSender: string;
  readonly block: Readonly<Record<string, string | number>>;
  readonly transactions: readonly Outcome[];
}

/** How often something ran, and what gas it took. */
export interface Use {
  readonly count: number;
  readonly gas: number;
  /** Lost because an instruction failed. */
  readonly lost: number;
}

export interface OpcodeUse extends Use {
  readonly opcode: number;
  readonly mnemonic: string | null;
}

export interface CallUse {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly value: string;
  readonly codeHash: string;
  readonly caller: number | null;
  readonly depth: number;
  readonly gasLimit: number;
  readonly gasUsed: number;
  readonly ownGas: number;
  readonly steps: number;
  readonly success: boolean;
  readonly input: string;
  readonly inputSize: number;
  readonly output: string;
  readonly outputSize: number;
  /** Position of its first instruction, and after its last. */
  readonly first: number;
  readonly last: number;
  readonly failed: number | null;
  readonly failure: string | null;
}

export interface LogEntry {
  readonly position: number;
  readonly call: number;
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly dataSize: number;
  /** Its frame, or a caller, failed: it never was. */
  readonly undone: boolean;
}

export interface CodeUse {
  readonly hash: string;
  readonly address: string;
  readonly size: number;
  /** pc, count, gas, lost. */
  readonly places: readonly (readonly [number, number, number, number])[];
}

export interface SlotDiff {
  readonly key: string;
  readonly before: string;
  readonly after: string;
  /** What the compiler's layout says is in it. */
  readonly variables?: readonly StorageVariable[];
}

export interface AccountDiff {
  readonly address: string;
  readonly before: AccountState | null;
  readonly after: AccountState | null;
  readonly storage: readonly SlotDiff[];
}

export type MarkKind = "call" | "store" | "log" | "failure";

/** A whole transaction. */
export interface Whole {
  readonly calls: readonly CallUse[];
  readonly opcodes: readonly OpcodeUse[];
  readonly codes: readonly CodeUse[];
  readonly stipends: number;
  readonly logs: readonly LogEntry[];
  readonly marks: readonly (readonly [number, MarkKind])[];
  readonly accounts: readonly AccountDiff[];
}

/** A line of disassembled code. */
export interface ListingLine {
  readonly pc: number;
  readonly bytes: string;
  readonly label?: string;
  readonly text: string;
  readonly refers_to?: number;
  readonly gas?: number;
  readonly note?: string;
}

/** Where a line of the source became code. */
export interface SourcePlace {
  readonly pc: number;
  readonly line: number;
}

/** Code to be shown. */
export interface CodeView {
  readonly hash: string;
  readonly size: number;
  readonly lines: readonly ListingLine[];
  /** What each place did in the transaction: pc, count, gas. */
  readonly uses: readonly (readonly [number, number, number])[];
  /** The source it was assembled from, if that is known. */
  readonly source: SourceView | null;
}

/** A text, where its lines are in the code, and what each did: line, count, gas. */
export interface SourceFileView {
  readonly name: string;
  readonly text: string;
  readonly map: readonly SourcePlace[];
  readonly uses: readonly (readonly [number, number, number])[];
}

/** What code was made from. The file itself is the one shown first: that with the contract. */
export interface SourceView extends SourceFileView {
  readonly language: "assembler" | "solidity";
  /** Of Solidity: the contract, `File.sol:Counter`. */
  readonly contract: string | null;
  /** Of Solidity: the code that creates the contract, not the contract's own. */
  readonly creation: boolean;
  /** All files that the code comes from, that one first. */
  readonly files: readonly SourceFileView[];
  /** Of Solidity, where each instruction comes from: by rising pc, only where it changes. Else empty. */
  readonly ranges: readonly CodeRange[];
}

/** Instructions from `pc` up to the next range. */
export interface CodeRange {
  readonly pc: number;
  /** Null: the compiler's own addition. */
  readonly range: TextRange | null;
  /** A jump into a function or out of one. */
  readonly jump: "in" | "out" | null;
  /** How many modifiers it is in. */
  readonly modifierDepth: number;
}

/** The same transaction under another fork. */
export interface Comparison {
  readonly fork: string;
  readonly outcome: Outcome;
  /** Position of the first instruction that differs: in what is done, in the gas; null if none does. */
  readonly flow: number | null;
  readonly gas: number | null;
  /** Both ended alike. */
  readonly same: boolean;
  /** Both sides at the first difference. */
  readonly here: Scene | null;
  readonly there: Scene | null;
}

/** Data read by an ABI. */
export interface Decoded {
  readonly signature: string;
  readonly values: readonly DecodedValue[];
  /** What a call gave back, where the ABI tells its types. */
  readonly outputs?: readonly DecodedValue[];
}

export interface DecodedValue {
  /** Where the ABI gives one. */
  readonly name?: string;
  readonly type: string;
  readonly value: string;
}
