// What can be gone back to, and how; what the engine gives of it is told in web/src/x86/history.rs.

/** A point of a machine's run. */
export interface Point {
  /** Instructions since power-on. */
  readonly instruction: number;
  /** Virtual nanoseconds since power-on. */
  readonly time: number;
}

/** How far a machine can go back and forth. */
export interface Past {
  readonly start: Point;
  /** The furthest point reached. */
  readonly end: Point;
  readonly here: Point;
  /** What the machine does now it has done before. */
  readonly isPast: boolean;
  /** Memory that the record takes. */
  readonly bytes: number;
  /** The name of the future that is gone into. */
  readonly branch: number;
}

/** Another future, which was there before something was changed in its past. */
export interface Branch {
  /** Its name, which it keeps. */
  readonly id: number;
  /** The branch it parts from; null: the present future. */
  readonly parent: number | null;
  /** Where it parts. */
  readonly from: Point;
  readonly end: Point;
  /** How much was given to the machine in it. */
  readonly inputs: number;
}

export type EngineMarkKind = "interrupt" | "exception" | "mode" | "disk" | "input" | "reset";

/** Something that happened, or several such things near each other. */
export interface EngineMark extends Point {
  readonly kind: EngineMarkKind;
  readonly detail: string;
  readonly count: number;
}

/** A point with a name: set by the reader, or that of a saved moment. */
export interface Bookmark extends Point {
  readonly id: number;
  readonly name: string;
  readonly saved: boolean;
}

/** A small picture of the screen: what it showed from this point on. */
export interface Thumbnail extends Point {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** Four bytes RGBA a pixel. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** What the timeline asks for. */
export interface TimelineQuery {
  readonly kind: "timeline";
  /** Virtual nanoseconds between which marks are wanted; null for all there is. */
  readonly window: readonly [from: number, to: number] | null;
  /** The most marks. */
  readonly most: number;
  /** Thumbnails up to this number are known already. */
  readonly known: number;
}

/** What it shows. */
export interface TimelineView {
  /** Bytes that the record may take; 0 if nothing is recorded. */
  readonly budget: number;
  readonly past: Past | null;
  readonly branches: readonly Branch[];
  readonly marks: readonly EngineMark[];
  readonly bookmarks: readonly Bookmark[];
  /** The thumbnails of the present branch, by their numbers, in the order of time. */
  readonly thumbnails: readonly number[];
  /** Those of them that were not known. */
  readonly fresh: readonly Thumbnail[];
}

/**
 * Ways back: by an instruction (`over`: a whole call); to the last stop met; to the last write to memory (`at` as a
 * stop's), to a register (by name), to a port (hexadecimal), to what a pixel of the screen is made of (`x,y`).
 */
export type WayBack = "into" | "over" | "continue" | "write" | "register" | "port" | "pixel";

/** What the page asks of the record. */
export type PastCommand =
  | { readonly type: "goBack"; readonly kind: WayBack; readonly at?: string; readonly length?: number }
  /** To an instruction, or to a virtual time in ns; a newer one takes the place of one that is under way. */
  | { readonly type: "goTo"; readonly instruction: number }
  | { readonly type: "goToTime"; readonly time: number }
  | { readonly type: "switchBranch"; readonly id: number }
  | { readonly type: "dropBranch"; readonly id: number }
  /** Records from now on in so many bytes; 0 ends it. */
  | { readonly type: "record"; readonly bytes: number }
  /** Names the present point, or gives a bookmark another name; an empty one takes it away. */
  | { readonly type: "bookmark"; readonly id: number | null; readonly name: string };

const PAST_COMMANDS: Readonly<Record<PastCommand["type"], true>> = {
  goBack: true,
  goTo: true,
  goToTime: true,
  switchBranch: true,
  dropBranch: true,
  record: true,
  bookmark: true,
};

/** Whether a command is one to the record. */
export const isPastCommand = (command: { readonly type: string }): command is PastCommand =>
  Object.hasOwn(PAST_COMMANDS, command.type);

/** Bytes that a record may take where nobody chose: as much as the last minutes of most systems need. */
export const RECORD_BYTES = 256 << 20;
