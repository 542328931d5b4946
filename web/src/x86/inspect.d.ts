/**
 * What the panes see of a stopped machine. Everything is plain data. Nothing here changes the machine but
 * `Pc.writeSpace`. Addresses are numbers; 64-bit register values come as two halves.
 */

/** Bits of a register, as the manual or the datasheet draws them. */
export interface RegisterField {
  /** The manual's name: `PE`, `IOPL`, `IRQ0`. */
  name: string;
  /** What it is, in a few words. */
  title: string;
  /** Lowest bit. */
  from: number;
  /** Highest bit. */
  to: number;
  /** As a number, cut to 32 bits. */
  value: number;
  /** What this value says; empty where the number says all. */
  meaning: string;
}

/** A register with its fields from the lowest bit up. */
export interface RegisterView {
  name: string;
  title: string;
  /** I/O port, physical address, index, MSR number or configuration register; null where it has none. */
  address: number | null;
  /** Physical address that its value leads to; null where it is no pointer to memory. */
  memory: number | null;
  /** Bits 0-31. */
  value: number;
  /** Bits 32-63. */
  high: number;
  /** In bits. */
  width: number;
  bits: RegisterField[];
}

/** Registers that belong together. */
export interface RegisterGroup {
  name: string;
  registers: RegisterView[];
}

/** A segment register with its hidden part. */
export interface SegmentDetail {
  name: string;
  selector: number;
  /** `GDT` or `LDT` and the index, with the RPL: `GDT 2, RPL 0`; empty in real and virtual-8086 mode. */
  selectorText: string;
  base: number;
  /** In bytes, granularity applied. */
  limit: number;
  /** Descriptor bits 40-55. */
  attributes: number;
  /** `data, read/write, accessed`, `32-bit TSS, busy`, `unusable`, ... */
  type: string;
  dpl: number;
  present: boolean;
  /** The limit counts pages. */
  granular: boolean;
  /** D or B: 32 bits. */
  big: boolean;
  /** Valid offsets, `0-FFFFF`; an expand-down segment's lie above its limit. */
  range: string;
}

/** One x87 stack register. */
export interface FpuRegister {
  /** `st0` to `st7`. */
  name: string;
  /** Physical register 0-7. */
  physical: number;
  /** Sign and exponent first: 20 hexadecimal digits. */
  hex: string;
  tag: "valid" | "zero" | "special" | "empty";
  class: "zero" | "denormal" | "normal" | "infinity" | "quiet NaN" | "signalling NaN" | "unsupported";
  /** 21 significant digits, `inf`, `nan`. */
  text: string;
}

/** `Pc.allRegisters()`. */
export interface AllRegisters {
  /** EAX ECX EDX EBX ESP EBP ESI EDI EIP. */
  general: RegisterView[];
  eflags: RegisterView;
  /** ES CS SS DS FS GS LDTR TR. */
  segments: SegmentDetail[];
  /** GDTR and IDTR. */
  tables: { name: string; base: number; limit: number }[];
  /** CR0 CR2 CR3 CR4, with PAE also PDPTE0-3. */
  control: RegisterView[];
  /** DR0-DR3, DR6, DR7. */
  debug: RegisterView[];
  msrs: RegisterView[];
  fpu: {
    control: RegisterView;
    status: RegisterView;
    tag: RegisterView;
    /** ST(0) to ST(7). */
    stack: FpuRegister[];
    /** Last instruction and operand: `selector:offset`, and the opcode's 11 bits. */
    instruction: string;
    operand: string;
    opcode: number;
  };
  /** MM0-MM7, 16 hexadecimal digits each. */
  mmx: string[];
  /** XMM0-XMM7, 32 hexadecimal digits each, highest first. */
  xmm: string[];
  mxcsr: RegisterView;
  cpl: number;
  mode: string;
  halted: boolean;
}

