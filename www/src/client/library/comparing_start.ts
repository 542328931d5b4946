import type { Port } from "../connection";
import { siteUrl } from "../site";
import { Comparing } from "./comparing";

/** What compares moments, in a worker of its own that begins with the first question. */
export const startComparing = (): Comparing =>
  new Comparing(
    () => new Worker(new URL("../../worker/moments/compare_worker.ts", import.meta.url), { type: "module" }) as Port,
    siteUrl(""),
  );
