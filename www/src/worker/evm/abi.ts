import type { Decoded, DecodedValue } from "../../protocol/evm/whole";
import { ABI } from "../../strings/worker/abi";

/** A type of the Solidity ABI specification, as far as it is read here: not `fixed` and `function`. */
interface AbiType {
  readonly text: string;
  readonly base: "uint" | "int" | "address" | "bool" | "fixedBytes" | "bytes" | "string" | "array" | "tuple";
  /** Bits of a number, bytes of a fixed sequence. */
  readonly size: number;
  readonly item?: AbiType;
  /** Items of an array; null if their number comes with the data. */
  readonly length?: number | null;
  /** Of a tuple. */
  readonly members?: readonly Parameter[];
}

interface Parameter {
  readonly type: AbiType;
  readonly indexed: boolean;
  /** Empty where none is given. */
  readonly name: string;
}

interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Null where the signature does not tell. */
  readonly outputs: readonly Parameter[] | null;
  readonly kind: "function" | "event" | "error";
  /** As it is hashed. */
  readonly canonical: string;
}

const WORD = 64;
const MOST_ITEMS = 1000;
/** Values read of one piece of data: arrays of arrays may all be in the same place, as often as their maker likes. */
const MOST_VALUES = 10_000;
/** Tuples in tuples, and arrays of arrays, in a signature. */
const DEEPEST = 16;

const plain = (text: string, base: AbiType["base"], size = 0): AbiType => ({ text, base, size });

function simpleType(text: string): AbiType {
  const number = /^(u?int)(\d*)$/.exec(text);
  if (number) {
    const size = number[2] ? Number(number[2]) : 256;
    const base = number[1] as "uint" | "int";
    if (size >= 8 && size <= 256 && size % 8 === 0) return plain(`${base}${size}`, base, size);
  }
  const bytes = /^bytes(\d+)$/.exec(text);
  if (bytes && Number(bytes[1]) >= 1 && Number(bytes[1]) <= 32) return plain(text, "fixedBytes", Number(bytes[1]));
  // An address and a selector.
  if (text === "function") return plain(text, "fixedBytes", 24);
  if (text === "address" || text === "bool" || text === "bytes" || text === "string") return plain(text, text);
  throw new Error(ABI.noType(text));
}

/** Words that say nothing about the encoding. */
const ASIDE = new Set(["memory", "calldata", "storage", "payable"]);

