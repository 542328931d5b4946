import type {
  CodeEntry,
  CodeHole,
  Compilation,
  CompiledCode,
  CompiledContract,
  CompileRequest,
  Diagnostic,
  StorageLayout,
  StorageType,
  TextRange,
} from "../../protocol/evm/solidity";
import { COMPILER } from "../../strings/worker/compiler";
import { isNode, type Node } from "./ast";
import { type DebugInfo, debugInfo } from "./debug_info";
import { Places } from "./places";
import { abiItem, type RawItem } from "./signatures";

// "Compiler Input and Output JSON Description" of Solidity's documentation.

interface RawLocation {
  readonly file?: string;
  readonly start?: number;
  readonly end?: number;
  readonly message?: string;
}

interface RawError {
  readonly severity?: string;
  readonly message?: string;
  readonly formattedMessage?: string;
  readonly errorCode?: string;
  readonly sourceLocation?: RawLocation;
  readonly secondarySourceLocations?: readonly RawLocation[];
}

interface RawCode {
  readonly object?: string;
  readonly sourceMap?: string;
  readonly linkReferences?: Record<string, Record<string, { start: number; length: number }[]>>;
  readonly immutableReferences?: Record<string, { start: number; length: number }[]>;
  readonly functionDebugData?: Record<
    string,
    { entryPoint: number | null; id: number | null; parameterSlots: number; returnSlots: number }
  >;
}

interface RawContract {
  readonly abi?: readonly RawItem[];
  readonly evm?: { readonly bytecode?: RawCode; readonly deployedBytecode?: RawCode };
  readonly storageLayout?: StorageLayout;
  readonly transientStorageLayout?: StorageLayout;
}

interface RawOutput {
  readonly errors?: readonly RawError[];
  readonly sources?: Record<string, { readonly id: number; readonly ast?: unknown }>;
  readonly contracts?: Record<string, Record<string, RawContract>>;
}

const CODE = ["object", "sourceMap", "linkReferences", "functionDebugData"];

/** What the compiler is asked. */
export function inputOf(request: CompileRequest): string {
  const { files, optimizer, viaIr, evmVersion } = request;
  const wanted = [
    "abi",
    "storageLayout",
    "transientStorageLayout",
    ...CODE.map((part) => `evm.bytecode.${part}`),
    ...[...CODE, "immutableReferences"].map((part) => `evm.deployedBytecode.${part}`),
  ];
  return JSON.stringify({
    language: "Solidity",
    sources: Object.fromEntries(files.map(({ name, text }) => [name, { content: text }])),
    settings: {
      optimizer: optimizer ? { enabled: true, runs: optimizer.runs } : { enabled: false },
      ...(viaIr ? { viaIR: true } : {}),
      ...(evmVersion ? { evmVersion } : {}),
      outputSelection: { "*": { "*": wanted, "": ["ast"] } },
    },
  });
}

/** Reads what the compiler said. */
export function compilationOf(request: CompileRequest, version: string, text: string): Compilation {
  const output = JSON.parse(text) as RawOutput;
  const sources = Object.entries(output.sources ?? {});
  const info = debugInfo(sources.map(([, { ast }]) => ast).filter(isNode));
  const diagnostics = (output.errors ?? []).map((error) => diagnosticOf(error, request));
  const ok = diagnostics.every(({ severity }) => severity !== "error");
  const kinds = kindsOf(sources.map(([name, { ast }]) => [name, ast]));
  const contracts = ok ? Object.entries(output.contracts ?? {}) : [];
  return {
    version: /^\d+\.\d+\.\d+/.exec(version)?.[0] ?? version,
    ok,
    diagnostics,
    optimized: Boolean(request.optimizer),
    viaIr: request.viaIr ?? false,
    files: sources.map(([name, { id }]) => ({
      id,
      name,
      text: request.files.find((file) => file.name === name)?.text ?? "",
      statements: info.statements.get(id) ?? [],
    })),
    contracts: contracts.flatMap(([file, found]) =>
      Object.entries(found).map(([contract, raw]) => contractOf(file, contract, raw, kinds, info)),
    ),
    functions: info.functions,
  };
}

type Kinds = ReadonlyMap<string, CompiledContract["kind"]>;

