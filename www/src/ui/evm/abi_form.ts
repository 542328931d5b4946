import type { AbiItem, AbiParameter, Compilation, CompiledContract } from "../../protocol/evm/solidity";

/** A value that a form asks for. */
export interface Field {
  /** Empty where nothing gives one. */
  readonly name: string;
  readonly type: string;
  /** What a value may look like. */
  readonly example: string;
}

/** The parts of a list between its commas, those in brackets left whole. */
function parts(list: string): readonly string[] {
  const found: string[] = [];
  let [depth, from] = [0, 0];
  for (const [at, char] of [...list].entries()) {
    if ("([".includes(char)) depth++;
    if (")]".includes(char)) depth--;
    if (char === "," && depth === 0) {
      found.push(list.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, list.slice(from)].map((part) => part.trim()).filter((part) => part !== "");
}

/** What stands in the first pair of brackets. */
function inBrackets(signature: string): string {
  const from = signature.indexOf("(");
  if (from < 0) return "";
  let depth = 0;
  for (let at = from; at < signature.length; at++) {
    if (signature[at] === "(") depth++;
    if (signature[at] === ")" && --depth === 0) return signature.slice(from + 1, at);
  }
  return signature.slice(from + 1);
}

function exampleOf(type: string): string {
  const item = /^(.*)\[\d*\]$/.exec(type)?.[1];
  if (item !== undefined) return `[${exampleIn(item)}]`;
  if (type.startsWith("(")) {
    const members = parts(inBrackets(type)).map((part) => exampleIn(fieldOf(part).type));
    return `[${members.join(", ")}]`;
  }
  if (type === "bool") return "true";
  if (type === "string") return "text";
  return /^(?:address|bytes)/.test(type) ? "0x…" : "0";
}

/** An example in JSON. */
function exampleIn(type: string): string {
  const example = exampleOf(type);
  return /^[[t]/.test(example) && type !== "string" ? example : JSON.stringify(example);
}

/** `uint256 amount`, `(uint256 a, bool b)[] list`: type and name. */
function fieldOf(part: string): Field {
  const [, type = part, name = ""] =
    /^((?:tuple)?\(.*\)(?:\[\d*\])*|[^\s(]+)(?:\s+(?:indexed|memory|calldata|storage|payable))*(?:\s+([\w$]+))?$/.exec(
      part,
    ) ?? [];
  return { name, type, example: exampleOf(type.replace(/^tuple/, "")) };
}

/** What a function written as a signature is given, as far as that can be seen. */
export const fieldsOf = (signature: string): readonly Field[] => parts(inBrackets(signature)).map(fieldOf);

const parameterField = ({ name, type, internalType }: AbiParameter): Field => ({
  name,
  type: internalType.startsWith("struct ") || internalType.startsWith("enum ") ? internalType : type,
  example: exampleOf(type),
});

/** A function of a compiled contract. */
export interface KnownFunction {
  readonly contract: CompiledContract;
  readonly item: AbiItem;
}

/** Contracts that can be put into the world. */
export const deployable = (compilation: Compilation | null): readonly CompiledContract[] =>
  compilation?.contracts.filter(({ kind, abstract }) => kind === "contract" && !abstract) ?? [];

/** The name by which a contract's code is data: in full where two have the same. */
export function dataName(compilation: Compilation | null, { contract, name }: CompiledContract): string {
  const same = compilation?.contracts.filter((one) => one.contract === contract).length ?? 0;
  return `@${same > 1 ? name : contract}`;
}

/** The contract that `@Counter` or `@File.sol:Counter` means. */
export function contractOf(compilation: Compilation | null, data: string): CompiledContract | undefined {
  const name = data.slice(1);
  return deployable(compilation).find((one) => one.contract === name || one.name === name);
}

export const functionsOf = ({ abi }: CompiledContract): readonly AbiItem[] =>
  abi.filter(({ kind }) => kind === "function");

/** The function that a signature is of, if a compiled contract has it. */
export function knownFunction(compilation: Compilation | null, signature: string): AbiItem | undefined {
  return deployable(compilation)
    .flatMap(functionsOf)
    .find((item) => item.signature === signature);
}

/** What a constructor is given, and whether it takes ether. */
export function constructorOf(contract: CompiledContract | undefined): {
  readonly fields: readonly Field[];
  readonly payable: boolean;
} {
  const item = contract?.abi.find(({ kind }) => kind === "constructor");
  return { fields: item?.inputs.map(parameterField) ?? [], payable: item?.mutability === "payable" };
}

/** What a call's function is given: by its declaration, or by its signature. */
export function callFields(compilation: Compilation | null, signature: string): readonly Field[] {
  return knownFunction(compilation, signature)?.inputs.map(parameterField) ?? fieldsOf(signature);
}