/**
 * Where an address counts: `linear`, `physical`, a segment register (`ds`, by its hidden part), or a selector in four
 * hexadecimal digits (`b800`, as a load into DS would make of it now).
 */
export type Space = string;

/** A run of bytes that are not there, and why. */
export interface AbsentRun {
  /** Offset from the first byte asked for. */
  at: number;
  length: number;
  /** The CPU's own reasons first; `device`: reading could disturb it; `open`: no chip answers there. */
  reason: "pf" | "limit" | "null" | "selector" | "device" | "open" | "rom";
  /** In words. */
  text: string;
}

/** `Pc.readSpace()`. */
export interface MemoryView {
  /** Absent bytes are 0 here. */
  bytes: Uint8Array;
  absent: AbsentRun[];
}

/** `Pc.writeSpace()`: all bytes or none were written. */
export interface MemoryWritten {
  written: number;
  /** Why none were. */
  absent: AbsentRun[];
}

/** `Pc.searchMemory()`. */
export interface MemoryHits {
  hits: number[];
  /** Call again with this `from`; null when the range is done. */
  next: number | null;
}

/** A text that was not understood. */
export interface TextError {
  /** Characters before the place at fault. */
  column: number;
  length: number;
  message: string;
}

/** `Pc.parseAddress()`: numbers are hexadecimal; registers, `+`, `-` and symbols may stand in them. */
export type ParsedAddress = { space: Space; offset: number } | { error: TextError };

/** One step of an address translation. */
export interface TranslationStep {
  kind: "selector" | "descriptor" | "check" | "linear" | "cr3" | "pdpte" | "pde" | "pte" | "physical" | "tlb" | "target";
  /** What happens, in a sentence. */
  text: string;
  /** Where what is read lies: linear for descriptors, physical for page-table entries. */
  address: number | null;
  /** What was read, bits by name. */
  entry: RegisterView | null;
  /** A segment as it was found. */
  segment: SegmentDetail | null;
  /** This step holds. The last one does not if there is a fault. */
  ok: boolean;
}

/** The exception an access would raise. */
export interface FaultView {
  vector: number;
  /** `#PF`. */
  name: string;
  /** null where the exception pushes none. */
  errorCode: number | null;
  /** Bits of the error code. */
  code: RegisterView | null;
  /** What CR2 would be after a page fault. */
  cr2: number | null;
  reason: string;
  /** Where the manual says so. */
  section: string;
}

/** `Pc.translate()`. */
export interface TranslationView {
  steps: TranslationStep[];
  linear: number | null;
  physical: number | null;
  /** The pages it lies in, as far as they can be reached: two where it crosses from one into the next. */
  parts: { linear: number; length: number; physical: number }[];
  fault: FaultView | null;
}

/** An entry of a descriptor or interrupt table. */
export interface DescriptorView {
  index: number;
  /** Selector with RPL 0 (GDT, LDT), vector (IDT, IVT). */
  selector: number;
  /** Linear address of the entry. */
  address: number;
  /** As it lies in memory, the highest byte first: 16 digits, 8 in an IVT. Empty if it cannot be read. */
  hex: string;
  kind: "segment" | "system" | "gate" | "vector" | "null" | "absent";
  /** `code, execute/read`, `32-bit interrupt gate`, ... */
  type: string;
  base: number;
  limit: number;
  dpl: number;
  present: boolean;
  big: boolean;
  granular: boolean;
  /** Of a gate or an IVT entry: where it leads. */
  targetSelector: number;
  targetOffset: number;
  /** Where that is linearly; null for task gates, and where the segment cannot be read. */
  targetLinear: number | null;
  targetSymbol: string | null;
  /** Exceptions that using it raises now, each with its reason; empty where it is sound. */
  faults: string[];
}

/** `Pc.descriptorTable()`. */
export interface DescriptorTable {
  base: number;
  limit: number;
  /** Entries that the limit has room for. */
  count: number;
  entries: DescriptorView[];
}