function kindsOf(trees: readonly (readonly [string, unknown])[]): Kinds {
  const found = new Map<string, CompiledContract["kind"]>();
  for (const [file, tree] of trees)
    for (const node of isNode(tree) && Array.isArray(tree.nodes) ? (tree.nodes as Node[]) : [])
      if (node.nodeType === "ContractDefinition") {
        const kind = node.contractKind;
        found.set(`${file}:${node.name}`, kind === "library" || kind === "interface" ? kind : "contract");
      }
  return found;
}

function contractOf(file: string, contract: string, raw: RawContract, kinds: Kinds, info: DebugInfo): CompiledContract {
  const name = `${file}:${contract}`;
  const creation = codeOf(raw.evm?.bytecode, info);
  return {
    name,
    file,
    contract,
    kind: kinds.get(name) ?? "contract",
    abstract: creation.code === "",
    abi: (raw.abi ?? []).map(abiItem).filter((item) => item !== null),
    creation,
    deployed: codeOf(raw.evm?.deployedBytecode, info),
    storage: layoutOf(raw.storageLayout, info),
    transient: layoutOf(raw.transientStorageLayout, info),
  };
}

function codeOf(raw: RawCode | undefined, info: DebugInfo): CompiledCode {
  const immutables = Object.values(raw?.immutableReferences ?? {})
    .flat()
    .map(({ start, length }): CodeHole => ({ start, length, library: null }));
  const libraries = Object.entries(raw?.linkReferences ?? {}).flatMap(([file, names]) =>
    Object.entries(names).flatMap(([name, places]) =>
      places.map(({ start, length }): CodeHole => ({ start, length, library: `${file}:${name}` })),
    ),
  );
  const entries = Object.values(raw?.functionDebugData ?? {}).flatMap(
    ({ entryPoint, id, parameterSlots, returnSlots }): CodeEntry[] =>
      entryPoint === null
        ? []
        : [{ pc: entryPoint, parameterSlots, returnSlots, function: info.byId.get(id ?? -1) ?? null }],
  );
  return {
    // Where a library's address belongs the compiler writes the library's name.
    code: (raw?.object ?? "").replaceAll(/__\$[0-9a-f]{34}\$__/g, "0".repeat(40)),
    sourceMap: raw?.sourceMap ?? "",
    holes: [...immutables, ...libraries],
    entries: entries.sort((one, other) => one.pc - other.pc),
  };
}

/** The layout, with what only the syntax tree tells of its types. */
function layoutOf(raw: StorageLayout | undefined, info: DebugInfo): StorageLayout {
  const numbered = (type: string) => Number(/\)(\d+)/.exec(type)?.[1] ?? -1);
  const plain = (places: StorageLayout["storage"]) =>
    places.map(({ label, offset, slot, type }) => ({ label, offset, slot, type }));
  const types = Object.entries(raw?.types ?? {}).map(([name, type]): [string, StorageType] => {
    const names = name.startsWith("t_enum(") ? info.enums.get(numbered(name)) : undefined;
    const underlying = name.startsWith("t_userDefined") ? info.underlying.get(numbered(name)) : undefined;
    const members = type.members && plain(type.members);
    return [
      name,
      { ...type, ...(members ? { members } : {}), ...(names ? { names } : {}), ...(underlying ? { underlying } : {}) },
    ];
  });
  return { storage: plain(raw?.storage ?? []), types: Object.fromEntries(types) };
}

function diagnosticOf(raw: RawError, { files }: CompileRequest): Diagnostic {
  const severity = raw.severity === "error" || raw.severity === "warning" ? raw.severity : "info";
  const range = ({ file = "", start = -1, end = -1 }: RawLocation): TextRange | null => {
    const found = files.find(({ name }) => name === file);
    return found && start >= 0 ? new Places(file, found.text).range(start, end - start) : null;
  };
  const related = (raw.secondarySourceLocations ?? []).flatMap((location) => {
    const place = range(location);
    return place ? [{ message: location.message ?? "", range: place }] : [];
  });
  return {
    severity,
    message: readable(raw.message ?? raw.formattedMessage ?? "", files),
    code: raw.errorCode ?? null,
    range: raw.sourceLocation ? range(raw.sourceLocation) : null,
    related,
  };
}

/** What is imported can only be one of the files given: the compiler has no way to ask for another. */
function readable(message: string, files: CompileRequest["files"]): string {
  const missing = /^Source "(.*)" not found/.exec(message)?.[1];
  if (missing === undefined) return message;
  return COMPILER.noFile(missing, files.map(({ name }) => name).join(", "));
}
