import type { LinkEvent, LinkMoment, LinkTrouble } from "../../protocol/links";
import type { Port } from "../connection";

/** Reading takes no longer than this, in milliseconds, once the worker is there; loading the worker no longer than that. */
export const READ_MS = 1000;
export const LOAD_MS = 20_000;

/** A link that was read, and how large it is unpacked, in bytes. */
export interface ReadLink {
  readonly link: LinkMoment;
  readonly unpacked: number;
}

/** Why a link was refused. */
export class LinkRefused extends Error {
  constructor(readonly why: LinkTrouble) {
    super(why.kind);
  }
}

/**
 * Reads a link, from its `#` on, in a worker that is ended afterwards, whatever it does.
 * @throws LinkRefused
 */
export function readLink(hash: string, startWorker: () => Port): Promise<ReadLink> {
  const worker = startWorker();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const answer = new Promise<ReadLink>((resolve, reject) => {
    const refuse = (why: LinkTrouble) => reject(new LinkRefused(why));
    const within = (milliseconds: number, kind: "tooSlow" | "noReader") => {
      clearTimeout(timer);
      timer = setTimeout(() => refuse({ kind }), milliseconds);
    };
    worker.onerror = () => refuse({ kind: "noReader" });
    worker.onmessage = ({ data }: MessageEvent<LinkEvent>) => {
      if (data.type === "ready") {
        within(READ_MS, "tooSlow");
        worker.postMessage(hash, []);
      } else if (data.type === "read") resolve({ link: data.link, unpacked: data.unpacked });
      else refuse(data.why);
    };
    within(LOAD_MS, "noReader");
  });
  return answer.finally(() => {
    clearTimeout(timer);
    worker.terminate();
  });
}
