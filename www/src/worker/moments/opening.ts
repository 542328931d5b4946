import type { MomentRecord } from "../../protocol/moments";
import { PageLibrary } from "../../wasm/x86/x86.js";
import type { Pc } from "../engine";
import { database } from "./database";

/**
 * Goes to a saved moment.
 * @throws an error of one line if that cannot be; the machine is as it was
 */
export async function open(pc: Pc, id: string): Promise<MomentRecord> {
  const store = await database();
  const record = await store.record(id);
  const pages = await loaded(id);
  try {
    pc.openMoment(pages.manifest, pages.library);
  } finally {
    pages.library.free();
  }
  return record;
}

/** A moment's manifest, and its pages in memory. */
export async function loaded(id: string): Promise<{ manifest: Uint8Array<ArrayBuffer>; library: PageLibrary }> {
  const { manifest, packs } = await (await database()).whole(id);
  const library = new PageLibrary();
  try {
    for (const { ids, bytes } of packs) library.load(ids, bytes);
  } catch (error) {
    library.free();
    throw error;
  }
  return { manifest, library };
}
