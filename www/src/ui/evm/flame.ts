import type { CallUse } from "../../protocol/evm/whole";

/** A bar of the chart: left edge and width as parts of the whole, 0 to 1. */
export interface Bar {
  readonly call: number;
  readonly depth: number;
  readonly left: number;
  readonly width: number;
}

/** Bars narrower than this part of the whole are left out, with all below them. */
const NARROWEST = 0.001;
/** Bars drawn, at most. */
const MOST = 2000;

/**
 * A bar for each call, as wide as its gas. A callee stands under its caller, one after the other from the left; what is
 * free at the right is the caller's own gas.
 */
export function flame(calls: readonly CallUse[]): readonly Bar[] {
  const total = calls[0]?.gasUsed ?? 0;
  if (total === 0) return [];
  const bars = new Map<number, Bar>();
  const taken = new Map<number, number>();
  for (const [at, call] of calls.entries()) {
    if (bars.size >= MOST) break;
    const caller = call.caller === null ? undefined : bars.get(call.caller);
    if (call.caller !== null && !caller) continue;
    const used = call.caller === null ? 0 : (taken.get(call.caller) ?? 0);
    const left = (caller?.left ?? 0) + used;
    const free = caller ? caller.left + caller.width - left : 1;
    const width = Math.min(call.gasUsed / total, free);
    if (call.caller !== null) taken.set(call.caller, used + width);
    if (width >= NARROWEST || call.caller === null) bars.set(at, { call: at, depth: call.depth, left, width });
  }
  return [...bars.values()];
}
