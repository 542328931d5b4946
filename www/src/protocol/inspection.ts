import type { AllRegisters, Inspection } from "../../../web/src/x86/inspect";
import type { BranchRuns, BranchRunsQuery } from "./compare";
import type { LinkParts } from "./links";
import type { DriveName } from "./machine_spec";
import type { MomentAnswers, MomentQuery } from "./moments";
import type { StopError, StopSpec, StopView } from "./stops";
import type { TimelineQuery, TimelineView } from "./timeline";

// What the engine's bindings give is declared beside them, once.
export type * from "../../../web/src/x86/inspect";

/** The questions that the bindings answer; none but `writeSpace` and the switches changes anything. */
export type InspectionMethod = keyof Inspection;

/** They are called by name: the worker calls no other. */
export const INSPECTION_METHODS: Readonly<Record<InspectionMethod, true>> = {
  allRegisters: true,
  readSpace: true,
  writeSpace: true,
  searchMemory: true,
  parseAddress: true,
  translate: true,
  descriptorTable: true,
  tss: true,
  pageTable: true,
  code: true,
  manual: true,
  setCounting: true,
  hottest: true,
  setEventLogs: true,
  interruptLog: true,
  portLog: true,
  stack: true,
  devices: true,
  device: true,
  devicePicture: true,
  loadSymbols: true,
  loadProgram: true,
  symbolFiles: true,
  removeSymbols: true,
  clearSymbols: true,
  symbolAt: true,
  symbolNamed: true,
  searchSymbols: true,
  lineAddress: true,
};

/** Questions about the machine's state; each names the kind of its answer in `Answers`. */
export type Query =
  | MomentQuery
  | { readonly kind: "textScreen" }
  | { readonly kind: "registers" }
  | { readonly kind: "disassembly"; readonly linear: number; readonly count: number }
  | { readonly kind: "memory"; readonly linear: number; readonly length: number }
  | { readonly kind: "pixels" }
  | { readonly kind: "stateHash" }
  | { readonly kind: "inspect"; readonly method: InspectionMethod; readonly args: readonly unknown[] }
  /** Sets all stops; the old ones stay if one of them is wrong. */
  | { readonly kind: "setStops"; readonly stops: readonly StopSpec[] }
  | { readonly kind: "stops" }
  /** What is wrong with an expression, or null. */
  | { readonly kind: "checkExpression"; readonly text: string }
  /** What links to this moment are made of. */
  | { readonly kind: "linkParts"; readonly snapshot: boolean }
  | BranchRunsQuery
  | TimelineQuery
  /** The machine rests while its disk is copied. */
  | { readonly kind: "diskImage"; readonly drive: DriveName };

export interface TextScreen {
  readonly rows: readonly string[];
  /** Column and row, or nothing when the cursor is off. */
  readonly cursor: readonly [number, number] | null;
}

export interface DisassemblyLine {
  /** Linear address. */
  readonly address: number;
  readonly bytes: readonly number[];
  readonly text: string;
}

/** A picture, four bytes RGBA a pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Width and height of the picture on a monitor, in any unit. */
  readonly aspect: readonly [number, number];
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

export interface Answers extends MomentAnswers {
  linkParts: LinkParts;
  branchRuns: BranchRuns;
  diskImage: MadeFile;
  textScreen: TextScreen | null;
  registers: Registers;
  disassembly: readonly DisassemblyLine[];
  memory: readonly (number | null)[];
  pixels: Pixels;
  stateHash: string;
  /** What the method gives: `Store.inspect` knows. */
  inspect: ReturnType<Inspection[InspectionMethod]> | AllRegisters;
  setStops: readonly StopError[];
  stops: readonly StopView[];
  timeline: TimelineView;
  checkExpression: { readonly column: number; readonly message: string } | null;
}
