import { evmStore } from "../../client/evm/start";
import { evmLine } from "../../client/library/evm_line";
import { library } from "../../client/library/start";
import { cleanName } from "../../client/shelf";
import type { EvmPlace } from "../../protocol/links";
import { LIBRARY } from "../../strings/library";
import type { WorkBench } from "../frame/work_bench";
import { panesOf } from "../links/arrangement";
import { evmPlace } from "../links/evm_moment";
import { type SaveSubject, showSaveDialog } from "./save_dialog";

/** The run's name in the library, and which of several transactions stands there. */
function machineOf({ project, transaction }: EvmPlace): string {
  const title = cleanName(project.title) || LIBRARY.kinds.evm;
  return (project.request.transactions?.length ?? 0) > 1 ? LIBRARY.transaction(title, transaction + 1) : title;
}

function subject(place: EvmPlace): SaveSubject {
  const machine = machineOf(place);
  // What was deleted again is nobody's parent.
  const kept = (name: string, note: string) => ({ ...{ name, note, machine, place }, parent: evmLine.parentOf(place) });
  return {
    name: cleanName(place.project.title) || LIBRARY.kinds.evm,
    async save(name, note) {
      const id = await library.keepEvm(kept(name, note));
      evmLine.saved(id, place);
      return { id, said: LIBRARY.save.savedRun(place.position, place.transaction + 1) };
    },
    file: (name, note) => library.evmFile(kept(name, note)),
    dropped: (id) => evmLine.dropped(id),
    report: (problem) => evmStore.report(problem),
  };
}

/** Saves the run of the EVM where it stands; nothing while there is none. */
export async function saveEvmMoment(bench: WorkBench | null): Promise<void> {
  const place = evmPlace(bench ? panesOf(bench) : undefined);
  if (place) await showSaveDialog(subject(place));
}
