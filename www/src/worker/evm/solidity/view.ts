import type { FrameScene, Scene, SlotScene, StorageVariable, TransientWord } from "../../../protocol/evm/scene";
import type { AccountDiff, CodeView, SourceView, Whole } from "../../../protocol/evm/whole";
import { Mapped } from "./mapped";
import type { Program } from "./program";
import { StackLayout } from "./stack_layout";
import { StorageMap } from "./storage_map";
import { type Activation, framesOf, type Reach, unwind } from "./unwind";
import { type Bytes, bytesOf } from "./values";

/** What the view needs of the run that it belongs to. */
export interface World {
  code(hash: string): Uint8Array | undefined;
  /** Goes somewhere: how it ended. */
  travel(to: object): string;
  /** The present moment, as the engine tells it, with bytes of memory. */
  scene(from: number, size: number): Scene;
}

const KECCAK256 = 0x20;
/** Hashes looked at in a transaction, and bytes of each. */
const MOST_HASHES = 3000;
const LONGEST_KEY = 1056;
/** Keys of mappings that are tried where one is unknown. */
const SMALL_KEYS = 256n;
const MOST_KEYS = 1000;
/** Bytes at the beginning of memory where the compiler puts what it hashes. */
const SCRATCH = 64;
/** Bytes of memory in which variables are read. */
const MEMORY = 1 << 18;

interface Layouts {
  readonly storage: StorageMap;
  readonly transient: StorageMap;
}

/** What Solidity sources tell of a run: lines, functions, variables, what storage means. */
export class SolidityView {
  private readonly codes = new Map<string, Mapped | null>();
  private readonly stacks = new Map<string, StackLayout>();
  private layouts = new Map<string, Layouts>();
  /** By address: layouts of the contracts whose code uses its storage. */
  private owners = new Map<string, readonly Layouts[]>();

  constructor(
    readonly program: Program,
    private readonly world: World,
  ) {}

  /** Code with its source; null if it comes from none. */
  mapped(hash: string): Mapped | null {
    const known = this.codes.get(hash);
    if (known !== undefined) return known;
    const bytes = this.world.code(hash);
    const digits = Array.from(bytes ?? [], (byte) => byte.toString(16).padStart(2, "0")).join("");
    const found = bytes && this.program.find(digits);
    const mapped = bytes && found ? new Mapped(this.program, found, bytes) : null;
    this.codes.set(hash, mapped);
    return mapped;
  }

  /** Heights and variables of code that has a source. */
  stackLayout(hash: string, mapped: Mapped): StackLayout {
    const known = this.stacks.get(hash) ?? new StackLayout(mapped);
    this.stacks.set(hash, known);
    return known;
  }

  source(hash: string, uses: CodeView["uses"]): SourceView | null {
    return this.mapped(hash)?.view(uses) ?? null;
  }

  /** Learns what a transaction is about; the position is the same afterwards. */
  select(whole: Whole, scene: Scene): void {
    this.layouts = new Map();
    const owners = new Map<string, Set<Layouts>>();
    const own = (address: string, hash: string) => {
      const contract = this.mapped(hash)?.contract;
      if (!contract) return;
      const layouts = this.layouts.get(contract.name) ?? {
        storage: new StorageMap(contract.storage),
        transient: new StorageMap(contract.transient),
      };
      this.layouts.set(contract.name, layouts);
      owners.set(address, (owners.get(address) ?? new Set()).add(layouts));
    };
    for (const { address, before, now } of scene.accounts) own(address, (now ?? before)?.codeHash ?? "");
    // Code of another account's, or of the contract that is just being created.
    const uses: string[] = [];
    for (const { kind, caller, to, codeHash } of whole.calls) {
      const borrowed = kind === "DELEGATECALL" || kind === "CALLCODE";
      const address = (borrowed && caller !== null ? uses[caller] : undefined) ?? to;
      uses.push(address);
      own(address, codeHash);
    }
    this.owners = new Map([...owners].map(([address, layouts]) => [address, [...layouts]]));
    if (this.layouts.size === 0) return;
    const hashes = whole.opcodes.some(({ opcode, count }) => opcode === KECCAK256 && count > 0);
    if (hashes) this.learn(this.preimages());
    this.guess(whole, this.touched());
    this.world.travel({ to: scene.position });
  }

  /** Slots that the transaction reads or writes. */
  private touched(): readonly SlotScene[] {
    this.world.travel({ to: Number.MAX_SAFE_INTEGER });
    return this.world.scene(0, 0).slots;
  }

  /** Keys that mappings may have though nobody hashed them: the optimiser does so with constants. */
  private guess(whole: Whole, touched: readonly SlotScene[]): void {
    const keys = new Set<bigint>();
    for (let small = 0n; small < SMALL_KEYS; small++) keys.add(small);
    for (const { from, to, input } of whole.calls) {
      for (const address of [from, to]) keys.add(BigInt(address));
      for (let at = 10; at + 64 <= input.length && keys.size < MOST_KEYS; at += 64)
        keys.add(BigInt(`0x${input.slice(at, at + 64)}`));
    }
    for (const [address, layouts] of this.owners) {
      const wanted = touched.filter((slot) => slot.address === address).map(({ key }) => BigInt(key));
      for (const { storage } of layouts) for (let depth = 0; depth < 3 && storage.guess([...keys], wanted); depth++);
    }
  }

