import type { WayBack } from "../protocol/timeline";
import { store } from "./start";

/** Goes back to what changed something last: after the instruction that did. */
export const whoWrote = (kind: Extract<WayBack, "write" | "register" | "port" | "pixel">, at: string): void =>
  store.send({ type: "goBack", kind, at });
