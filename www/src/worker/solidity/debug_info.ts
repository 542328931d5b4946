import type { DebugFunction, DebugVariable, VariableShape } from "../../protocol/evm/solidity";
import { child, children, type Node, placeOf, typeOf, walk } from "./ast";

/** Structures in structures, as deep as they are looked into: one may hold an array of itself. */
const DEEPEST = 6;

/** Statements without statements inside, and what is executed by itself in those that have some. */
const STOPS = new Set([
  "ExpressionStatement",
  "VariableDeclarationStatement",
  "Return",
  "EmitStatement",
  "RevertStatement",
  "Break",
  "Continue",
  "InlineAssembly",
  "ModifierInvocation",
]);
const CONDITIONS = new Set(["IfStatement", "WhileStatement", "DoWhileStatement", "ForStatement"]);

/** What the syntax trees of all files tell. */
export interface DebugInfo {
  readonly functions: readonly DebugFunction[];
  /** Places in `functions` by the compiler's numbers of declarations. */
  readonly byId: ReadonlyMap<number, number>;
  /** By file number. */
  readonly statements: ReadonlyMap<number, readonly (readonly [number, number])[]>;
  /** Names of enumerations' values, by number. */
  readonly enums: ReadonlyMap<number, readonly string[]>;
  /** Simple types under the named ones, by number. */
  readonly underlying: ReadonlyMap<number, string>;
}

type Declarations = ReadonlyMap<number, Node>;

const SIMPLE: Readonly<Record<string, VariableShape>> = {
  bool: { is: "bool" },
  address: { is: "address" },
  "address payable": { is: "address" },
  bytes: { is: "bytes" },
  string: { is: "string" },
};

function elementary(text: string): VariableShape {
  const number = /^(u?)int(\d+)$/.exec(text);
  if (number) return { is: "number", signed: number[1] === "", bits: Number(number[2]) };
  const bytes = /^bytes(\d+)$/.exec(text);
  if (bytes) return { is: "fixedBytes", size: Number(bytes[1]) };
  return SIMPLE[text] ?? { is: "unknown" };
}

/** What values of a type look like, by the type's name in the syntax tree. */
function shapeOf(type: Node | undefined, declarations: Declarations, depth = 0): VariableShape {
  if (!type || depth > DEEPEST) return { is: "unknown" };
  switch (type.nodeType) {
    case "ElementaryTypeName":
      return elementary(typeOf(type).text);
    case "ArrayTypeName": {
      const length = /\$(\d+|dyn)_(?:storage|memory|calldata)(?:_ptr)?$/.exec(typeOf(type).identifier)?.[1];
      if (length === undefined) return { is: "unknown" };
      const item = shapeOf(child(type, "baseType"), declarations, depth + 1);
      return { is: "array", item, length: length === "dyn" ? null : Number(length) };
    }
    case "UserDefinedTypeName":
      return declaredShape(declarations.get(Number(type.referencedDeclaration)), declarations, depth);
    case "FunctionTypeName":
      return { is: "function" };
    default:
      return { is: "unknown" };
  }
}

function declaredShape(declared: Node | undefined, declarations: Declarations, depth: number): VariableShape {
  switch (declared?.nodeType) {
    case "StructDefinition": {
      const members = children(declared, "members").map((member) => ({
        name: member.name ?? "",
        shape: shapeOf(child(member, "typeName"), declarations, depth + 1),
      }));
      return { is: "struct", members };
    }
    case "EnumDefinition":
      return { is: "enum", members: namesOf(declared) };
    case "ContractDefinition":
      return { is: "address" };
    case "UserDefinedValueTypeDefinition":
      return shapeOf(child(declared, "underlyingType"), declarations, depth);
    default:
      return { is: "unknown" };
  }
}

const namesOf = (declared: Node): readonly string[] => children(declared, "members").map(({ name = "" }) => name);

/** `(uint256) pure external` has two words, address and selector; so have call data whose length is not in the type. */
function wordsOf(location: DebugVariable["location"], shape: VariableShape, type: Node | undefined): number {
  if (location === "calldata") {
    const dynamic = shape.is === "bytes" || shape.is === "string" || (shape.is === "array" && shape.length === null);
    return dynamic ? 2 : 1;
  }
  return type?.nodeType === "FunctionTypeName" && type.visibility === "external" ? 2 : 1;
}

