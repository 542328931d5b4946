import { browserKeeper } from "../shelf";
import { Projects } from "./saved";
import { EvmDesk } from "./saved_desk";
import { evmStore } from "./start";

/** What the reader keeps of the EVM in this browser. */
export const evmDesk = new EvmDesk(
  evmStore,
  new Projects(browserKeeper, "glassbox.evm.projects"),
  new Projects(browserKeeper, "glassbox.evm.drafts"),
);
