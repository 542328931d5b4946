import type { StopPlace } from "./evm/message";
import type { EvmProject } from "./evm/request";
import { DRIVE_NAMES, type DriveName, type MachineSpec } from "./machine_spec";
import type { StopSpec } from "./stops";

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

/** Where a run of the EVM stands, and all by which the run is made again: it is deterministic. */
export interface EvmPlace {
  readonly panes?: Panes;
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

/** A moment of a run of the EVM, as links hold it. */
export interface EvmMoment extends LinkWords, EvmPlace {}

/** The images of a PC by their part in it. */
export type ImagePart = DriveName | "bios" | "vgaBios" | "kernel" | "initrd";

export const IMAGE_PARTS: readonly ImagePart[] = [...DRIVE_NAMES, "bios", "vgaBios", "kernel", "initrd"];

/** Where an image of a PC comes from when a link is opened. */
export type LinkImage =
  /** Beside the page, by its path under the page's root: guests of the gallery, firmware. */
  | { readonly site: string; readonly whole: boolean }
  /** On another host, which the reader is asked about. */
  | { readonly url: string; readonly whole: boolean }
  /** A floppy with a program for the page's assembler. */
  | { readonly program: string }
  /** In the link: how it begins; zeros follow, up to `size` bytes. */
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly size: number }
  /** A file that the reader has to choose; `print` is that of `fingerprint`. */
  | { readonly own: string; readonly size: number; readonly print: string };

/** What a PC is made of. Firmware that is not named is the page's own. */
export interface LinkMachine
  extends Pick<MachineSpec, "title" | "memoryMb" | "bootOrder" | "resetOnShutdown" | "rtcUnixSeconds"> {
  /** What Linux is told at its start, where there is a kernel. */
  readonly append?: string;
  readonly images: Readonly<Partial<Record<ImagePart, LinkImage>>>;
}

/** How a machine that was just powered on comes to a moment. */
export type Way =
  /** All that came from outside since power-on, as `Pc.recording()` gives it: the run is made again. */
  | { readonly recording: Uint8Array<ArrayBuffer> }
  /** Its whole state, as `Pc.save()` gives it. */
  | { readonly snapshot: Uint8Array<ArrayBuffer> }
  /** Its whole state, as a file on any static host: its size in bytes, and SHA-256 in hexadecimal. */
  | { readonly file: string; readonly size: number; readonly sha256: string };

/** Where a machine is to stand. */
export interface Arrival {
  readonly way: Way;
  /** Instructions executed. */
  readonly instruction: number;
  /** Virtual nanoseconds, in decimal: there are more than a number holds exactly. */
  readonly time: string;
  /** The state hash there: 32 hexadecimal digits. */
  readonly hash: string;
}

/** What links to a machine's present moment are made of. */
export interface LinkParts extends Omit<Arrival, "way"> {
  /** Null where the run was not recorded from power-on. */
  readonly recording: Uint8Array<ArrayBuffer> | null;
  /** Null where it was not asked for: making one takes a while. */
  readonly snapshot: Uint8Array<ArrayBuffer> | null;
}

/** A moment of a PC. */
export interface PcMoment extends LinkWords {
  readonly machine: LinkMachine;
  readonly arrival: Arrival;
  readonly stops: readonly StopSpec[];
}

/** A file of a moment on another host has at most so many bytes. */
export const LARGEST_FILE = 256 << 20;

/** A moment that a link holds, by the machine it is one of. */
export type LinkMoment =
  | { readonly engine: "evm"; readonly moment: EvmMoment }
  | { readonly engine: "pc"; readonly moment: PcMoment };

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
