import { evmLine } from "../../client/library/evm_line";
import type { EvmPlace } from "../../protocol/links";
import { go } from "../frame/routes";
import { benchOf, showPanes } from "../links/arrangement";
import { openEvmMoment } from "../links/evm_moment";

/** Opens a saved moment of the EVM on its page: at its step, with its stops and its panes. */
export async function openRun(id: string, place: EvmPlace): Promise<void> {
  go("evm");
  await openEvmMoment(place);
  evmLine.opened(id, place);
  const bench = await benchOf("evm-page");
  if (bench && place.panes) showPanes(bench, place.panes);
}
