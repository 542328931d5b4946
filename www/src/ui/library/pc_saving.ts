import { library } from "../../client/library/start";
import { store } from "../../client/start";
import { LIBRARY } from "../../strings/library";
import { showSaveDialog } from "./save_dialog";

/** Saves the machine of this page as it is now. */
export const saveMoment = (): Promise<void> =>
  showSaveDialog({
    name: store.view.spec?.title ?? "",
    async save(name, note) {
      const { id, instruction, bytes, total } = await library.save(name, note);
      return { id, said: LIBRARY.save.saved(instruction, bytes, total / 1000) };
    },
    file: (name, note) => library.file(name, note),
    report: (problem) => store.report(problem),
  });
