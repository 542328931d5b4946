import type { DriveName } from "./machine_spec";

/** Questions about the machine's state; each names the kind of its answer in `Answers`. */
export type Query =
  | { readonly kind: "textScreen" }
  | { readonly kind: "registers" }
  | { readonly kind: "disassembly"; readonly linear: number; readonly count: number }
  | { readonly kind: "memory"; readonly linear: number; readonly length: number }
  | { readonly kind: "pixels" }
  | { readonly kind: "stateHash" }
  /** The machine rests while its disk is copied. */
  | { readonly kind: "diskImage"; readonly drive: DriveName };

export interface TextScreen {
  readonly rows: readonly string[];
  /** Column and row, or nothing when the cursor is off. */
  readonly cursor: readonly [number, number] | null;
}

export interface CodeLine {
  /** Linear address. */
  readonly address: number;
  readonly bytes: readonly number[];
  readonly text: string;
}

/** A picture, four bytes RGBA a pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

export interface SegmentRegister {
  readonly name: string;
  readonly selector: number;
  readonly base: number;
  /** Granularity applied. */
  readonly limit: number;
  /** Descriptor bits 40 to 55. */
  readonly attributes: number;
}

export type GeneralRegister = "eax" | "ebx" | "ecx" | "edx" | "esi" | "edi" | "ebp" | "esp" | "eip";

/** The architectural registers. */
export interface Registers extends Readonly<Record<GeneralRegister, number>> {
  /** Linear address of the next instruction. */
  readonly linear_ip: number;
  readonly eflags: number;
  readonly segments: readonly SegmentRegister[];
  /** CR0, CR2, CR3, CR4. */
  readonly cr: readonly [number, number, number, number];
  /** DR0 to DR7. */
  readonly dr: readonly number[];
  /** Base and limit. */
  readonly gdtr: readonly [number, number];
  readonly idtr: readonly [number, number];
  readonly cpl: number;
  /** As "protected, paging". */
  readonly mode: string;
  readonly halted: boolean;
}

/** A file made by the worker: a Blob, opaque here. */
export interface MadeFile {
  readonly size: number;
}

export interface Answers {
  diskImage: MadeFile;
  textScreen: TextScreen | null;
  registers: Registers;
  disassembly: readonly CodeLine[];
  memory: readonly (number | null)[];
  pixels: Pixels;
  stateHash: string;
}
