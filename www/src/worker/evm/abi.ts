import type { Decoded } from "../../protocol/evm/whole";

/** A type of the Solidity ABI specification, as far as it is read here. Tuples are not. */
interface AbiType {
  readonly text: string;
  readonly base: "uint" | "int" | "address" | "bool" | "fixedBytes" | "bytes" | "string" | "array";
  /** Bits of a number, bytes of a fixed sequence. */
  readonly size: number;
  readonly item?: AbiType;
  /** Items of an array; null if their number comes with the data. */
  readonly length?: number | null;
}

interface Parameter {
  readonly type: AbiType;
  readonly indexed: boolean;
}

interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly isEvent: boolean;
  /** As it is hashed. */
  readonly canonical: string;
}

const WORD = 64;
const MOST_ITEMS = 1000;

function parseType(text: string): AbiType {
  const array = /^(.+)\[(\d*)\]$/.exec(text);
  if (array) {
    const item = parseType(array[1] ?? "");
    return {
      text: `${item.text}[${array[2]}]`,
      base: "array",
      size: 0,
      item,
      length: array[2] ? Number(array[2]) : null,
    };
  }
  const number = /^(u?int)(\d*)$/.exec(text);
  if (number) {
    const size = number[2] ? Number(number[2]) : 256;
    const base = number[1] as "uint" | "int";
    if (size >= 8 && size <= 256 && size % 8 === 0) return { text: `${base}${size}`, base, size };
  }
  const bytes = /^bytes(\d+)$/.exec(text);
  if (bytes && Number(bytes[1]) >= 1 && Number(bytes[1]) <= 32)
    return { text, base: "fixedBytes", size: Number(bytes[1]) };
  if (text === "address" || text === "bool" || text === "bytes" || text === "string")
    return { text, base: text, size: 0 };
  throw new Error(
    `${text || "an empty type"}: no type known here; use uint256, address, bool, bytes32, string, T[] ...`,
  );
}

/** Reads `name(type,type indexed name)`, with `event` before it or not. */
export function parseSignature(text: string): Signature {
  const match = /^\s*(event\s+|function\s+)?([A-Za-z_$][\w$]*)\s*\(([^()]*)\)/.exec(text);
  if (!match) throw new Error(`${text}: no function; write it as transfer(address,uint256)`);
  const inside = (match[3] ?? "").trim();
  const parameters = inside === "" ? [] : inside.split(",").map(parseParameter);
  const canonical = `${match[2]}(${parameters.map(({ type }) => type.text).join(",")})`;
  return { name: match[2] ?? "", parameters, isEvent: match[1]?.startsWith("event") ?? false, canonical };
}

function parseParameter(text: string): Parameter {
  const [type = "", ...rest] = text.trim().split(/\s+/);
  return { type: parseType(type), indexed: rest.includes("indexed") };
}

const isDynamic = (type: AbiType): boolean =>
  type.base === "bytes" ||
  type.base === "string" ||
  (type.base === "array" && (type.length === null || (type.item !== undefined && isDynamic(type.item))));

const headSize = (type: AbiType): number =>
  type.base === "array" && !isDynamic(type) && type.item ? (type.length ?? 0) * headSize(type.item) : WORD;

const word = (value: bigint): string => BigInt.asUintN(256, value).toString(16).padStart(WORD, "0");

/** A number as people write it: decimal, 0x, a minus before it, underscores in it. */
function numberOf(text: string, what: string): bigint {
  const plain = text.trim().replaceAll("_", "");
  try {
    if (plain === "" || plain === "-") throw new Error();
    return plain.startsWith("-") ? -BigInt(plain.slice(1)) : BigInt(plain);
  } catch {
    throw new Error(`${what}: expected a number, such as 12 or 0xc`);
  }
}

