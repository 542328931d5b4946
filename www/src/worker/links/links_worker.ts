import type { LinkEvent } from "../../protocol/links";
import { checked } from "./check";
import { LinkError, unpacked } from "./unpack";

// Links are read in a worker of their own: the page ends it when one takes too long.

const post = (event: LinkEvent): void => self.postMessage(event);

async function read(hash: string): Promise<LinkEvent> {
  try {
    const found = await unpacked(hash);
    return { type: "read", link: checked(found), unpacked: found.size };
  } catch (error) {
    if (error instanceof LinkError) return { type: "refused", why: error.why };
    throw error;
  }
}

self.onmessage = async ({ data }: MessageEvent<string>) => post(await read(data));
post({ type: "ready" });
