import type { StorageType, VariableShape } from "../../../protocol/evm/solidity";

/** Members and items shown of one value. */
const MOST = 64;
/** Characters of a text, bytes of a sequence, shown. */
const LONGEST = 1024;

/** A word of 64 digits. */
export const digitsOf = (value: bigint): string => BigInt.asUintN(256, value).toString(16).padStart(64, "0");

/** Bytes as text in quotes. What is no UTF-8 stands as marks. */
export function quoted(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, LONGEST));
  return `${JSON.stringify(text)}${bytes.length > LONGEST ? "…" : ""}`;
}

export function hexOf(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, LONGEST);
  return `0x${Array.from(shown, (byte) => byte.toString(16).padStart(2, "0")).join("")}${bytes.length > LONGEST ? "…" : ""}`;
}

export function bytesOf(digits: string): Uint8Array<ArrayBuffer> {
  const plain = digits.replace(/^0x/, "");
  const bytes = new Uint8Array(plain.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(plain.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** A value of a type that fits into a word, as stack and memory have it; null for others. */
export function wordText(shape: VariableShape, value: bigint): string | null {
  switch (shape.is) {
    case "number":
      return (shape.signed ? BigInt.asIntN(shape.bits, value) : BigInt.asUintN(shape.bits, value)).toString();
    case "bool":
      return value === 0n ? "false" : "true";
    case "address":
      return `0x${digitsOf(value).slice(24)}`;
    case "fixedBytes":
      return `0x${digitsOf(value).slice(0, 2 * shape.size)}`;
    case "enum":
      return shape.members[Number(BigInt.asUintN(32, value))] ?? value.toString();
    default:
      return null;
  }
}

/** Bytes of memory or call data; what is beyond them was not given. */
export interface Bytes {
  /** Null where it ends before. */
  read(offset: number, size: number): Uint8Array | null;
}

function wordAt(bytes: Bytes, offset: number): bigint | null {
  const found = bytes.read(offset, 32);
  return found && BigInt(hexOf(found));
}

/** A place or a length, if it can be one. */
function small(value: bigint | null): number | null {
  return value !== null && value <= 1n << 30n ? Number(value) : null;
}

const isWord = (shape: VariableShape): boolean => wordText(shape, 0n) !== null;

function items(count: number, show: (index: number) => string | null): string | null {
  const shown: string[] = [];
  for (let index = 0; index < Math.min(count, MOST); index++) {
    const text = show(index);
    if (text === null) return null;
    shown.push(text);
  }
  return `[${shown.join(", ")}${count > MOST ? ", …" : ""}]`;
}

/** A value in memory, which words refer to (Solidity's documentation, "Layout in Memory"). `left` bounds what is read. */
export function memoryText(
  shape: VariableShape,
  offset: number,
  memory: Bytes,
  left = { values: 4096 },
): string | null {
  const inner = (item: VariableShape, at: number): string | null => {
    if (left.values-- <= 0) return "…";
    const word = wordAt(memory, at);
    if (word === null) return null;
    if (isWord(item)) return wordText(item, word);
    const place = small(word);
    return place === null ? null : memoryText(item, place, memory, left);
  };
  switch (shape.is) {
    case "bytes":
    case "string": {
      const length = small(wordAt(memory, offset));
      const bytes = length === null ? null : memory.read(offset + 32, length);
      return bytes && (shape.is === "string" ? quoted(bytes) : hexOf(bytes));
    }
    case "array": {
      const length = shape.length ?? small(wordAt(memory, offset));
      const first = shape.length === null ? offset + 32 : offset;
      return length === null ? null : items(length, (index) => inner(shape.item, first + 32 * index));
    }
    case "struct": {
      const members = shape.members.map(({ name, shape: member }, index) => [name, inner(member, offset + 32 * index)]);
      if (members.some(([, text]) => text === null)) return null;
      return `{${members.map(([name, text]) => `${name}: ${text}`).join(", ")}}`;
    }
    default:
      return null;
  }
}

/** A value in call data at a place; of one whose length is not in the type `length` comes from the stack. Values that
 * contain others of unknown length are not read. */
export function callDataText(shape: VariableShape, offset: number, length: number | null, data: Bytes): string | null {
  const fixed = (item: VariableShape, at: number): string | null => {
    const word = isWord(item) ? wordAt(data, at) : null;
    return word === null ? callDataText(item, at, null, data) : wordText(item, word);
  };
  switch (shape.is) {
    case "bytes":
    case "string": {
      const bytes = length === null ? null : data.read(offset, length);
      return bytes && (shape.is === "string" ? quoted(bytes) : hexOf(bytes));
    }
    case "array": {
      const count = shape.length ?? length;
      const size = sizeOf(shape.item);
      return count === null || size === null ? null : items(count, (index) => fixed(shape.item, offset + size * index));
    }
    case "struct": {
      const shown: string[] = [];
      let at = offset;
      for (const { name, shape: member } of shape.members) {
        const size = sizeOf(member);
        const text = size === null ? null : fixed(member, at);
        if (size === null || text === null) return null;
        shown.push(`${name}: ${text}`);
        at += size;
      }
      return `{${shown.join(", ")}}`;
    }
    default:
      return null;
  }
}

/** Bytes of a value in call data; null where they depend on the value. */
function sizeOf(shape: VariableShape): number | null {
  if (isWord(shape)) return 32;
  if (shape.is === "array" && shape.length !== null) {
    const size = sizeOf(shape.item);
    return size === null ? null : size * shape.length;
  }
  if (shape.is !== "struct") return null;
  return shape.members.reduce<number | null>((sum, { shape: member }) => {
    const size = sizeOf(member);
    return sum === null || size === null ? null : sum + size;
  }, 0);
}

/** A value of a type that is packed into slots: `value` are its own bytes, right-aligned. */
export function packedText(id: string, type: StorageType, value: bigint): string {
  const simple = type.underlying ?? id.replace(/^t_/, "");
  const number = /^(u?)int(\d+)$/.exec(simple);
  if (number) return wordText({ is: "number", signed: number[1] === "", bits: Number(number[2]) }, value) ?? "";
  const bytes = /^bytes(\d+)$/.exec(simple);
  if (bytes) return `0x${value.toString(16).padStart(2 * Number(bytes[1]), "0")}`;
  if (simple === "bool") return value === 0n ? "false" : "true";
  if (/^(address|contract)/.test(simple)) return `0x${value.toString(16).padStart(40, "0")}`;
  if (type.names) return type.names[Number(value)] ?? value.toString();
  if (simple.startsWith("function_external")) {
    const digits = value.toString(16).padStart(48, "0");
    return `0x${digits.slice(0, 40)}.${digits.slice(40)}`;
  }
  return value.toString();
}
