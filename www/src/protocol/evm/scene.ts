import type { TextRange } from "./solidity";

/** A word with what it means. */
export interface NamedWord {
  readonly name: string;
  readonly value: string;
}

/** What an instruction costs, in parts. */
export interface Cost {
  readonly parts: readonly { readonly name: string; readonly gas: number }[];
  readonly total: number;
  readonly given: number;
  readonly stipend: number;
  readonly refund: number;
}

/** The next instruction. */
export interface Explanation {
  readonly pc: number;
  readonly opcode: number;
  readonly text: string;
  readonly depth: number;
  readonly inputs: readonly NamedWord[];
  readonly outputs: readonly NamedWord[];
  readonly gas: number;
  readonly taken: number;
  readonly cost: Cost;
  readonly failure?: string;
}

export interface FrameScene {
  readonly kind: string;
  readonly address: string;
  readonly codeAddress: string;
  readonly codeHash: string;
  readonly caller: string;
  readonly value: string;
  readonly pc: number;
  readonly gas: number;
  readonly gasLimit: number;
  readonly isStatic: boolean;
  readonly entered: number;
}

export interface SlotScene {
  readonly address: string;
  readonly key: string;
  readonly value: string;
  /** Before the transaction. */
  readonly original: string;
  readonly warm: boolean;
  /** What the compiler's layout says is in it: one variable, several packed ones from the lowest byte on, or a part. */
  readonly variables?: readonly StorageVariable[];
}

/** A variable in storage, or the part of one that is in a slot. */
export interface StorageVariable {
  /** `balances[0xab…]`, `accounts[2].name`, `list.length`; as it could stand in the source. */
  readonly name: string;
  /** As the source has it. */
  readonly type: string;
  readonly value: string;
  /** Before the transaction. */
  readonly before: string;
  /** Bytes of the slot, the lowest is 0. */
  readonly offset: number;
  readonly size: number;
}

export interface TransientWord {
  readonly address: string;
  readonly key: string;
  readonly value: string;
  /** As of a slot; `before` is zero. */
  readonly variables?: readonly StorageVariable[];
}

/** Where a variable of a function is. */
export type VariablePlace =
  /** `index` from the bottom, as in {@link Scene.stack}; `words` of it. */
  | { readonly in: "stack"; readonly index: number; readonly words: number }
  /** The stack has where in memory: `offset`. */
  | { readonly in: "memory"; readonly index: number; readonly offset: string }
  | { readonly in: "calldata"; readonly index: number; readonly offset: string }
  | { readonly in: "storage"; readonly index: number; readonly slot: string };

export interface LocalVariable {
  /** Empty of a result without one. */
  readonly name: string;
  /** As the compiler writes it. */
  readonly type: string;
  /** Null where it cannot be read: too deep, or its bytes are none of that type. */
  readonly value: string | null;
  readonly kind: "parameter" | "result" | "local";
  readonly where: VariablePlace;
  /** Where it is declared. */
  readonly declared: TextRange;
}

/** A function of the source that was entered and not left. */
export interface FunctionFrame {
  /** `Bank.withdraw`. */
  readonly name: string;
  /** Where it is: the next statement, or the call that it waits for. */
  readonly at: TextRange | null;
  /** In the order of their declarations; empty where {@link Scene.variablesUnknown} says why. */
  readonly variables: readonly LocalVariable[];
}

export interface AccountState {
  readonly nonce: number;
  readonly balance: string;
  readonly codeSize: number;
  readonly codeHash: string;
  readonly delegation: string | null;
}

export interface AccountScene {
  readonly address: string;
  readonly before: AccountState | null;
  readonly now: AccountState | null;
  readonly warm: boolean;
  readonly created: boolean;
  readonly destroyed: boolean;
}

export interface EndScene {
  readonly success: boolean;
  readonly halt: string;
  readonly gasUsed: number;
  readonly gasRefunded: number;
  readonly output: string;
  readonly logs: number;
}

/** The present moment of the transaction that is walked through. */
export interface Scene {
  readonly transaction: number;
  /** Instructions executed. */
  readonly position: number;
  readonly length: number | null;
  /** The outermost first. */
  readonly frames: readonly FrameScene[];
  /** The top word last. */
  readonly stack: readonly string[];
  readonly memorySize: number;
  readonly memoryFrom: number;
  readonly memory: string;
  readonly callData: string;
  readonly callDataSize: number;
  readonly returnData: string;
  readonly returnDataSize: number;
  readonly slots: readonly SlotScene[];
  readonly transient: readonly TransientWord[];
  readonly accounts: readonly AccountScene[];
  readonly refund: number;
  readonly logs: number;
  readonly next: Explanation | null;
  readonly end: EndScene | null;
  /** Place of the innermost frame in the whole transaction's list of calls. */
  readonly call: number | null;
  /** Where in a Solidity source the next instruction comes from; null: the compiler's own; absent: no such source. */
  readonly source?: TextRange | null;
  /** Variables that can be named there: those of the innermost function. */
  readonly variables?: readonly LocalVariable[];
  /** Functions of the innermost frame's code, the innermost first. */
  readonly functions?: readonly FunctionFrame[];
  /** Why no variables are shown though there is a source: optimised, by way of Yul, or at a place nobody knows. */
  readonly variablesUnknown?: "optimized" | "viaIr" | "place";
}
