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
}

export interface TransientWord {
  readonly address: string;
  readonly key: string;
  readonly value: string;
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
}
