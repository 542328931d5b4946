import type { AbsentRun, AllRegisters, MemoryView } from "../../protocol/inspection";

/** A byte as it is shown. */
export interface Cell {
  /** null where it is absent. */
  readonly value: number | null;
  /** Why it is absent. */
  readonly absent: AbsentRun | null;
  /** What it was at the previous stop, if that was something else. */
  readonly was: number | null;
  /** Registers that point at it. */
  readonly pointers: string;
}

/** How absent bytes are written: two letters of the reason. */
export const ABSENT_TEXT: Readonly<Record<AbsentRun["reason"], string>> = {
  pf: "pf",
  limit: "li",
  null: "nu",
  selector: "se",
  device: "de",
  open: "··",
  rom: "ro",
};

/** The cells of a view of memory, compared with what it was at the previous stop. */
export function cellsOf(
  now: MemoryView,
  before: MemoryView | null,
  pointers: ReadonlyMap<number, string>,
): readonly Cell[] {
  const missing = absentAt(now);
  const missed = before ? absentAt(before) : new Map<number, AbsentRun>();
  return Array.from(now.bytes, (byte, at) => {
    const absent = missing.get(at) ?? null;
    const old = before && !missed.has(at) ? (before.bytes[at] ?? null) : null;
    const was = absent === null && old !== null && old !== byte ? old : null;
    return { value: absent ? null : byte, absent, was, pointers: pointers.get(at) ?? "" };
  });
}

function absentAt({ absent }: MemoryView): Map<number, AbsentRun> {
  const found = new Map<number, AbsentRun>();
  for (const run of absent) for (let at = run.at; at < run.at + run.length; at++) found.set(at, run);
  return found;
}

/** Through which segment a register points. */
const SEGMENTS: Readonly<Record<string, string>> = {
  EAX: "ds",
  EBX: "ds",
  ECX: "ds",
  EDX: "ds",
  ESI: "ds",
  EDI: "es",
  ESP: "ss",
  EBP: "ss",
  EIP: "cs",
};

/** Which registers point into a range of a space: their names by the distance from its first byte. */
export function pointersInto(
  registers: AllRegisters | null,
  space: string,
  first: number,
  length: number,
): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const { name, value } of registers?.general ?? []) {
    const segment = registers?.segments.find((one) => one.name === SEGMENTS[name.toUpperCase()]);
    if (!segment || (space !== "linear" && space !== segment.name)) continue;
    const base = space === "linear" ? segment.base : 0;
    const at = ((base + value) >>> 0) - first;
    if (at >= 0 && at < length) found.set(at, [found.get(at), name.toUpperCase()].filter(Boolean).join(" "));
  }
  return found;
}
