import type { LocalFile } from "./machine_spec";
import type { ImageRole, Recipe } from "./moments";
import type { StopSpec } from "./stops";

type Bytes = Uint8Array<ArrayBuffer>;

export const MOVING_VERSION = 1;

/** What the worker that has a machine says to the one that is to have it, and what that answers. */
export type MoveMessage =
  /** What the machine is made of, as the card of a moment; `files` only within one browser. */
  | { readonly say: "offer"; readonly version: number; readonly card: Bytes; readonly files: OwnFiles }
  /** The reader agreed, and a machine of the same parts is there. */
  | { readonly say: "ready" }
  /** Packed pages; each message is answered by `got` when it was checked. */
  | { readonly say: "pages"; readonly ids: Bytes; readonly bytes: Bytes }
  | { readonly say: "got" }
  /** All pages of a moment have come: `last` if the machine stands still there, with what goes along. */
  | { readonly say: "round"; readonly manifest: Bytes; readonly last: LastRound | null }
  /** The machine is there; the id of its whole state, made anew. */
  | { readonly say: "there"; readonly id: string }
  /** The other machine is let go: this one may run. */
  | { readonly say: "yours" }
  | { readonly say: "end"; readonly why: string };

export type OwnFiles = Readonly<Partial<Record<ImageRole, LocalFile>>>;

export interface LastRound {
  readonly runs: boolean;
  readonly stops: readonly StopSpec[];
  /** When it was paused, milliseconds since 1970. */
  readonly paused: number;
}

/** How the worker reaches the other one: by the name of a channel of this browser, or through a port that the page carries on. */
export type Wire =
  | { readonly kind: "channel"; readonly name: string }
  | { readonly kind: "port"; readonly port: unknown };

/** What the page asks of its worker. */
export type MovingCommand =
  | { readonly type: "moveAway"; readonly wire: Wire }
  /** Waits for a machine; the page's own goes on until that is there. */
  | { readonly type: "moveHere"; readonly wire: Wire; readonly site: string; readonly record: number }
  /** The reader agrees to what is offered. */
  | { readonly type: "moveAgreed" }
  | { readonly type: "moveEnd" };

/** A round of the way: what was sent in it. */
export interface Round {
  readonly pages: number;
  /** Bytes on the wire. */
  readonly bytes: number;
  /** Milliseconds from its copy of the machine to the other's answer. */
  readonly took: number;
}

/** How far a move is, for the page. */
export type MovingState =
  | { readonly phase: "waiting" }
  /** Something is offered: nothing of it is loaded before the reader agrees. */
  | { readonly phase: "offered"; readonly recipe: Recipe; readonly instruction: number }
  | { readonly phase: "loading" }
  | { readonly phase: "copying"; readonly rounds: readonly Round[]; readonly last: boolean }
  /** `downtime`: milliseconds in which it ran nowhere, by the clocks of both. */
  | { readonly phase: "moved"; readonly rounds: readonly Round[]; readonly downtime: number }
  | { readonly phase: "failed"; readonly why: string };

export const isMovingCommand = (command: { readonly type: string }): command is MovingCommand =>
  command.type === "moveAway" ||
  command.type === "moveHere" ||
  command.type === "moveAgreed" ||
  command.type === "moveEnd";
