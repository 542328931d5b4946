import type { StopPlace } from "./evm/message";
import type { EvmProject } from "./evm/request";

/** Characters of a link, from its `#` on, at most: 64 KiB of a snapshot as text, and what goes with it. */
export const LONGEST_LINK = 96 * 1024;
/** Bytes that a link may become when it is unpacked. */
export const LARGEST_UNPACKED = 2 << 20;
export const LONGEST_AUTHOR = 80;
export const LONGEST_NOTE = 2000;

/** Which panes are shown, and how they are arranged. */
export interface Panes {
  readonly preset: string;
  /** Kinds of panes that are open. */
  readonly open: readonly string[];
  /** Of these, the ones in front. */
  readonly front: readonly string[];
}

/** What every link holds, whichever machine it opens. */
export interface LinkWords {
  /** Who made it, as they say themselves; nobody checks that. */
  readonly author: string;
  readonly note: string;
  readonly panes?: Panes;
}

/** What the maker of a link saw at its step: seen again, it is the same moment. */
export interface EvmWitness {
  /** Frames that are open; 0 at the transaction's end. */
  readonly depth: number;
  readonly pc: number;
  /** Gas left to the innermost frame. */
  readonly gas: number;
}

/** A moment of a run of the EVM. */
export interface EvmMoment extends LinkWords {
  readonly project: EvmProject;
  /** Which transaction, from 0. */
  readonly transaction: number;
  /** Instructions executed of it. */
  readonly position: number;
  readonly seen: EvmWitness;
  readonly stops: readonly StopPlace[];
  /** Steps go by lines. */
  readonly byLine: boolean;
}

/** A moment that a link holds, by the machine it is one of. */
export type LinkMoment = { readonly engine: "evm"; readonly moment: EvmMoment };

/** Why a link was refused; nothing of it was used. */
export type LinkTrouble =
  /** Too long; not written in the characters of links; by a later version of the page; packed wrongly. */
  | { readonly kind: "tooLong" | "notLink" | "newer" | "packed" }
  /** Unpacks to more than any link of ours holds. */
  | { readonly kind: "tooLarge" }
  /** Takes longer to read than any link of ours. */
  | { readonly kind: "tooSlow" }
  /** The reader itself could not be loaded. */
  | { readonly kind: "noReader" }
  /** No text; no JSON. */
  | { readonly kind: "notText" | "notJson" }
  /** A field is missing, or not what it should be. */
  | { readonly kind: "field"; readonly path: string };

/** What the worker that reads links says: first that it is ready, then one answer for each text. */
export type LinkEvent =
  | { readonly type: "ready" }
  /** `unpacked`: bytes that it became. */
  | { readonly type: "read"; readonly link: LinkMoment; readonly unpacked: number }
  | { readonly type: "refused"; readonly why: LinkTrouble };

/** Whether the part of an address after its path is meant as a link to a moment. */
export const isLink = (hash: string): boolean => /^#(evm|pc)\d/.test(hash);

// Control characters, and those that turn the direction of the text around them, have no place in words of strangers.
const UNFIT = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** A name of a person as links hold it: one short line. */
export const cleanAuthor = (author: string): string =>
  author.replace(UNFIT, "").replace(/\s+/g, " ").trim().slice(0, LONGEST_AUTHOR).trim();

/** A note as links hold it: lines of text. */
export const cleanNote = (note: string): string =>
  note.replace(/\r\n?/g, "\n").replace(UNFIT, "").trim().slice(0, LONGEST_NOTE).trim();
