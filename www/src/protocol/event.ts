import type { Answers } from "./inspection";
import type { MachineSpec } from "./machine_spec";
import type { MovingState } from "./moving";
import type { StopReason } from "./stops";

/** What a machine is doing. */
export type MachineState =
  /** No machine. */
  | "off"
  /** Its images are being loaded. */
  | "loading"
  | "running"
  | "paused"
  /** A disk block has to come first. */
  | "waiting"
  /** It ended: the reason is in the state's message. */
  | "stopped";

/** How fast the guest is. */
export interface Speed {
  /** Millions of guest instructions in a second of the host. */
  readonly mips: number;
  /** Virtual time as percent of the host's. */
  readonly percent: number;
  readonly instructions: number;
  /** Virtual time since power-on in seconds. */
  readonly seconds: number;
  readonly halted: boolean;
}

/** The speaker sounds differently from a moment of the guest's time on. */
export interface SpeakerChange {
  /** Virtual time in seconds. */
  readonly seconds: number;
  /** 0 for silence. */
  readonly hertz: number;
}

/** What the worker tells the page. */
export type Event =
  | { readonly type: "ready" }
  | {
      readonly type: "state";
      readonly state: MachineState;
      readonly message: string;
      /** Executed so far, when there is a machine. */
      readonly instructions?: number;
      /** Why it rests, when the debugger made it rest. */
      readonly stop?: StopReason;
      /** What it does now it has done before. */
      readonly past?: boolean;
    }
  /** Lines that stops wrote instead of stopping. */
  | { readonly type: "stopLog"; readonly lines: readonly string[] }
  | { readonly type: "progress"; readonly name: string; readonly loaded: number; readonly total: number | null }
  /** How far a move between workers is. */
  | { readonly type: "moving"; readonly moving: MovingState }
  /** A machine from elsewhere takes the place of the one that is here. */
  | { readonly type: "coming"; readonly spec: MachineSpec }
  /** The machine that was booted, or came, takes the place of the one before: what is told from now on is of it. */
  | { readonly type: "begun" }
  /** A machine is on its way to a moment: instructions, or bytes, done of all. */
  | { readonly type: "arriving"; readonly done: number; readonly total: number }
  | {
      readonly type: "frame";
      readonly width: number;
      readonly height: number;
      /** Width and height of the picture on a monitor, in any unit. */
      readonly aspect: readonly [number, number];
      readonly buffer: ArrayBuffer;
    }
  | { readonly type: "serial"; readonly port: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "debug"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "speed"; readonly speed: Speed }
  | { readonly type: "speaker"; readonly changes: readonly SpeakerChange[] }
  | { readonly type: "answer"; readonly id: number; readonly value: Answers[keyof Answers] }
  | { readonly type: "refused"; readonly id: number; readonly message: string }
  /** Something the user asked for failed; the machine goes on as it was. */
  | { readonly type: "problem"; readonly message: string }
  /** The engine broke: this worker is of no further use. */
  | { readonly type: "crash"; readonly message: string }
  | { readonly type: "pong" };
