import { evmSaved } from "../../client/evm/saved_start";
import { evmStore } from "../../client/evm/start";
import { check } from "./checker";
import { EvmDesk } from "./desk";

/** The project that is being written on this page. */
export const evmDesk = new EvmDesk(evmStore, check, (project) => evmSaved.typed(project));