/** `Pc.tss()`. */
export interface TssView {
  selector: number;
  base: number;
  limit: number;
  /** 16 or 32. */
  width: number;
  busy: boolean;
  fields: RegisterView[];
  /** Ports that the permission map opens, as ranges. */
  ports: { first: number; last: number }[];
  notes: string[];
}

/** A range of equal entries of a paging structure. */
export interface PageRange {
  /** First and last linear address. */
  first: number;
  last: number;
  /** Entries merged into this line: consecutive ones with the same rights and consecutive frames. */
  entries: number;
  /** Physical address of the first entry. */
  address: number;
  kind: "table" | "page" | "large" | "absent" | "reserved";
  /** Physical address that the first entry leads to. */
  frame: number;
  /** The first entry. */
  entry: RegisterView;
  /** Children can be asked for by this: `Pc.pageTable(node)`. */
  node: string | null;
}

/** `Pc.pageTable()`. */
export interface PageTable {
  /** `off`, `32-bit`, `PAE`. */
  mode: string;
  /** `PDPT`, `PD`, `PT`. */
  level: string;
  /** Physical address of the table. */
  address: number;
  ranges: PageRange[];
  /** Ranges there are in all. */
  total: number;
}

/** An operand of an instruction, seen from the registers as they are. */
export interface OperandView {
  text: string;
  kind: "register" | "memory" | "immediate" | "target";
  /** Memory: segment register and offset. */
  segment: string;
  offset: number;
  linear: number;
  /** In bytes. */
  size: number;
  /** Hexadecimal, highest digit first; null where memory cannot be read. */
  value: string | null;
}

/** How code is written: NASM's syntax, or AT&T's. */
export type Syntax = "nasm" | "att";

/** A line of `Pc.code()`. */
export interface CodeLine {
  address: number;
  eip: number;
  bytes: number[];
  /** In the syntax asked for. */
  text: string;
  /** Key of `Pc.manual()`. */
  mnemonic: string;
  /** Linear address that a direct branch leads to. */
  target: number | null;
  /** Symbols at the line and at the target, if loaded. */
  symbol: string | null;
  targetSymbol: string | null;
  /** `file:line`. */
  source: string | null;
  /** The text of the source line that begins here, if its file was given. */
  sourceText: string | null;
  /** A conditional branch at EIP: whether it will be taken now. null elsewhere. */
  taken: boolean | null;
  operands: OperandView[];
  /** Names of flags. */
  flagsRead: string[];
  flagsWritten: string[];
  flagsUndefined: string[];
  /** An instruction was executed here before, so that it surely begins here. */
  known: boolean;
  /** How often it ran while counting was on. */
  count: number;
}

/** `Pc.manual()`. */
export interface ManualLine {
  mnemonic: string;
  title: string;
  operation: string;
  /** `CF ZF` and so on; what the manual leaves undefined is in `flagsUndefined`. */
  flagsRead: string[];
  flagsWritten: string[];
  flagsUndefined: string[];
  /** `#GP(0)` and why. */
  faults: string[];
}

/** Code: selector and offset, where that was linearly, and the symbol there. */
export interface CodePlace {
  cs: number;
  eip: number;
  linear: number;
  symbol: string | null;
}

/** An interrupt or exception that was delivered, or failed to be. */
export interface InterruptEvent {
  sequence: number;
  instruction: number;
  /** Virtual nanoseconds. */
  time: number;
  vector: number;
  name: string;
  source: "software" | "exception" | "external";
  errorCode: number | null;
  /** Where it came between: what it returns to. */
  from: CodePlace;
  /** First instruction of the handler; null if delivery raised `failed`. */
  handler: CodePlace | null;
  failed: number | null;
  /** CR2, for #PF. */
  cr2: number | null;
}

