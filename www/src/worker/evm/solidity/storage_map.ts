import type { StorageLayout, StoragePlace, StorageType } from "../../../protocol/evm/solidity";
import { SOURCES } from "../../../strings/worker/sources";
import { keccak256 } from "../engine";
import { bytesOf, digitsOf, hexOf, packedText, quoted } from "./values";

// "Layout of State Variables in Storage and Transient Storage" of Solidity's documentation.

/** Something in a slot, or what begins there and is elsewhere. */
export interface Leaf {
  readonly name: string;
  readonly type: string;
  /** The layout's name of the type. */
  readonly id: string;
  /** A value; the length of an array or a sequence of bytes; bytes of a long sequence from `from` on; a mapping. */
  readonly kind: "value" | "length" | "bytes" | "part" | "mapping";
  readonly offset: number;
  readonly size: number;
  readonly from: number;
}

/** Slots in a row that hold values of one type: an item, or a whole array's items. */
interface Region {
  readonly base: bigint;
  readonly slots: bigint;
  /** What is so many slots after the first. */
  readonly leaves: (slot: bigint, visit?: Visit) => readonly Leaf[];
}

/** Told of each variable that begins at a slot, the outermost first. */
type Visit = (name: string, id: string) => void;

/** Slots after the hash of an array's place that can be the array's: no array is longer in practice. */
const FAR = 1n << 64n;
/** Slots of one variable that are looked through for arrays and mappings. */
const MOST_PLACES = 1000n;

const SIMPLE: StorageType = { encoding: "inplace", label: "", numberOfBytes: "32" };

/** Keccak-256 as a number. */
export const hashOf = (bytes: Uint8Array): bigint => BigInt(hexOf(keccak256(bytes)));

/** A contract's layout, as keys of storage are found in it. */
export class StorageMap {
  private readonly regions: Region[] = [];
  private readonly known = new Set<bigint>();
  private readonly types: Readonly<Record<string, StorageType>>;

  constructor(layout: StorageLayout) {
    this.types = layout.types ?? {};
    for (const place of layout.storage) {
      const slots = this.slots(place.type);
      const leaves = (slot: bigint, visit?: Visit) => this.placed(place, place.label, slot, visit);
      this.regions.push({ base: BigInt(place.slot), slots, leaves });
    }
    for (const region of [...this.regions]) this.addArrays(region);
  }

  /** Hashes of the places of arrays need not be computed by the contract: the compiler may have done it. */
  private addArrays({ base, slots, leaves }: Region): void {
    for (let slot = 0n; slot < slots && slot < MOST_PLACES; slot++)
      if (leaves(slot).some(({ kind }) => kind === "length" || kind === "bytes"))
        this.learn(bytesOf(digitsOf(base + slot)));
  }

  /**
   * Tries keys of mappings that the contract need not have hashed, for the same reason.
   * @returns true if one of the slots wanted was found so
   */
  guess(keys: readonly bigint[], wanted: readonly bigint[]): boolean {
    const unnamed = wanted.filter((slot) => this.at(slot).length === 0);
    if (unnamed.length === 0) return false;
    let found = false;
    for (const { base, slots, leaves } of [...this.regions])
      for (let slot = 0n; slot < slots && slot < MOST_PLACES; slot++)
        for (const { id } of leaves(slot).filter(({ kind }) => kind === "mapping"))
          for (const key of keys) {
            const preimage = bytesOf(digitsOf(key) + digitsOf(base + slot));
            const first = hashOf(preimage);
            const end = first + this.slots(this.type(id).value ?? "");
            if (unnamed.some((one) => one >= first && one < end)) found = this.learn(preimage) || found;
          }
    return found;
  }

  /**
   * Learns from something that was hashed where arrays and mappings have their values.
   * @returns true if it told something new
   */
  learn(preimage: Uint8Array): boolean {
    if (preimage.length < 32) return false;
    const key = preimage.subarray(0, -32);
    const slot = BigInt(`0x${hex(preimage.subarray(-32))}`);
    const kinds = key.length > 0 ? ["mapping"] : ["length", "bytes"];
    const leaf = this.at(slot).find(({ kind }) => kinds.includes(kind));
    const base = leaf && hashOf(preimage);
    if (!leaf || base === undefined || this.known.has(base)) return false;
    this.known.add(base);
    const region = leaf.kind === "mapping" ? this.entry(leaf, key, base) : this.items(leaf, base);
    this.regions.push(region);
    if (region.slots < FAR) this.addArrays(region);
    return true;
  }

  private entry(leaf: Leaf, key: Uint8Array, base: bigint): Region {
    const { key: keyId = "", value = "" } = this.type(leaf.id);
    const name = `${leaf.name}[${this.keyText(keyId, key)}]`;
    return { base, slots: this.slots(value), leaves: (slot, visit) => this.leaves(value, name, slot, 0, visit) };
  }

  private items(leaf: Leaf, base: bigint): Region {
    const { base: item = "", encoding } = this.type(leaf.id);
    const { id, name, type } = leaf;
    if (encoding === "bytes") {
      const part = (from: number): Leaf => ({ name, type, id, kind: "part", offset: 0, size: 32, from });
      return { base, slots: FAR, leaves: (slot) => (slot < 1n << 40n ? [part(32 * Number(slot))] : []) };
    }
    const whole = name.replace(/\.length$/, "");
    return { base, slots: FAR, leaves: (slot, visit) => this.packed(item, whole, slot, null, visit) };
  }

  private keyText(id: string, key: Uint8Array): string {
    const type = this.type(id);
    if (type.encoding === "bytes") return id.startsWith("t_string") ? quoted(key) : `0x${hex(key)}`;
    const value = BigInt(`0x${hex(key)}`);
    const size = Number(type.numberOfBytes);
    // Sequences of bytes are on the left of a word, all others on the right.
    const own = /^(t_)?bytes\d/.test(type.underlying ?? id) ? value >> BigInt(8 * (32 - size)) : value;
    return packedText(id, type, own);
  }

