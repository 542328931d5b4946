import { LIBRARY_CHANNEL } from "../../protocol/moments";
import type { Port } from "../connection";
import { siteUrl } from "../site";
import { store } from "../start";
import { Library } from "./library";

/** The saved moments of this browser. */
export const library = new Library(
  () => new Worker(new URL("../../worker/moments/library_worker.ts", import.meta.url), { type: "module" }) as Port,
  store,
  { storage: navigator.storage, channel: new BroadcastChannel(LIBRARY_CHANNEL), site: siteUrl("") },
);
