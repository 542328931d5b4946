// What is compiled, and what became of it. Lines and columns count from 1, columns in characters of the text.

/** A file of a program: files import one another by these names, and nothing else. */
export interface SolidityFile {
  readonly name: string;
  readonly text: string;
}

/** What the compiler is told besides the files. */
export interface SoliditySettings {
  /** Absent or null: nothing is optimised, and local variables can be shown. */
  readonly optimizer?: { readonly runs: number } | null;
  /** By way of Yul; then the compiler does not tell where local variables are. */
  readonly viaIr?: boolean;
  /** As the compiler names it (`osaka`); absent: that of the project's fork. */
  readonly evmVersion?: string;
}

export interface CompileRequest extends SoliditySettings {
  readonly files: readonly SolidityFile[];
}

/** A part of a file: from its first character to the one after its last. */
export interface TextRange {
  /** Name of the file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Something that the compiler says. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  /** One line, without the place. */
  readonly message: string;
  /** The compiler's number for it, such as `7576`. */
  readonly code: string | null;
  /** What it is about; null where it is about the whole program. */
  readonly range: TextRange | null;
  /** Other places that belong to it, each with its own words. */
  readonly related: readonly { readonly message: string; readonly range: TextRange }[];
}

/** A value that a function takes or gives, for forms. */
export interface AbiParameter {
  /** Empty where the source gives none. */
  readonly name: string;
  /** As it is hashed: `uint256`, `(uint256,address)[]`. */
  readonly type: string;
  /** As the source has it: `struct Bank.Account[]`. */
  readonly internalType: string;
  /** Members, of a tuple or an array of tuples. */
  readonly components: readonly AbiParameter[];
  /** Of an event. */
  readonly indexed: boolean;
}

/** A function, an event, an error, a constructor, or what takes money (`receive`, `fallback`). */
export interface AbiItem {
  readonly kind: "function" | "event" | "error" | "constructor" | "receive" | "fallback";
  /** Empty of a constructor, of receive and fallback. */
  readonly name: string;
  readonly inputs: readonly AbiParameter[];
  readonly outputs: readonly AbiParameter[];
  readonly mutability: "pure" | "view" | "nonpayable" | "payable";
  /** As a project's `abi` has it, with names: `function transfer(address to, uint256 amount) returns (bool)`. A call's
   * `signature` may be this whole text. Empty of a constructor, of receive and fallback. */
  readonly signature: string;
}

/** Where bytes are put into code when it is linked, deployed: in bytes. */
export interface CodeHole {
  readonly start: number;
  readonly length: number;
  /** A library's `File.sol:Name`; null for an immutable variable. */
  readonly library: string | null;
}

/** Bytes of a contract, and where they come from. */
export interface CompiledCode {
  /** Hexadecimal, without 0x; zeros where something is to be put. */
  readonly code: string;
  /** As the compiler writes it: `s:l:f:j:m;...`. */
  readonly sourceMap: string;
  readonly holes: readonly CodeHole[];
  /** Where its functions begin, the compiler's own among them. */
  readonly entries: readonly CodeEntry[];
}

/** A function's first instruction. */
export interface CodeEntry {
  readonly pc: number;
  /** Words it takes from the stack, above the place to return to; and words it leaves. */
  readonly parameterSlots: number;
  readonly returnSlots: number;
  /** Its declaration in {@link Compilation.functions}; null of the compiler's own. */
  readonly function: number | null;
}

/** A type as `storageLayout` has it. */
export interface StorageType {
  readonly encoding: "inplace" | "mapping" | "dynamic_array" | "bytes";
  readonly label: string;
  readonly numberOfBytes: string;
  readonly key?: string;
  readonly value?: string;
  readonly base?: string;
  readonly members?: readonly StoragePlace[];
  /** Of an enumeration: the names of its values. */
  readonly names?: readonly string[];
  /** Of a type with a name of its own for a simple one (`type Id is uint64`): that one. */
  readonly underlying?: string;
}

/** A variable, or a member of a structure, in a layout. */
export interface StoragePlace {
  readonly label: string;
  /** Byte in the slot, from its lowest. */
  readonly offset: number;
  /** Decimal. */
  readonly slot: string;
  readonly type: string;
}

export interface StorageLayout {
  readonly storage: readonly StoragePlace[];
  /** Null of a contract without variables. */
  readonly types: Readonly<Record<string, StorageType>> | null;
}

