import { evmStore } from "../../client/evm/start";
import { evmLine } from "../../client/library/evm_line";
import { library } from "../../client/library/start";
import type { EvmPlace } from "../../protocol/links";
import { LIBRARY } from "../../strings/library";
import { go } from "../frame/routes";
import { benchOf, showPanes } from "../links/arrangement";
import { openEvmMoment } from "../links/evm_moment";
import { messageOf } from "./files";

/** Opens a saved moment of the EVM on its page: at its step, with its stops and its panes. */
export async function openRun(id: string, place: EvmPlace): Promise<void> {
  go("evm");
  await openEvmMoment(place);
  // Why it could not be opened is told by the page.
  if (evmStore.executed !== place.project) return;
  evmLine.opened(id, place);
  const bench = await benchOf("evm-page");
  if (bench && place.panes) showPanes(bench, place.panes);
}

/** Takes a moment's file into the library, and opens it; the gallery asks what a PC's moment needs. */
export async function takeMoment(file: File): Promise<void> {
  const id = await library.imported(file).catch((error: unknown) => {
    evmStore.report(LIBRARY.notImported(messageOf(error)));
  });
  if (!id) return;
  if (library.all?.find((moment) => moment.id === id)?.kind !== "evm") return go("gallery");
  try {
    const opened = await library.open(id);
    if (opened.kind === "evm") await openRun(id, opened.place);
  } catch (error) {
    evmStore.report(messageOf(error));
  }
}
