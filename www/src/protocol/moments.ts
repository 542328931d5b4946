import type { MadeFile } from "./inspection";
import type { EvmPlace } from "./links";
import type { DriveName, LocalFile, MachineSpec } from "./machine_spec";

/** Where an image comes from when a moment is opened again. */
export type KeptSource =
  /** Beside the page, under its root: guests of the gallery, firmware. */
  | { readonly kind: "site"; readonly path: string; readonly whole: boolean }
  | { readonly kind: "url"; readonly url: string; readonly whole: boolean }
  /** In the library itself: programs that were assembled, small images. `sha256` in hexadecimal. */
  | { readonly kind: "kept"; readonly name: string; readonly size: number; readonly sha256: string }
  /** The reader's own file, which has to be chosen again; `print` is that of `fingerprint`. */
  | { readonly kind: "own"; readonly name: string; readonly size: number; readonly print: string };

/** The images of a machine by their part in it. */
export type ImageRole = DriveName | "bios" | "vgaBios" | "kernel" | "initrd";

/** What a machine is made of, without the bytes of its images. */
export interface Recipe
  extends Pick<MachineSpec, "title" | "memoryMb" | "bootOrder" | "resetOnShutdown" | "rtcUnixSeconds" | "symbols"> {
  readonly bootInstructions?: number;
  readonly append?: string;
  readonly images: Readonly<Partial<Record<ImageRole, KeptSource>>>;
}

/** What a moment is of. */
export type MomentBody =
  | { readonly kind: "pc"; readonly recipe: Recipe }
  /** The whole card is kept as the manifest; see `worker/moments/evm_card.ts`. */
  | { readonly kind: "evm" };

/** A place in the store where pages of a moment lie. */
export interface PackUse {
  readonly pack: number;
  /** Pages of this moment in it. */
  readonly pages: number;
  /** Bytes of the whole pack. */
  readonly bytes: number;
}

/** A saved moment as the store has it. */
export interface MomentRecord {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  /** A small picture as PNG. */
  readonly thumbnail: Uint8Array<ArrayBuffer> | null;
  readonly machine: string;
  /** Instructions, or the EVM's steps, executed. */
  readonly instruction: number;
  /** Milliseconds since 1970. */
  readonly date: number;
  /** The moment from which this one was reached. */
  readonly parent: string | null;
  readonly body: MomentBody;
  /** All that came to the machine since power-on, where that is known: the run can be made again. */
  readonly recording?: Uint8Array<ArrayBuffer>;
  /** The snapshot's own name; empty for the EVM. */
  readonly snapshot: string;
  /** Bytes of the manifest and of kept images that are this moment's. */
  readonly ownBytes: number;
  readonly packs: readonly PackUse[];
  /** A moment kept without being asked: the run it is of. */
  readonly run: string | null;
  /** It came in a file from elsewhere: what it loads from other sites is asked about. */
  readonly imported: boolean;
  /** When it was deleted, while that can be undone. */
  readonly deleted: number | null;
}

/** A saved moment as the page shows it. */
export interface MomentView extends Omit<MomentRecord, "packs" | "ownBytes" | "body" | "recording"> {
  readonly kind: MomentBody["kind"];
  /** Bytes that deleting it would free, and those that other moments need too. */
  readonly alone: number;
  readonly shared: number;
  /** Addresses outside of this page that its images are loaded from. */
  readonly foreign: readonly string[];
  /** The run it is of goes on in some tab. */
  readonly live: boolean;
}

/** How long a save took, in milliseconds, and what was written. */
export interface SaveReport {
  readonly id: string;
  readonly instruction: number;
  /** Bytes written to the store. */
  readonly bytes: number;
  /** From the first to the last step. */
  readonly total: number;
  /** The longest time for which the machine had to wait. */
  readonly longest: number;
}

/** An image that only the reader can give. */
export interface MissingImage {
  readonly role: ImageRole;
  readonly name: string;
  readonly size: number;
  /** A file was given, and it is another one. */
  readonly wrong: boolean;
}

/** What it takes to boot the machine of a moment. */
export type Resolved =
  | { readonly kind: "spec"; readonly spec: MachineSpec }
  | { readonly kind: "missing"; readonly images: readonly MissingImage[] }
  | { readonly kind: "evm"; readonly place: EvmPlace };

/** What the page asks of the library's worker. */
export type LibraryQuery =
  | { readonly kind: "list" }
  | { readonly kind: "describe"; readonly id: string; readonly name: string; readonly note: string }
  /** Deletes; what was deleted before can be brought back no more. */
  | { readonly kind: "remove"; readonly ids: readonly string[] }
  | { readonly kind: "bringBack"; readonly ids: readonly string[] }
  /** Frees what deleted moments alone needed. */
  | { readonly kind: "sweep" }
  | { readonly kind: "export"; readonly id: string }
  | { readonly kind: "import"; readonly file: LocalFile }
  | {
      readonly kind: "resolve";
      readonly id: string;
      /** The address of the page's root. */
      readonly site: string;
      readonly files: Readonly<Partial<Record<ImageRole, LocalFile>>>;
    }
  /** Keeps a moment of the EVM. */
  | { readonly kind: "keepEvm"; readonly moment: KeptEvm }
  /** The same as a file to hand on: the browser keeps nothing of it. */
  | { readonly kind: "evmFile"; readonly moment: KeptEvm };

/** A moment of the EVM on its way into the library. */
export interface KeptEvm extends Pick<MomentRecord, "name" | "note" | "machine" | "parent"> {
  readonly place: EvmPlace;
}

export interface LibraryAnswers {
  list: readonly MomentView[];
  describe: null;
  remove: null;
  bringBack: null;
  sweep: null;
  export: MadeFile;
  /** The new moment. */
  import: string;
  resolve: Resolved;
  keepEvm: string;
  evmFile: MadeFile;
}

export type LibraryCommand =
  | { readonly type: "query"; readonly id: number; readonly query: LibraryQuery }
  | { readonly type: "ping" };

export type LibraryEvent =
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "refused"; readonly id: number; readonly message: string }
  | { readonly type: "pong" };

/** Tabs and workers tell each other on this channel that the library changed; a save tells how it went. */
export const LIBRARY_CHANNEL = "glassbox.library";

export interface LibraryNews {
  readonly saved?: SaveReport & { readonly run: string | null };
}

/** Whoever runs the machine of a run holds the lock of this name. */
export const runLock = (run: string): string => `glassbox.run.${run}`;

/** What is asked about the moment of the machine that is there. */
export type MomentQuery =
  | { readonly kind: "saveMoment"; readonly name: string; readonly note: string }
  /** The same as a file to hand on: the browser keeps nothing of it. */
  | { readonly kind: "momentFile"; readonly name: string; readonly note: string };

export interface MomentAnswers {
  saveMoment: SaveReport;
  momentFile: MadeFile;
}

export const isMomentQuery = (query: { readonly kind: string }): query is MomentQuery =>
  query.kind === "saveMoment" || query.kind === "momentFile";
