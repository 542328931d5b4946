import type { Differences, Pair } from "../../protocol/compare";
import type { DifferenceKind } from "../../strings/compare";

export const KINDS: readonly DifferenceKind[] = ["registers", "memory", "videoMemory", "devices", "disks", "screen"];

/** How much differs of each kind: registers, bytes, bytes, fields, sectors, and 1 where the screen does. */
export function counts(found: Differences): Readonly<Record<DifferenceKind, number>> {
  const sum = (parts: readonly { readonly count: number }[]) => parts.reduce((all, { count }) => all + count, 0);
  return {
    registers: found.registers.length,
    memory: found.memory.bytes,
    videoMemory: found.videoMemory.bytes,
    devices: sum(found.devices),
    disks: sum(found.disks),
    screen: found.screen === null ? 0 : 1,
  };
}

/** A byte of one side, and whether the other side's differs. */
export interface MarkedByte {
  readonly text: string;
  readonly differs: boolean;
}

/** The bytes of both sides, those marked that differ. */
export function markedBytes([one, other]: Pair<readonly number[]>): Pair<readonly MarkedByte[]> {
  const marked = (bytes: readonly number[], others: readonly number[]) =>
    bytes.map((byte, at) => ({ text: byte.toString(16).toUpperCase().padStart(2, "0"), differs: byte !== others[at] }));
  return [marked(one, other), marked(other, one)];
}
