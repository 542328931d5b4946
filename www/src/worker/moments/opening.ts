import type { MomentRecord } from "../../protocol/moments";
import { PageLibrary } from "../../wasm/x86/x86.js";
import { loadEngine, type Pc } from "../engine";
import { database } from "./database";

/** A saved moment on its way into memory. */
export interface Coming {
  readonly record: MomentRecord;
  /**
   * Goes to it.
   * @throws an error of one line if that cannot be; the machine is as it was
   */
  open(pc: Pc): void;
  /** Gives its memory back. */
  free(): void;
}

/**
 * Reads a moment.
 * @throws an error of one line
 */
export async function fetchMoment(id: string): Promise<Coming> {
  const record = await (await database()).record(id);
  await loadEngine();
  const { manifest, library } = await loaded(id);
  return { record, open: (pc) => pc.openMoment(manifest, library), free: () => library.free() };
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
