import type { MachineState } from "../../protocol/event";
import type { Answers, Query } from "../../protocol/inspection";
import type { Pc } from "../engine";
import { partsOf } from "../links/parts";
import { branchRuns } from "./branch_runs";

/**
 * What a machine's run is told by: for links to where it stands, or for comparing its futures.
 * @throws Error of one line
 */
export function runParts(
  pc: Pc,
  query: Extract<Query, { kind: "linkParts" | "branchRuns" }>,
  state: MachineState,
): Answers["linkParts" | "branchRuns"] {
  return query.kind === "linkParts" ? partsOf(pc, query.snapshot) : branchRuns(pc, query.id, state);
}
