import { UserError } from "../../host/user_error.mjs";
import type { BranchRuns } from "../../protocol/compare";
import type { MachineState } from "../../protocol/event";
import type { StopReason } from "../../protocol/stops";
import type { Past } from "../../protocol/timeline";
import { PARTING } from "../../strings/worker/moments/parting";
import type { Pc } from "../engine";

const ALL_STEPS = 1n << 62n;

/**
 * The runs of the present future and of another one. The machine goes into the other and comes back to where it stands.
 * @throws Error if it does not rest, the past is not recorded from power-on, or there is no such future
 */
export function branchRuns(pc: Pc, id: number, state: MachineState): BranchRuns {
  if (state !== "paused" && state !== "stopped") throw new UserError(PARTING.pause);
  const { branch } = pc.past() as Past;
  const { time } = pc;
  const present = pc.recording(true) as Uint8Array<ArrayBuffer>;
  pc.switchBranch(id);
  const other = pc.recording(true) as Uint8Array<ArrayBuffer>;
  pc.switchBranch(branch);
  const { reason } = pc.goToTime(time, ALL_STEPS) as StopReason;
  if (reason === "needsBlock") throw new Error(PARTING.noBlock);
  return [present, other];
}