  /** What is at a key; nothing if no variable is known to be. */
  at(key: bigint): readonly Leaf[] {
    return this.regionsAt(key).flatMap(({ base, leaves }) => leaves(key - base));
  }

  /** The name of the variable of a type that begins at a slot, as a pointer to storage refers to it. */
  nameAt(slot: bigint, label: string): string | null {
    let found: string | null = null;
    for (const { base, leaves } of this.regionsAt(slot))
      leaves(slot - base, (name, id) => {
        if (this.type(id).label === label) found = name;
      });
    return found;
  }

  /** Several of small variables that share a slot. */
  private regionsAt(key: bigint): readonly Region[] {
    return this.regions.filter(({ base, slots }) => key >= base && key - base < slots);
  }

  private type(id: string): StorageType {
    return this.types[id] ?? SIMPLE;
  }

  private slots(id: string): bigint {
    return (BigInt(this.type(id).numberOfBytes) + 31n) / 32n;
  }

  private placed(place: StoragePlace, name: string, slot: bigint, visit?: Visit): readonly Leaf[] {
    return this.leaves(place.type, name, slot, place.offset, visit);
  }

  /** What a variable has in one of its slots. */
  private leaves(id: string, name: string, slot: bigint, offset: number, visit?: Visit): readonly Leaf[] {
    const type = this.type(id);
    if (slot === 0n) visit?.(name, id);
    if (type.encoding === "inplace" && type.members) return this.members(type.members, name, slot, visit);
    if (type.encoding === "inplace" && type.base !== undefined) {
      const length = BigInt(/\[(\d+)\]$/.exec(type.label)?.[1] ?? 0);
      return this.packed(type.base, name, slot, length, visit);
    }
    if (slot !== 0n) return [];
    const leaf = { name, type: type.label, id, offset, size: Number(type.numberOfBytes), from: 0 };
    switch (type.encoding) {
      case "mapping":
        return [{ ...leaf, kind: "mapping" }];
      case "dynamic_array":
        return [{ ...leaf, name: `${name}.length`, type: "uint256", kind: "length" }];
      case "bytes":
        return [{ ...leaf, kind: "bytes" }];
      case "inplace":
        return [{ ...leaf, kind: "value" }];
    }
  }

  private members(members: readonly StoragePlace[], name: string, slot: bigint, visit?: Visit): readonly Leaf[] {
    return members.flatMap((member) => {
      const from = BigInt(member.slot);
      const inside = slot >= from && slot < from + this.slots(member.type);
      return inside ? this.placed(member, `${name}.${member.label}`, slot - from, visit) : [];
    });
  }

  /** Items of an array: several in a slot if they are small, else each in slots of its own. */
  private packed(id: string, name: string, slot: bigint, length: bigint | null, visit?: Visit): readonly Leaf[] {
    const { encoding, members, base, numberOfBytes } = this.type(id);
    const size = Number(numberOfBytes);
    const inSlot = encoding === "inplace" && !members && base === undefined ? BigInt(Math.floor(32 / size)) : 0n;
    if (inSlot <= 1n) {
      const slots = this.slots(id);
      const index = slots === 0n ? 0n : slot / slots;
      return this.leaves(id, `${name}[${index}]`, slot - index * slots, 0, visit);
    }
    const found: Leaf[] = [];
    for (let k = 0n; k < inSlot && (length === null || slot * inSlot + k < length); k++)
      found.push(...this.leaves(id, `${name}[${slot * inSlot + k}]`, 0n, Number(k) * size, visit));
    return found;
  }

  /** The text of a leaf's value. `word` gives other words of the same account, where they are known. */
  text(leaf: Leaf, value: bigint, key: bigint, word: (key: bigint) => bigint | undefined): string | null {
    const type = this.type(leaf.id);
    switch (leaf.kind) {
      case "value": {
        const bits = BigInt(8 * leaf.size);
        return packedText(leaf.id, type, BigInt.asUintN(Number(bits), value >> BigInt(8 * leaf.offset)));
      }
      case "length":
        return value.toString();
      case "part": {
        // How many of its bytes count is told elsewhere; a text has no zeros at its end.
        const digits = leaf.id.startsWith("t_string") ? digitsOf(value).replace(/(00)+$/, "") : digitsOf(value);
        return this.bytesText(leaf.id, bytesOf(digits));
      }
      case "bytes":
        return this.sequence(leaf.id, value, key, word);
      case "mapping":
        return null;
    }
  }

  private bytesText(id: string, bytes: Uint8Array): string {
    return id.startsWith("t_string") ? quoted(bytes) : `0x${hex(bytes)}`;
  }

  /** Up to 31 bytes are in the slot itself, with twice their number; of more it has twice the number and one. */
  private sequence(id: string, value: bigint, key: bigint, word: (key: bigint) => bigint | undefined): string {
    const length = Number(BigInt.asUintN(53, (value & 1n) === 0n ? (value & 0xffn) / 2n : (value - 1n) / 2n));
    if ((value & 1n) === 0n) return this.bytesText(id, bytesOf(digitsOf(value)).subarray(0, Math.min(length, 31)));
    const first = hashOf(bytesOf(digitsOf(key)));
    let digits = "";
    for (let slot = 0n; Number(slot) * 32 < Math.min(length, 4096); slot++) {
      const found = word(first + slot);
      if (found === undefined) return SOURCES.bytes(length);
      digits += digitsOf(found);
    }
    return this.bytesText(id, bytesOf(digits).subarray(0, length));
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
