import type { MachineState } from "./event";
import type { Registers, TextScreen } from "./inspection";
import type { DriveName } from "./machine_spec";
import type { StepKind, StopError, StopReason, StopSpec } from "./stops";

/** A machine as an embedding page describes it: images are given as bytes, nothing is fetched. */
export interface EmbeddedSpec {
  readonly title: string;
  /** MiB, 1 to 2048; 64 if left out. */
  readonly memoryMb?: number;
  readonly drives?: Readonly<Partial<Record<DriveName, Uint8Array<ArrayBuffer>>>>;
  readonly kernel?: {
    readonly image: Uint8Array<ArrayBuffer>;
    readonly initrd?: Uint8Array<ArrayBuffer>;
    readonly append?: string;
  };
  /** Letters a (floppy), c (disk), d (CD-ROM); `acd` if left out. */
  readonly bootOrder?: string;
  /** What the real-time clock shows at power-on, seconds since 1970; the reader's time if left out. */
  readonly rtcUnixSeconds?: number;
}

/** What an embedding page may ask of the machine in its frame. */
export interface EmbeddedMethods {
  /** Boots a guest of the gallery by name, or a machine by its parts. */
  boot(machine: string | EmbeddedSpec, paused: boolean): void;
  run(): void;
  pause(): void;
  /** Comes back when the step was asked for; a `stop` tells when it is done. */
  step(kind: StepKind, to: string): void;
  /** Back by an instruction, or to the last stop met before. */
  back(kind: "into" | "continue"): void;
  reset(): void;
  powerOff(): void;
  /** Types at the machine's keyboard, a US one. */
  type(text: string): void;
  /** Sends text to a serial port: 0 is COM1. */
  sendSerial(text: string, port: number): void;
  registers(): Registers;
  /** Bytes at a linear address, at most 64 KiB; null where no memory answers. */
  memory(linear: number, length: number): readonly (number | null)[];
  /** The rows of the text screen, or null in a graphics mode. */
  textScreen(): TextScreen["rows"] | null;
  /** All stops, replaced; what is wrong with them, and then the old ones stay. */
  setStops(stops: readonly (Partial<StopSpec> & Pick<StopSpec, "kind">)[]): readonly StopError[];
  stateHash(): string;
}

/** What the frame tells without being asked. */
export type EmbeddedEvent =
  | {
      readonly type: "state";
      readonly state: MachineState | "lost";
      readonly message: string;
      /** Executed when it last rested. */
      readonly instructions: number;
    }
  /** The machine rests: because of a stop or the end of a step, or (null) as it was paused or ended. */
  | { readonly type: "stop"; readonly reason: StopReason | null; readonly instructions: number }
  | { readonly type: "serial"; readonly port: number; readonly text: string }
  | { readonly type: "problem"; readonly message: string };

/** The frame says that it can be connected, and the page around it answers with a port. */
export const EMBED_VERSION = 1;

export interface Handshake {
  readonly glassbox: typeof EMBED_VERSION;
  readonly say: "ready" | "connect";
}

/** Through the port: questions one way, answers and events the other. */
export interface EmbeddedQuestion {
  readonly id: number;
  readonly method: keyof EmbeddedMethods;
  readonly args: readonly unknown[];
}

export type EmbeddedReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }
  | EmbeddedEvent;

export function isHandshake(data: unknown, say: Handshake["say"]): boolean {
  const { glassbox, say: said } = Object(data) as Partial<Handshake>;
  return glassbox === EMBED_VERSION && said === say;
}
