import type { FunctionFrame, LocalVariable, VariablePlace } from "../../../protocol/evm/scene";
import type { DebugVariable } from "../../../protocol/evm/solidity";
import type { Mapped } from "./mapped";
import { type CodeFunction, type Held, heightOf, type Place, type StackLayout } from "./stack_layout";
import { type Bytes, callDataText, memoryText, wordText } from "./values";

/** The stack has no room for more: each function has at least its place to return to. */
const MOST = 1024;

/** A function that was entered and not left: where it is, and the height of the stack where it began. */
export interface Activation {
  readonly function: CodeFunction;
  readonly place: Place;
  readonly pc: number;
  readonly base: number;
  /** Where it will go on in its caller; null of what was executed first. */
  readonly returns: number | null;
}

/** Words of a stack, the top one last. */
export type Words = readonly string[];

/**
 * Functions at an instruction, the innermost first, by what is on the stack: no history is needed. None if they do not lead
 * to where the code began, with an empty stack: nothing is shown that is not certain.
 */
export function unwind(layout: StackLayout, pc: number, stack: Words): readonly Activation[] {
  const ways = layout.at(pc).map((place) => from(layout, pc, place, stack));
  const complete = ways.find((way) => way.at(-1)?.function.entry === 0 && way.at(-1)?.base === 0);
  return complete ?? [];
}

function from(layout: StackLayout, pc: number, innermost: Place, stack: Words): readonly Activation[] {
  const found: Activation[] = [];
  let [at, place]: [number, Place | undefined] = [pc, innermost];
  let base = stack.length - innermost.height;
  while (place && base >= 0 && found.length < MOST) {
    const depth = place.function.entry === 0 ? null : layout.returnDepth(place.function);
    const height = depth === null ? null : heightOf(place, depth);
    const word = height === null ? undefined : stack[base + height];
    const returns = word === undefined || word.length > 10 ? null : Number(word);
    found.push({ function: place.function, place, pc: at, base, returns });
    const call = returns === null ? undefined : layout.callBefore(returns);
    if (call === undefined) break;
    at = call.pc;
    [place] = layout.at(at);
    // The jump takes its target from the stack before the function begins.
    base = base + 1 - (place?.height ?? 0);
  }
  return found;
}

/** What variables can refer to. */
export interface Reach {
  readonly memory: Bytes;
  readonly callData: Bytes;
  /** The variable of a type that begins at a slot. */
  readonly nameAt: (slot: bigint, type: string) => string | null;
}

/** Frames of the source's functions, with their variables. */
export function framesOf(
  mapped: Mapped,
  activations: readonly Activation[],
  stack: Words,
  reach: Reach | null,
): readonly FunctionFrame[] {
  return activations.flatMap(({ function: one, place, pc, base }): FunctionFrame[] => {
    const name = one.declared?.name ?? (one.entry === 0 ? inlined(mapped, pc) : null);
    if (name === null) return [];
    const shown = reach ? place.held.filter((held) => canBeNamed(mapped, held, place, pc)) : [];
    const variables = shown.flatMap((held) => (reach ? variableOf(mapped, held, base, stack, reach) : []));
    return [{ name, at: mapped.range(pc), variables }];
  });
}

/**
 * The function in whose text code is that no call led to: a constructor. What distributes calls over functions has their
 * texts, too, but none of their statements.
 */
function inlined(mapped: Mapped, pc: number): string | null {
  const entry = mapped.entry(pc);
  if (!entry || (!mapped.found.creation && !mapped.stop(pc))) return null;
  const found = mapped.program.compilation.functions.find(
    ({ kind, file, start, length }) =>
      kind === "function" && file === entry.file && start <= entry.start && entry.start < start + length,
  );
  return found?.name ?? null;
}

function canBeNamed(mapped: Mapped, { variable, kind, height, file }: Held, place: Place, pc: number): boolean {
  // At its own declaration it is not there yet.
  if (height >= place.height) return false;
  if (variable.name === "" && kind !== "result") return false;
  // Of a function's own parameters and results the whole function knows; of a modifier's the modifier.
  if (kind !== "local" && place.function.declared?.parameters.includes(variable)) return true;
  if (kind === "result") return true;
  const entry = mapped.entry(pc);
  const [start, length] = variable.scope;
  return entry?.file === file && entry.start >= start && entry.start < start + length;
}

function variableOf(
  mapped: Mapped,
  { variable, kind, height, file }: Held,
  base: number,
  stack: Words,
  reach: Reach,
): LocalVariable[] {
  const index = base + height;
  const declared = mapped.program.placesOf(file)?.range(variable.start, variable.length);
  const word = stack[index];
  if (!declared || word === undefined) return [];
  const { where, value } = readAs(variable, index, stack, reach);
  return [{ name: variable.name, type: variable.type, value, kind, where, declared }];
}

function readAs(
  { shape, location, words, type }: DebugVariable,
  index: number,
  stack: Words,
  reach: Reach,
): { readonly where: VariablePlace; readonly value: string | null } {
  const word = BigInt(stack[index] ?? "0");
  const offset = word <= 1n << 30n ? Number(word) : null;
  const hex = `0x${word.toString(16)}`;
  switch (location) {
    case "memory":
      return {
        where: { in: "memory", index, offset: hex },
        value: offset === null ? null : memoryText(shape, offset, reach.memory),
      };
    case "calldata": {
      const length = words === 2 ? Number(BigInt(stack[index + 1] ?? "0")) : null;
      const value = offset === null ? null : callDataText(shape, offset, length, reach.callData);
      return { where: { in: "calldata", index, offset: hex }, value };
    }
    case "storage": {
      const plain = type.replace(/ storage (pointer|ref)$/, "");
      return { where: { in: "storage", index, slot: hex }, value: reach.nameAt(word, plain) };
    }
    case "value": {
      const value = words === 2 ? `0x${word.toString(16)}.${stack[index + 1] ?? ""}` : wordText(shape, word);
      return { where: { in: "stack", index, words }, value: value ?? hex };
    }
  }
}