export interface CompiledContract {
  /** `File.sol:Counter`. */
  readonly name: string;
  readonly file: string;
  readonly contract: string;
  readonly kind: "contract" | "library" | "interface";
  /** An interface, an abstract contract: nothing to be put into the world. */
  readonly abstract: boolean;
  readonly abi: readonly AbiItem[];
  readonly creation: CompiledCode;
  readonly deployed: CompiledCode;
  readonly storage: StorageLayout;
  readonly transient: StorageLayout;
}

/** A variable declared in a function's text, a parameter, or what a function gives back. */
export interface DebugVariable {
  readonly name: string;
  /** As the compiler writes it: `uint256`, `struct Bank.Account memory`. */
  readonly type: string;
  /** Its declaration: first character and length, in bytes of the file. */
  readonly start: number;
  readonly length: number;
  /** Where it can be named, likewise. */
  readonly scope: readonly [start: number, length: number];
  /** What the stack has of it: the value, or where it is. */
  readonly location: "value" | "memory" | "storage" | "calldata";
  /** How its bytes are read. */
  readonly shape: VariableShape;
  /** Words of the stack. */
  readonly words: number;
}

/** What values look like, as far as they are shown. */
export type VariableShape =
  | { readonly is: "number"; readonly signed: boolean; readonly bits: number }
  | { readonly is: "bool" | "address" | "bytes" | "string" | "function" | "unknown" }
  | { readonly is: "fixedBytes"; readonly size: number }
  | { readonly is: "enum"; readonly members: readonly string[] }
  /** Items in memory, call data or storage; `length` null if it comes with the data. */
  | { readonly is: "array"; readonly item: VariableShape; readonly length: number | null }
  | { readonly is: "struct"; readonly members: readonly { readonly name: string; readonly shape: VariableShape }[] };

/** A function, or a modifier, as the debugger needs it. */
export interface DebugFunction {
  /** `Counter.add`; `Counter.constructor`. */
  readonly name: string;
  readonly kind: "function" | "modifier" | "getter";
  /** The compiler's number of the file. */
  readonly file: number;
  readonly start: number;
  readonly length: number;
  /** What is between its braces; null of a getter, and of what is only declared. */
  readonly body: readonly [start: number, length: number] | null;
  readonly isConstructor: boolean;
  readonly parameters: readonly DebugVariable[];
  /** What it gives back and what is declared in it. */
  readonly variables: readonly DebugVariable[];
}

/** What source maps refer to, and what is in it. */
export interface CompiledFile {
  /** As in source maps. */
  readonly id: number;
  readonly name: string;
  readonly text: string;
  /** Statements and parts of them that a step by lines stops at: first character and length, in bytes. */
  readonly statements: readonly (readonly [start: number, length: number])[];
}

/** What a program became. */
export interface Compilation {
  /** The compiler's version, in short: `0.8.37`. */
  readonly version: string;
  /** True if there is something to run: no diagnostic is an error. */
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly optimized: boolean;
  readonly viaIr: boolean;
  readonly files: readonly CompiledFile[];
  readonly contracts: readonly CompiledContract[];
  readonly functions: readonly DebugFunction[];
}

/** How far the compiler is. It is loaded once, then kept by the browser. */
export interface CompilerProgress {
  readonly phase: "loading" | "compiling";
  /** Bytes of the compiler that came so far, and altogether; null if the server does not tell. */
  readonly received: number;
  readonly total: number | null;
}

export type SolidityQuery = { readonly kind: "compile"; readonly request: CompileRequest };

export interface SolidityAnswers {
  readonly compile: Compilation;
}

/** What the page asks of the worker that compiles. */
export type SolidityCommand =
  | { readonly type: "query"; readonly id: number; readonly query: SolidityQuery }
  | { readonly type: "ping" };

/** What that worker tells. */
export type SolidityEvent =
  | { readonly type: "ready" }
  | { readonly type: "answer"; readonly id: number; readonly value: Compilation }
  /** The compiler itself broke, took too long, or could not be loaded: no fault of the text. */
  | { readonly type: "refused"; readonly id: number; readonly message: string }
  | ({ readonly type: "progress" } & CompilerProgress)
  | { readonly type: "crash"; readonly message: string }
  | { readonly type: "pong" };
