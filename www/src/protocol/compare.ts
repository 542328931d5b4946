// Two saved moments side by side; what the engine gives of that is told in web/src/x86/compare.rs.
import type { LocalFile, MachineSpec } from "./machine_spec";
import type { ImageRole, MissingImage } from "./moments";

/** A value of the first and of the second moment. */
export type Pair<T> = readonly [first: T, second: T];

/** A field that differs. */
export interface Change {
  readonly name: string;
  readonly values: Pair<string>;
}

/** Bytes that differ, in runs; of each only a beginning is told. */
export interface ByteRuns {
  readonly first: readonly {
    readonly at: number;
    readonly length: number;
    readonly bytes: Pair<readonly number[]>;
  }[];
  /** Runs that there are. */
  readonly count: number;
  readonly bytes: number;
}

/** In what the pictures differ. */
export type ScreenChange =
  | {
      readonly kind: "text";
      readonly rows: readonly { readonly row: number; readonly texts: Pair<string> }[];
      readonly cells: number;
      readonly cursors: Pair<Pair<number> | null>;
    }
  | {
      readonly kind: "pixels";
      readonly count: number;
      /** Left, top, width, height. */
      readonly within: readonly [left: number, top: number, width: number, height: number];
    }
  | { readonly kind: "mode"; readonly modes: Pair<string> };

/** What two moments do not have in common. Lists are cut: `count` tells how long they would be. */
export interface Differences {
  /** In what the machines themselves differ. */
  readonly machine: string | null;
  readonly instructions: Pair<number>;
  /** Virtual nanoseconds. */
  readonly times: Pair<number>;
  readonly registers: readonly Change[];
  /** RAM, by physical address. */
  readonly memory: ByteRuns;
  /** By offset. */
  readonly videoMemory: ByteRuns;
  readonly devices: readonly { readonly name: string; readonly first: readonly Change[]; readonly count: number }[];
  /** Sectors. */
  readonly disks: readonly { readonly drive: string; readonly first: readonly number[]; readonly count: number }[];
  readonly screen: ScreenChange | null;
}

/** A moment that is compared: one of the library, or a file of one. */
export type Compared =
  | { readonly kind: "moment"; readonly id: string }
  | { readonly kind: "file"; readonly file: LocalFile };

/** A run that can be made again: a moment's that keeps it, or one that is given with its machine. */
export type ComparedRun =
  | Compared
  | { readonly kind: "run"; readonly spec: MachineSpec; readonly recording: Uint8Array<ArrayBuffer> };

/** A moment that was compared. */
export interface ComparedView {
  readonly name: string;
  readonly machine: string;
  /** A small picture as PNG. */
  readonly thumbnail: Uint8Array<ArrayBuffer> | null;
  /** Its run since power-on is kept beside it. */
  readonly recorded: boolean;
  /** Addresses outside of this page that its images come from, where it came from elsewhere itself. */
  readonly foreign: readonly string[];
}

/** Where two runs part. */
export type PartingFound =
  /** Equal after so many instructions, different after the next one, of which `instruction` is the text. */
  | {
      readonly kind: "at";
      readonly equal: number;
      readonly instruction: string;
      readonly differences: Differences;
    }
  /** Equal as far as the shorter one goes. */
  | { readonly kind: "nowhere"; readonly end: number }
  /** They are not even equal at power-on. */
  | { readonly kind: "fromTheStart" }
  /** Images that only the reader has are needed to make them again. */
  | { readonly kind: "missing"; readonly images: readonly MissingImage[] };

/** What the page asks of the worker that compares. */
export type CompareQuery =
  | { readonly kind: "differences"; readonly sides: Pair<Compared> }
  | {
      readonly kind: "parting";
      readonly sides: Pair<ComparedRun>;
      /** The address of the page's root. */
      readonly site: string;
      readonly files: Readonly<Partial<Record<ImageRole, LocalFile>>>;
    };

export interface CompareAnswers {
  differences: { readonly sides: Pair<ComparedView>; readonly differences: Differences };
  parting: PartingFound;
}

export type CompareCommand =
  | { readonly type: "query"; readonly id: number; readonly query: CompareQuery }
  | { readonly type: "ping" };

export type CompareEvent =
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "refused"; readonly id: number; readonly message: string }
  | { readonly type: "pong" }
  | { readonly type: "crash"; readonly message: string }
  /** How far a search for the parting is: the runs are equal after `equal` instructions and differ after `differ`. */
  | { readonly type: "searching"; readonly equal: number; readonly differ: number };

/** Asked of the machine that is there: the runs of the present future, and of another one, each as a recording. */
export interface BranchRunsQuery {
  readonly kind: "branchRuns";
  /** The other future. */
  readonly id: number;
}

/** The runs of two futures since power-on. */
export type BranchRuns = Pair<Uint8Array<ArrayBuffer>>;