/** Reads a signature from its first character to its last. */
class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  /** The characters that a pattern matches here, after spaces; null if it does not. */
  private take(pattern: RegExp): string | null {
    const found = new RegExp(`\\s*(${pattern.source})`, "y");
    found.lastIndex = this.at;
    const match = found.exec(this.text);
    if (!match) return null;
    this.at = found.lastIndex;
    return match[1] ?? "";
  }

  private type(): AbiType {
    if (++this.depth > DEEPEST) throw new Error(ABI.tooDeep(this.text));
    let type = this.take(/(?:tuple)?\(/) === null ? simpleType(this.take(/[A-Za-z]\w*/) ?? "") : this.tuple();
    for (let array = this.take(/\[\d*\]/); array !== null; array = this.take(/\[\d*\]/)) {
      const length = array === "[]" ? null : Number(array.slice(1, -1));
      type = { text: `${type.text}${array}`, base: "array", size: 0, item: type, length };
    }
    this.depth--;
    return type;
  }

  private tuple(): AbiType {
    const members = this.rest();
    return { ...plain(`(${members.map(({ type }) => type.text).join(",")})`, "tuple"), members };
  }

  private parameter(): Parameter {
    const type = this.type();
    let [indexed, name] = [false, ""];
    for (let word = this.take(/[A-Za-z_$][\w$]*/); word !== null; word = this.take(/[A-Za-z_$][\w$]*/))
      if (word === "indexed") indexed = true;
      else if (!ASIDE.has(word)) name = word;
    return { type, indexed, name };
  }

  /** What stands after an opening bracket, up to the closing one. */
  private rest(): readonly Parameter[] {
    const found: Parameter[] = [];
    if (this.take(/\)/) !== null) return found;
    do found.push(this.parameter());
    while (this.take(/,/) !== null);
    if (this.take(/\)/) === null) throw new Error(ABI.openBracket(this.text));
    return found;
  }

  signature(): Signature {
    const kind = (this.take(/(?:event|function|error)(?=\s)/) ?? "function") as Signature["kind"];
    const name = this.take(/[A-Za-z_$][\w$]*/);
    if (name === null || this.take(/\(/) === null) throw new Error(ABI.noFunction(this.text));
    const parameters = this.rest();
    while (this.take(/(?:external|public|view|pure|payable|nonpayable|anonymous)\b/) !== null);
    const outputs = this.take(/returns\s*\(/) === null ? null : this.rest();
    this.take(/;/);
    if (this.text.slice(this.at).trim() !== "")
      throw new Error(ABI.leftOver(this.text, this.text.slice(this.at).trim()));
    return {
      name,
      parameters,
      outputs,
      kind,
      canonical: `${name}(${parameters.map(({ type }) => type.text).join(",")})`,
    };
  }
}

/** Reads `name(type,type indexed name)`, with `function`, `event` or `error` before it or not, `returns (type)` after it. */
export function parseSignature(text: string): Signature {
  return new Reader(text).signature();
}

const isDynamic = (type: AbiType): boolean =>
  type.base === "bytes" ||
  type.base === "string" ||
  (type.base === "array" && (type.length === null || (type.item !== undefined && isDynamic(type.item)))) ||
  (type.base === "tuple" && (type.members ?? []).some((member) => isDynamic(member.type)));

/** Digits in the head. */
function headSize(type: AbiType): number {
  if (isDynamic(type)) return WORD;
  if (type.base === "array" && type.item) return (type.length ?? 0) * headSize(type.item);
  if (type.base === "tuple") return (type.members ?? []).reduce((sum, member) => sum + headSize(member.type), 0);
  return WORD;
}

const word = (value: bigint): string => BigInt.asUintN(256, value).toString(16).padStart(WORD, "0");

/** A number as people write it: decimal, 0x, a minus before it, underscores in it. */
function numberOf(text: string, what: string): bigint {
  const plain = text.trim().replaceAll("_", "");
  try {
    if (plain === "" || plain === "-") throw new Error();
    return plain.startsWith("-") ? -BigInt(plain.slice(1)) : BigInt(plain);
  } catch {
    throw new Error(ABI.notNumber(what));
  }
}

function hexOf(text: string, what: string): string {
  const digits = text.trim().replace(/^0x/i, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(ABI.notHex(what));
  return digits.toLowerCase();
}

const padRight = (digits: string): string => digits.padEnd(Math.ceil(digits.length / WORD) * WORD, "0");

function encodeNumber(type: AbiType, text: string): string {
  const value = numberOf(text, type.text);
  const signed = type.base === "int";
  const least = signed ? -(1n << BigInt(type.size - 1)) : 0n;
  const most = (1n << BigInt(signed ? type.size - 1 : type.size)) - 1n;
  if (value < least || value > most) throw new Error(ABI.doesNotFit(type.text, text.trim()));
  return word(value);
}

function encodeOne(type: AbiType, text: string): string {
  switch (type.base) {
    case "uint":
    case "int":
      return encodeNumber(type, text);
    case "bool":
      if (!/^(true|false|0|1)$/.test(text.trim())) throw new Error(ABI.notBool);
      return word(/^(true|1)$/.test(text.trim()) ? 1n : 0n);
    case "address": {
      const digits = hexOf(text, "address");
      if (digits.length !== 40) throw new Error(ABI.notAddress);
      return digits.padStart(WORD, "0");
    }
    case "fixedBytes": {
      const digits = hexOf(text, type.text);
      if (digits.length > 2 * type.size) throw new Error(ABI.tooManyBytes(type.text, type.size));
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
    case "tuple":
      return encodeTuple(type, text);
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Values in JSON are texts, too: numbers beyond 2^53 lose nothing. */
const written = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? ""));

function encodeArray(type: AbiType, text: string): string {
  const items = json(text);
  if (!Array.isArray(items) || !type.item) throw new Error(ABI.notArray(type.text));
  if (type.length !== null && items.length !== type.length) throw new Error(ABI.items(type.text, type.length));
  const { item } = type;
  const body = encodeAll(
    items.map(() => item),
    items.map(written),
  );
  return type.length === null ? word(BigInt(items.length)) + body : body;
}

/** Members in their order, or by their names. */
function encodeTuple({ text: name, members = [] }: AbiType, text: string): string {
  const value = json(text);
  const items = Array.isArray(value)
    ? value
    : members.map((member) => (value as Record<string, unknown> | null)?.[member.name]);
  if (typeof value !== "object" || value === null || items.length !== members.length || items.includes(undefined))
    throw new Error(ABI.notTuple(name, members.length));
  return encodeAll(
    members.map(({ type }) => type),
    items.map(written),
  );
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
  if (values.length !== parameters.length) throw new Error(ABI.arguments(canonical, parameters.length, values.length));
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
  if (value < 0n || value > 1n << 24n) throw new Error(ABI.dataEnds);
  return Number(value);
}

/** How much may still be read. */
interface Left {
  values: number;
}

function decodeOne(type: AbiType, digits: string, at: number, left: Left): string {
  if (left.values-- <= 0) throw new Error(ABI.tooManyValues);
  const here = wordAt(digits, at);
  if (here === null && type.base !== "array" && type.base !== "tuple") throw new Error(ABI.dataEnds);
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
      if (!item || count > MOST_ITEMS) throw new Error(ABI.tooManyItems);
      const inner = digits.slice(2 * at + (type.length === null ? WORD : 0));
      return `[${decodeAll(
        Array.from({ length: count }, () => item),
        inner,
        left,
      ).join(", ")}]`;
    }
    case "tuple": {
      const members = type.members ?? [];
      const values = decodeAll(
        members.map((member) => member.type),
        digits.slice(2 * at),
        left,
      );
      return `(${members.map(({ name }, place) => `${name && `${name}: `}${values[place]}`).join(", ")})`;
    }
  }
}

function decodeAll(types: readonly AbiType[], digits: string, left: Left): string[] {
  let at = 0;
  return types.map((type) => {
    const place = isDynamic(type) ? small(wordAt(digits, at)) : at;
    at += headSize(type) / 2;
    return decodeOne(type, digits, place, left);
  });
}

const bare = (data: string): string => data.replace(/^0x/, "");

/** Values by their parameters' types. */
function valuesOf(parameters: readonly Parameter[], digits: string): DecodedValue[] {
  const values = decodeAll(
    parameters.map(({ type }) => type),
    digits,
    { values: MOST_VALUES },
  );
  return parameters.map((parameter, at) => shown(parameter, values[at] ?? ""));
}

const shown = ({ name, type }: Parameter, value: string): DecodedValue => ({
  ...(name ? { name } : {}),
  type: type.text,
  value,
});

/** Nothing where the data ends before it should. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Functions, events and errors that data may be of. `hash` gives Keccak-256 of a text, 64 digits. */
export class Abi {
  private readonly functions = new Map<string, Signature>();
  private readonly events = new Map<string, Signature>();
  private readonly errors = new Map<string, Signature>();

  constructor(
    signatures: readonly string[],
    private readonly hash: (text: string) => string,
  ) {
    for (const text of signatures) {
      const signature = parseSignature(text);
      const digest = hash(signature.canonical);
      if (signature.kind === "event") this.events.set(digest, signature);
      else (signature.kind === "error" ? this.errors : this.functions).set(digest.slice(0, 8), signature);
    }
  }

  /** Selector and arguments. */
  encode(text: string, values: readonly string[]): string {
    const signature = parseSignature(text);
    return `0x${this.hash(signature.canonical).slice(0, 8)}${encodeArguments(signature, values)}`;
  }

  /** Call data as a call, with what came back if that is given; null if no function is known by its selector, or the
   * data is no such call. */
  call(data: string, output?: string): Decoded | null {
    const digits = bare(data);
    const signature = this.functions.get(digits.slice(0, 8));
    if (!signature) return null;
    const values = attempt(() => valuesOf(signature.parameters, digits.slice(8)));
    if (!values) return null;
    const types = signature.outputs;
    const outputs = types && output !== undefined ? attempt(() => valuesOf(types, bare(output))) : null;
    return { signature: signature.canonical, values, ...(outputs ? { outputs } : {}) };
  }

  /** What a contract reverted with, as one of the errors declared; null if it is none of them. */
  error(data: string): Decoded | null {
    const digits = bare(data);
    const signature = this.errors.get(digits.slice(0, 8));
    if (!signature) return null;
    const values = attempt(() => valuesOf(signature.parameters, digits.slice(8)));
    return values && { signature: signature.canonical, values };
  }

  /** A log as an event; null if none is known by its first topic. */
  event(topics: readonly string[], data: string): Decoded | null {
    const signature = this.events.get(bare(topics[0] ?? ""));
    if (!signature) return null;
    const values = attempt(() => {
      const fromData = valuesOf(
        signature.parameters.filter(({ indexed }) => !indexed),
        bare(data),
      );
      let topic = 1;
      return signature.parameters.map((parameter) => {
        const { type, indexed } = parameter;
        if (!indexed) return fromData.shift() ?? shown(parameter, "");
        const found = topics[topic++] ?? "";
        // Of what is long a topic has only the hash.
        const hashed = isDynamic(type) || type.base === "array" || type.base === "tuple";
        return shown(parameter, hashed ? found : decodeOne(type, bare(found), 0, { values: 1 }));
      });
    });
    return values && { signature: signature.canonical, values };
  }
}
