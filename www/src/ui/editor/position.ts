import type { SourceMap } from "../../client/nasm_source_map";
import type { Store } from "../../client/store";

/** Where a resting machine stands with respect to the source. */
export type Position =
  | { readonly kind: "here"; readonly line: number }
  /** Memory has other bytes there than the source was assembled to. */
  | { readonly kind: "changed"; readonly line: number }
  | { readonly kind: "elsewhere"; readonly address: string };

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, "0");

/** Asks the machine where it stands; null while it runs, or when it was booted from something else. */
export async function positionOf(store: Store, map: SourceMap | undefined): Promise<Position | null> {
  const { state } = store.view;
  if (!map || (state !== "paused" && state !== "stopped")) return null;
  try {
    const { linear_ip, eip, segments, mode } = await store.ask({ kind: "registers" });
    const place = map.at(linear_ip);
    const selector = segments.find(({ name }) => name.toLowerCase() === "cs")?.selector ?? 0;
    const digits = mode.startsWith("real") ? 4 : 8;
    if (place?.linear !== linear_ip) return { kind: "elsewhere", address: `${hex(selector, 4)}:${hex(eip, digits)}` };
    const { linear, bytes, line } = place;
    const memory = await store.ask({ kind: "memory", linear, length: bytes.length });
    const same = bytes.every((byte, index) => memory[index] === byte);
    return { kind: same ? "here" : "changed", line };
  } catch {
    // The machine went away while it was asked.
    return null;
  }
}