/** An access to an I/O port. */
export interface PortEvent {
  sequence: number;
  instruction: number;
  time: number;
  port: number;
  size: number;
  value: number;
  write: boolean;
  /** The instruction. */
  from: CodePlace;
}

/** What to give of a log. Ranges are inclusive; what is left out does not filter. */
export interface LogFilter {
  /** Only events with a higher sequence. */
  after?: number;
  /** At most so many, the newest (256 if left out). */
  count?: number;
  /** Vectors, or ports. */
  first?: number;
  last?: number;
  source?: "software" | "exception" | "external";
  write?: boolean;
}

/** A log as far as its ring reaches. */
export interface EventLog<Event> {
  on: boolean;
  /** Events ever logged. */
  total: number;
  /** Oldest first. */
  events: Event[];
}

/** A cell of the stack. */
export interface StackCell {
  /** Offset in SS, and linear address. */
  offset: number;
  linear: number;
  /** In bytes. */
  size: number;
  /** null if it cannot be read. */
  value: number | null;
  kind: "data" | "return address" | "saved EBP" | "interrupt frame" | "code address";
  /** Which part of an interrupt frame, which function's return, what is pointed at. */
  note: string;
  /** Index in `frames`. */
  frame: number | null;
}

/** A function that is active. */
export interface StackFrame {
  /** EBP of the frame; for the innermost without one: ESP. */
  base: number;
  /** Linear address of the code that runs, or goes on, in it. */
  code: number;
  symbol: string | null;
  source: string | null;
  /** Before the return address lies a CALL. */
  checked: boolean;
}

/** `Pc.stack()`. */
export interface StackView {
  sp: number;
  /** 2 or 4 bytes a cell. */
  size: number;
  cells: StackCell[];
  frames: StackFrame[];
}

/** A line of `Pc.devices()`. */
export interface DeviceName {
  /** Key of `Pc.device()`. */
  name: string;
  title: string;
}

/** `Pc.device()`. */
export interface DeviceView {
  name: string;
  title: string;
  groups: RegisterGroup[];
  /** Keys of `Pc.devicePicture()`. */
  pictures: { name: string; title: string }[];
}

/** `Pc.devicePicture()`. */
export interface DevicePicture {
  width: number;
  height: number;
  rgba: Uint8Array;
}

/** A line of `Pc.symbolFiles()`. */
export interface SymbolFile {
  name: string;
  /** `nasm` is a listing, `program` one that was assembled in the page. */
  format: "elf" | "system.map" | "nasm" | "nasm map" | "source" | "program";
  /** What was added to its addresses. */
  base: number;
  symbols: number;
  /** Addresses with a source line. */
  lines: number;
  /** Source files that those lines are of. */
  sources: number;
  /** What was left out, and why. */
  notes: string[];
}

/** `Pc.loadSymbols()`. */
export type SymbolsLoaded = SymbolFile | { error: string };

/** What `Pc.loadProgram()` takes. */
export interface ProgramSymbols {
  name: string;
  /** Its source. */
  text: string;
  /** Labels with linear addresses. */
  labels: readonly (readonly [string, number])[];
  /** Linear addresses with lines, from 1. */
  lines: readonly (readonly [number, number])[];
}

/** A line of `Pc.searchSymbols()`. */
export interface SymbolHit {
  name: string;
  address: number;
}

/** `Pc.hottest()`. */
export interface Hottest {
  /** Whether it is counted. */
  on: boolean;
  /** Instructions counted in all. */
  total: number;
  lines: { linear: number; count: number; symbol: string | null }[];
}

/** `Pc.symbolAt()`. */
export interface SymbolView {
  name: string;
  address: number;
  /** From the symbol to the address asked for. */
  offset: number;
  /** In bytes, 0 if unknown. */
  size: number;
  source: string | null;
}