function hexOf(text: string, what: string): string {
  const digits = text.trim().replace(/^0x/i, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(`${what}: expected bytes in hexadecimal, such as 0x6001`);
  return digits.toLowerCase();
}

const padRight = (digits: string): string => digits.padEnd(Math.ceil(digits.length / WORD) * WORD, "0");

function encodeNumber(type: AbiType, text: string): string {
  const value = numberOf(text, type.text);
  const signed = type.base === "int";
  const least = signed ? -(1n << BigInt(type.size - 1)) : 0n;
  const most = (1n << BigInt(signed ? type.size - 1 : type.size)) - 1n;
  if (value < least || value > most) throw new Error(`${type.text}: ${text.trim()} does not fit`);
  return word(value);
}

function encodeOne(type: AbiType, text: string): string {
  switch (type.base) {
    case "uint":
    case "int":
      return encodeNumber(type, text);
    case "bool":
      if (!/^(true|false|0|1)$/.test(text.trim())) throw new Error("bool: expected true or false");
      return word(/^(true|1)$/.test(text.trim()) ? 1n : 0n);
    case "address": {
      const digits = hexOf(text, "address");
      if (digits.length !== 40) throw new Error("address: expected 0x and 40 hexadecimal digits");
      return digits.padStart(WORD, "0");
    }
    case "fixedBytes": {
      const digits = hexOf(text, type.text);
      if (digits.length > 2 * type.size) throw new Error(`${type.text}: at most ${type.size} bytes`);
      return digits.padEnd(WORD, "0");
    }
    case "bytes": {
      const digits = hexOf(text, "bytes");
      return word(BigInt(digits.length / 2)) + padRight(digits);
    }
    case "string": {
      const digits = [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      return word(BigInt(digits.length / 2)) + padRight(digits);
    }
    case "array":
      return encodeArray(type, text);
  }
}

function encodeArray(type: AbiType, text: string): string {
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch {
    items = undefined;
  }
  if (!Array.isArray(items) || !type.item) throw new Error(`${type.text}: expected an array, such as ["1", "2"]`);
  if (type.length !== null && items.length !== type.length) throw new Error(`${type.text}: ${type.length} items`);
  const { item } = type;
  const texts = items.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  const body = encodeAll(
    texts.map(() => item),
    texts,
  );
  return type.length === null ? word(BigInt(texts.length)) + body : body;
}

/** Heads, then tails (ABI specification, "Formal Specification of the Encoding"). */
function encodeAll(types: readonly AbiType[], values: readonly string[]): string {
  const encoded = types.map((type, at) => encodeOne(type, values[at] ?? ""));
  let tail = types.reduce((sum, type) => sum + headSize(type), 0) / 2;
  let heads = "";
  let tails = "";
  types.forEach((type, at) => {
    const digits = encoded[at] ?? "";
    if (!isDynamic(type)) {
      heads += digits;
      return;
    }
    heads += word(BigInt(tail));
    tails += digits;
    tail += digits.length / 2;
  });
  return heads + tails;
}

/** Arguments of a function, without the selector. */
export function encodeArguments(signature: Signature, values: readonly string[]): string {
  const { parameters, canonical } = signature;
  if (values.length !== parameters.length)
    throw new Error(`${canonical} takes ${parameters.length} arguments, not ${values.length}`);
  return encodeAll(
    parameters.map(({ type }) => type),
    values,
  );
}

/** The word at an offset in bytes; null where the data ends before. */
function wordAt(digits: string, offset: number): string | null {
  const found = digits.slice(2 * offset, 2 * offset + WORD);
  return found.length === WORD ? found : null;
}

function small(digits: string | null): number {
  const value = digits === null ? -1n : BigInt(`0x${digits}`);
  if (value < 0n || value > 1n << 24n) throw new Error("the data ends before it should");
  return Number(value);
}

function decodeOne(type: AbiType, digits: string, at: number): string {
  const here = wordAt(digits, at);
  if (here === null && type.base !== "array") throw new Error("the data ends before it should");
  const value = BigInt(`0x${here ?? "0"}`);
  switch (type.base) {
    case "uint":
      return value.toString();
    case "int":
      return BigInt.asIntN(256, value).toString();
    case "bool":
      return value === 0n ? "false" : "true";
    case "address":
      return `0x${(here ?? "").slice(24)}`;
    case "fixedBytes":
      return `0x${(here ?? "").slice(0, 2 * type.size)}`;
    case "bytes":
    case "string": {
      const found = digits.slice(2 * at + WORD, 2 * at + WORD + 2 * small(here));
      if (type.base === "bytes") return `0x${found}`;
      const bytes = Uint8Array.from(found.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      return new TextDecoder().decode(bytes);
    }
    case "array": {
      const count = type.length ?? small(here);
      const { item } = type;
      if (!item || count > MOST_ITEMS) throw new Error("too many items");
      const inner = digits.slice(2 * at + (type.length === null ? WORD : 0));
      return `[${decodeAll(
        Array.from({ length: count }, () => item),
        inner,
      ).join(", ")}]`;
    }
  }
}

function decodeAll(types: readonly AbiType[], digits: string): string[] {
  let at = 0;
  return types.map((type) => {
    const place = isDynamic(type) ? small(wordAt(digits, at)) : at;
    at += headSize(type) / 2;
    return decodeOne(type, digits, place);
  });
}

const bare = (data: string): string => data.replace(/^0x/, "");

/** Functions and events that data may be of. `hash` gives Keccak-256 of a text, 64 digits. */
export class Abi {
  private readonly functions = new Map<string, Signature>();
  private readonly events = new Map<string, Signature>();

  constructor(
    signatures: readonly string[],
    private readonly hash: (text: string) => string,
  ) {
    for (const text of signatures) {
      const signature = parseSignature(text);
      const digest = hash(signature.canonical);
      if (signature.isEvent) this.events.set(digest, signature);
      else this.functions.set(digest.slice(0, 8), signature);
    }
  }

  /** Selector and arguments. */
  encode(text: string, values: readonly string[]): string {
    const signature = parseSignature(text);
    return `0x${this.hash(signature.canonical).slice(0, 8)}${encodeArguments(signature, values)}`;
  }

  /** Call data as a call; null if no function is known by its selector, or the data is no such call. */
  call(data: string): Decoded | null {
    const digits = bare(data);
    const signature = this.functions.get(digits.slice(0, 8));
    if (!signature) return null;
    return decoded(signature, () =>
      decodeAll(
        signature.parameters.map(({ type }) => type),
        digits.slice(8),
      ),
    );
  }

  /** A log as an event; null if none is known by its first topic. */
  event(topics: readonly string[], data: string): Decoded | null {
    const signature = this.events.get(bare(topics[0] ?? ""));
    if (!signature) return null;
    return decoded(signature, () => {
      const plain = signature.parameters.filter(({ indexed }) => !indexed).map(({ type }) => type);
      const fromData = decodeAll(plain, bare(data));
      let topic = 1;
      return signature.parameters.map(({ type, indexed }) => {
        if (!indexed) return fromData.shift() ?? "";
        const found = topics[topic++] ?? "";
        // Of what is long a topic has only the hash.
        return isDynamic(type) || type.base === "array" ? found : decodeOne(type, bare(found), 0);
      });
    });
  }
}

function decoded(signature: Signature, values: () => readonly string[]): Decoded | null {
  try {
    const found = values();
    return {
      signature: signature.canonical,
      values: signature.parameters.map(({ type }, at) => ({ type: type.text, value: found[at] ?? "" })),
    };
  } catch {
    return null;
  }
}
