/** What can stop a machine. */
export type StopKind =
  | "execute"
  | "read"
  | "write"
  | "access"
  | "change"
  | "portRead"
  | "portWrite"
  | "port"
  | "interrupt"
  | "exception"
  | "mode"
  | "cpl"
  | "control"
  | "screen"
  | "serial"
  | "instructions"
  | "time";

/** What a hit may be of: also what is looked for backwards alone. */
export type HitKind = StopKind | "register" | "video";

/** A stop as it is set; what each field may hold is told in web/src/x86/debugger.rs. */
export interface StopSpec {
  /** Whatever the page calls it. */
  readonly id: string;
  readonly kind: StopKind;
  readonly enabled: boolean;
  /** Address, port, vector, mode, level, register, count: by kind. */
  readonly at: string;
  /** What `at` was written as, where that is a symbol: `at` is then its address. */
  readonly symbol: string;
  /** Bytes of memory watched. */
  readonly length: number;
  /** Text of `screen` and `serial`. */
  readonly text: string;
  /** Error code of `exception`, hexadecimal; any, if empty. */
  readonly error: string;
  /** An expression; always, if empty. */
  readonly condition: string;
  /** The first hit that counts. */
  readonly from: number;
  /** The format of a line to log before going on; stops, if empty. */
  readonly log: string;
}

/** A stop that is set. */
export interface StopView extends StopSpec {
  readonly hits: number;
}

/** A field that is wrong, where in its text, and why. */
export interface StopError {
  /** Index in what was set. */
  readonly stop: number;
  readonly field: keyof StopSpec;
  readonly column: number;
  readonly message: string;
}

/** What happened where a stop was met. */
export type StopDetail =
  | { readonly what: "execute"; readonly linear: number }
  | {
      readonly what: "memory";
      readonly linear: number | null;
      readonly physical: number | null;
      readonly length: number;
      readonly write: boolean;
      readonly before: readonly number[];
      readonly after: readonly number[];
      /** A device did it, not the CPU. */
      readonly master: boolean;
    }
  | {
      readonly what: "port";
      readonly port: number;
      readonly size: number;
      readonly write: boolean;
      readonly value: number;
    }
  | { readonly what: "interrupt"; readonly vector: number; readonly external: boolean }
  | {
      readonly what: "exception";
      readonly vector: number;
      readonly errorCode: number | null;
      readonly cr2: number | null;
    }
  | { readonly what: "mode"; readonly from: string; readonly to: string }
  | { readonly what: "cpl"; readonly from: number; readonly to: number }
  | { readonly what: "control"; readonly register: number; readonly from: number; readonly to: number }
  | { readonly what: "register"; readonly before: readonly number[]; readonly after: readonly number[] }
  | { readonly what: "text" | "instructions" | "time" };

/** A stop that was met. */
export interface StopHit {
  /** Index in what is set. */
  readonly stop: number;
  readonly id: string;
  readonly kind: HitKind;
  /** Symbol that the stop is on; the register, where one was looked for. */
  readonly symbol: string;
  /** This one included. */
  readonly hits: number;
  readonly detail: StopDetail;
  /** The instruction that did it. */
  readonly by: { readonly cs: number; readonly eip: number; readonly linear: number } | null;
  /** Why the condition or the log line could not be computed. */
  readonly error: string | null;
}

/** Why a run came back. */
export interface StopReason {
  readonly reason:
    | "outOfBudget"
    | "done"
    /** Backwards: the record begins here. */
    | "beginning"
    | "stopped"
    | "needsBlock"
    | "powerOff"
    | "shutdown"
    | "haltedForever"
    | "exitPort";
  readonly hits: readonly StopHit[];
  readonly instructions: number;
  /** Virtual nanoseconds. */
  readonly time: number;
}

/** How a machine is let go on, to rest again by itself. */
export type StepKind = "into" | "over" | "out" | "return" | "to" | "mode";
