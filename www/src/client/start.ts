import type { Port } from "./connection";
import { embedded } from "./embedding";
import { Looker } from "./looker";
import { siteUrl } from "./site";
import { Speaker } from "./speaker";
import { Stops } from "./stops";
import { Store } from "./store";

/** The store of this page: one machine, one worker. */
export const store = new Store(
  () => new Worker(new URL("../worker/main.ts", import.meta.url), { type: "module" }) as Port,
  siteUrl(""),
  embedded === null,
);

/** The loudspeaker of this page. */
export const speaker = new Speaker();
store.listen("speaker", (changes) => speaker.play(changes));

/** What this page's panes ask with. */
export const looker = new Looker(store);

/** The stops of this page's machine. */
export const stops = new Stops(store);

// Nobody tells a page that it ends; that it is hidden is the last it hears.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || store.view.state === "off") return;
  store.send({ type: "keepMoment" });
});

// So that a page without a past need not look for what was kept of it.
const unwatch = store.watch(() => {
  if (store.view.state !== "running") return;
  unwatch();
  if (embedded !== null) return;
  try {
    localStorage.setItem("glassbox.ran", "1");
  } catch {
    // Then nothing is kept either.
  }
});
