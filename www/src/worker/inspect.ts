import { INSPECTION_METHODS, type Inspection, type InspectionMethod } from "../protocol/inspection";
import type { Pc } from "./engine";
import { fallback } from "./inspect_fallback";

/** Calls one of the bindings that look into a machine, by its name. */
export function inspect(
  pc: Pc,
  method: InspectionMethod,
  args: readonly unknown[],
): ReturnType<Inspection[InspectionMethod]> {
  if (!Object.hasOwn(INSPECTION_METHODS, method)) throw new Error(`there is no question ${method}`);
  const body = pc[method as keyof Pc] as unknown as (...args: unknown[]) => ReturnType<typeof inspect>;
  if (!body) return fallback[method]?.(pc, ...args) as never;
  return body.apply(pc, [...args]);
}