/** The methods of `Pc` that give all this. Lengths and counts beyond the limits are cut, never refused. */
export interface Inspection {
  allRegisters(): AllRegisters;
  /** At most 64 KiB. `offset` may have 36 bits in `physical`. Throws if there is no such space. */
  readSpace(space: Space, offset: number, length: number): MemoryView;
  /**
   * Edits memory: write protection does not count, absence does. The machine goes on from the changed state; code
   * that is overwritten is decoded anew.
   */
  writeSpace(space: Space, offset: number, bytes: Uint8Array): MemoryWritten;
  /**
   * Where `pattern` (1 to 256 bytes; any byte where it has more than 255) begins in `first` to `last`, at most `most` (1000)
   * hits and 4 MiB of readable bytes a call. `foldCase`: ASCII letters of either case are equal.
   */
  searchMemory(
    space: Space,
    first: number,
    last: number,
    pattern: Uint16Array,
    foldCase: boolean,
    most: number,
  ): MemoryHits;
  /** `ds:1234`, `es:di+4`, `10:c0001000`, `phys a0000`, `linear esp+8` (`linear` may be left out), `main+4`, `boot.c:12`. */
  parseAddress(text: string): ParsedAddress;
  /**
   * `size` 1 to 512 bytes (an instruction: 15); `cpl` 0-3, or -1 for the current one. `execute` in a selector's space is
   * what a far CALL leads to, through call gates too.
   */
  translate(
    space: Space,
    offset: number,
    access: "read" | "write" | "execute",
    size: number,
    cpl: number,
  ): TranslationView;
  /** At most 1024 entries. */
  descriptorTable(which: "gdt" | "ldt" | "idt" | "ivt", first: number, count: number): DescriptorTable;
  /** The task register's TSS, or that of a selector (0: the task register's); null if there is none. */
  tss(selector: number): TssView | null;
  /** The root (`node` empty) or a table below it; at most 1024 ranges from number `first` on. */
  pageTable(node: string, first: number, count: number): PageTable;
  /**
   * `before` (at most 500) instructions that end where one at the linear address begins, and `after` (at most 500)
   * from there on, in the current code size; in NASM's syntax unless another is asked for.
   */
  code(linear: number, before: number, after: number, syntax?: Syntax): CodeLine[];
  manual(mnemonic: string): ManualLine[];
  /** Counts how often each instruction runs, from 0. While it is on the machine executes one at a time: slower. */
  setCounting(on: boolean): void;
  /** The lines that ran most often, and instructions counted in all. */
  hottest(count: number): Hottest;
  /** Switches the logs; off drops what they hold. They keep `capacity` (at most 65536) events each. */
  setEventLogs(interrupts: boolean, ports: boolean, capacity: number): void;
  interruptLog(filter: LogFilter): EventLog<InterruptEvent>;
  portLog(filter: LogFilter): EventLog<PortEvent>;
  /** `cells` (at most 1024) from SP up. */
  stack(cells: number): StackView;
  devices(): DeviceName[];
  device(name: string): DeviceView | null;
  devicePicture(device: string, picture: string): DevicePicture | null;
  /**
   * Adds an ELF file (symbols, DWARF line table), a System.map, a NASM listing or map, or the source text of a file that
   * lines are known of. `base` is added to its addresses. An older file of the same name goes.
   */
  loadSymbols(name: string, bytes: Uint8Array, base: number): SymbolsLoaded;
  loadProgram(program: ProgramSymbols): SymbolsLoaded;
  symbolFiles(): SymbolFile[];
  /** False if there is none so called. */
  removeSymbols(name: string): boolean;
  clearSymbols(): void;
  symbolAt(linear: number): SymbolView | null;
  /** Linear address of a symbol. */
  symbolNamed(name: string): number | null;
  /** At most `most` (1000) with the text in their name, in either case; those that begin with it first. */
  searchSymbols(text: string, most: number): SymbolHit[];
  /** Linear address of the first instruction of a source line. */
  lineAddress(file: string, line: number): number | null;
}
