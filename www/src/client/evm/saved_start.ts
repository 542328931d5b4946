import { embedded } from "../embedding";
import { browserKeeper } from "../shelf";
import { Projects } from "./saved";
import { SavedRuns } from "./saved_runs";
import { evmStore } from "./start";

/** What the reader keeps of the EVM in this browser. */
export const evmSaved = new SavedRuns(
  evmStore,
  new Projects(browserKeeper, "glassbox.evm.projects"),
  new Projects(browserKeeper, "glassbox.evm.drafts"),
  embedded === null,
);
