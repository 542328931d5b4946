import type { Port } from "../connection";
import { type ReadLink, readLink } from "./reading";

/** Reads the link in an address, from its `#` on. Fails with `LinkRefused`. */
export const readPageLink = (hash: string): Promise<ReadLink> =>
  readLink(
    hash,
    () =>
      new Worker(new URL("../../worker/links/links_worker.ts", import.meta.url), {
        type: "module",
        name: "links",
      }) as Port,
  );
