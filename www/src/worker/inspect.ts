import { INSPECTION_METHODS, type Inspection, type InspectionMethod } from "../protocol/inspection";
import type { Pc } from "./engine";

type Answer = ReturnType<Inspection[InspectionMethod]>;

/** Calls one of the bindings that look into a machine, by its name. */
export function inspect(pc: Pc, method: InspectionMethod, args: readonly unknown[]): Answer {
  if (!Object.hasOwn(INSPECTION_METHODS, method)) throw new Error(`there is no question ${method}`);
  const bindings = pc as unknown as Record<InspectionMethod, (...args: unknown[]) => Answer>;
  return bindings[method](...args);
}
