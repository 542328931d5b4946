import type { Port } from "./connection";
import { Store } from "./store";

/** The store of this page: one machine, one worker. */
export const store = new Store(
  () => new Worker(new URL("../worker/main.ts", import.meta.url), { type: "module" }) as Port,
);