  /** What the transaction hashes: keys of mappings are among it. */
  private preimages(): readonly Uint8Array[] {
    const found = new Map<string, Uint8Array>();
    this.world.travel({ to: 0 });
    for (let i = 0; i < MOST_HASHES; i++) {
      if (this.world.travel({ forwards: { until: "opcode", opcode: KECCAK256 } }) !== "there") break;
      const { stack, memory: low } = this.world.scene(0, SCRATCH);
      const [size, offset] = stack.slice(-2).map((word) => Number(BigInt(word)));
      if (offset === undefined || size === undefined || size < 32 || size > LONGEST_KEY || offset > 1 << 30) continue;
      const near = offset + size <= SCRATCH;
      const memory = near
        ? low.slice(2 + 2 * offset, 2 + 2 * (offset + size))
        : this.world.scene(offset, size).memory.slice(2);
      found.set(memory, bytesOf(memory.padEnd(2 * size, "0")));
    }
    return [...found.values()];
  }

  /** What is in a mapping in a mapping is known only after that one: again, as long as something comes of it. */
  private learn(preimages: readonly Uint8Array[]): void {
    for (const { storage } of this.layouts.values())
      for (let more = true; more; ) more = preimages.filter((preimage) => storage.learn(preimage)).length > 0;
  }

  /** A moment with what the sources tell of it. */
  annotate(scene: Scene): Scene {
    const slots = this.slots(scene.slots);
    const transient = this.transient(scene.transient);
    return { ...scene, slots, transient, ...this.present(scene) };
  }

  /** The source's part of a moment; nothing where the code has none. */
  private present(scene: Scene): Partial<Scene> {
    const frame = scene.frames.at(-1);
    const mapped = frame && this.mapped(frame.codeHash);
    if (!frame || !mapped) return {};
    const { optimized, viaIr } = this.program.compilation;
    const source = mapped.range(frame.pc);
    const activations = this.activations(frame, scene.stack);
    const known = !optimized && !viaIr;
    const functions = framesOf(mapped, activations, scene.stack, known ? this.reach(scene, frame) : null);
    if (!known) return { source, functions, variables: [], variablesUnknown: viaIr ? "viaIr" : "optimized" };
    if (activations.length === 0) return { source, functions, variables: [], variablesUnknown: "place" };
    return { source, functions, variables: functions[0]?.variables ?? [] };
  }

  /** Functions of the innermost frame's code that were entered and not left. */
  activations(frame: FrameScene, stack: Scene["stack"]): readonly Activation[] {
    const mapped = this.mapped(frame.codeHash);
    return mapped ? unwind(this.stackLayout(frame.codeHash, mapped), frame.pc, stack) : [];
  }

  private reach(scene: Scene, { address }: FrameScene): Reach {
    let memory: Uint8Array | undefined;
    const whole = () => {
      memory ??= bytesOf(this.world.scene(0, Math.min(scene.memorySize, MEMORY)).memory);
      return memory;
    };
    const callData = bytesOf(scene.callData);
    const part = (bytes: Uint8Array, offset: number, size: number) =>
      offset + size <= bytes.length ? bytes.subarray(offset, offset + size) : null;
    const nameAt = (slot: bigint, type: string) => {
      const names = (this.owners.get(address) ?? []).map(({ storage }) => storage.nameAt(slot, type));
      return names.find((name) => name !== null) ?? null;
    };
    const reading = (read: Bytes["read"]): Bytes => ({ read });
    return {
      memory: reading((offset, size) => part(whole(), offset, size)),
      callData: reading((offset, size) => part(callData, offset, size)),
      nameAt,
    };
  }

  private slots(slots: readonly SlotScene[]): readonly SlotScene[] {
    const now = new Map(slots.map(({ address, key, value }) => [`${address} ${BigInt(key)}`, BigInt(value)]));
    const before = new Map(slots.map(({ address, key, original }) => [`${address} ${BigInt(key)}`, BigInt(original)]));
    return slots.map((slot) => {
      const { address, key, value, original } = slot;
      const variables = this.variables("storage", address, key, value, original, now, before);
      return variables.length > 0 ? { ...slot, variables } : slot;
    });
  }

  private transient(words: readonly TransientWord[]): readonly TransientWord[] {
    return words.map((word) => {
      const variables = this.variables("transient", word.address, word.key, word.value, "0x0", new Map(), new Map());
      return variables.length > 0 ? { ...word, variables } : word;
    });
  }

  /** Changes of storage with the variables that changed. */
  accounts(accounts: readonly AccountDiff[]): readonly AccountDiff[] {
    const words = (side: "before" | "after") =>
      new Map(
        accounts.flatMap(({ address, storage }) =>
          storage.map((slot) => [`${address} ${BigInt(slot.key)}`, BigInt(slot[side])] as const),
        ),
      );
    const [before, after] = [words("before"), words("after")];
    return accounts.map((account) => ({
      ...account,
      storage: account.storage.map((slot) => {
        const { key } = slot;
        const found = this.variables("storage", account.address, key, slot.after, slot.before, after, before);
        return found.length > 0 ? { ...slot, variables: found } : slot;
      }),
    }));
  }

  private variables(
    room: keyof Layouts,
    address: string,
    key: string,
    value: string,
    original: string,
    now: ReadonlyMap<string, bigint>,
    before: ReadonlyMap<string, bigint>,
  ): readonly StorageVariable[] {
    const slot = BigInt(key);
    const word = (words: ReadonlyMap<string, bigint>) => (other: bigint) => words.get(`${address} ${other}`);
    for (const layouts of this.owners.get(address) ?? []) {
      const map = layouts[room];
      const found = map.at(slot).flatMap((leaf): StorageVariable[] => {
        const text = map.text(leaf, BigInt(value), slot, word(now));
        const past = map.text(leaf, BigInt(original), slot, word(before));
        if (text === null || past === null) return [];
        const { name, type, offset, size } = leaf;
        return [{ name, type, value: text, before: past, offset, size }];
      });
      if (found.length > 0) return found;
    }
    return [];
  }
}
