import type { Port } from "./connection";
import { Speaker } from "./speaker";
import { Store } from "./store";

/** The store of this page: one machine, one worker. */
export const store = new Store(
  () => new Worker(new URL("../worker/main.ts", import.meta.url), { type: "module" }) as Port,
);

/** The loudspeaker of this page. */
export const speaker = new Speaker();
store.listen("speaker", (changes) => speaker.play(changes));