function variableOf(node: Node, scope: Node | undefined, declarations: Declarations): DebugVariable {
  const type = child(node, "typeName");
  const shape = shapeOf(type, declarations);
  const stored = node.storageLocation;
  const location = stored === "memory" || stored === "storage" || stored === "calldata" ? stored : "value";
  const { start, length } = placeOf(node);
  const room = placeOf(scope ?? node);
  return {
    name: node.name ?? "",
    type: typeOf(node).text,
    start,
    length,
    scope: [room.start, room.length],
    location,
    shape,
    words: wordsOf(location, shape, type),
  };
}

/** The statement in which what is declared can be named. */
function scopeOf(above: readonly Node[]): Node | undefined {
  return above.findLast(({ nodeType }) => /^(Block|UncheckedBlock|ForStatement|TryCatchClause)$/.test(nodeType));
}

const parametersOf = (node: Node, field: string): readonly Node[] => children(child(node, field), "parameters");

function functionOf(node: Node, contract: string, declarations: Declarations): DebugFunction {
  const kind = node.nodeType === "ModifierDefinition" ? "modifier" : "function";
  const plain = node.name || (typeof node.kind === "string" ? node.kind : "");
  const whole = (one: Node) => variableOf(one, node, declarations);
  const variables = parametersOf(node, "returnParameters").map(whole);
  const body = child(node, "body");
  if (body)
    walk(body, (inner, above) => {
      if (inner.nodeType === "VariableDeclaration") variables.push(variableOf(inner, scopeOf(above), declarations));
    });
  return {
    name: contract ? `${contract}.${plain}` : plain,
    kind,
    ...placeOf(node),
    body: body ? [placeOf(body).start, placeOf(body).length] : null,
    isConstructor: node.kind === "constructor",
    parameters: parametersOf(node, "parameters").map(whole),
    variables,
  };
}

/** Reads the syntax trees of all files. */
export function debugInfo(trees: readonly Node[]): DebugInfo {
  const declarations = new Map<number, Node>();
  for (const tree of trees)
    walk(tree, (node) => {
      if (node.id !== undefined) declarations.set(node.id, node);
    });
  const functions: DebugFunction[] = [];
  const byId = new Map<number, number>();
  const statements = new Map<number, (readonly [number, number])[]>();
  const enums = new Map<number, readonly string[]>();
  const underlying = new Map<number, string>();
  const stop = (node: Node | undefined) => {
    if (!node) return;
    const { start, length, file } = placeOf(node);
    const known = statements.get(file) ?? [];
    known.push([start, length]);
    statements.set(file, known);
  };
  const visit = (node: Node, above: readonly Node[]) => {
    if (STOPS.has(node.nodeType)) stop(node);
    else if (CONDITIONS.has(node.nodeType)) stop(child(node, "condition"));
    else if (node.nodeType === "TryStatement") stop(child(node, "externalCall"));
    const contract = above.find(({ nodeType }) => nodeType === "ContractDefinition");
    const id = node.id ?? -1;
    if (node.nodeType === "EnumDefinition") enums.set(id, namesOf(node));
    if (node.nodeType === "UserDefinedValueTypeDefinition")
      underlying.set(id, typeOf(child(node, "underlyingType") ?? node).text);
    if (node.nodeType === "FunctionDefinition" || node.nodeType === "ModifierDefinition") {
      byId.set(id, functions.length);
      functions.push(functionOf(node, contract?.name ?? "", declarations));
    } else if (node.nodeType === "VariableDeclaration" && node.stateVariable === true && node.visibility === "public") {
      byId.set(id, functions.length);
      const name = `${contract?.name}.${node.name}`;
      const nothing = { body: null, isConstructor: false, parameters: [], variables: [] };
      functions.push({ name, kind: "getter", ...placeOf(node), ...nothing });
    }
  };
  for (const tree of trees) walk(tree, visit);
  return { functions, byId, statements, enums, underlying };
}
