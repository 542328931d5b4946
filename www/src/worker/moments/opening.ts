import type { MomentRecord } from "../../protocol/moments";
import { PageLibrary } from "../../wasm/x86/x86.js";
import { loadEngine, type Pc } from "../engine";
import { type Database, database } from "./database";

type Whole = Awaited<ReturnType<Database["whole"]>>;

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
  const kept = await database();
  const [record, whole] = await Promise.all([kept.record(id), kept.whole(id), loadEngine()]);
  const { manifest, library } = inMemory(whole);
  return { record, open: (pc) => pc.openMoment(manifest, library), free: () => library.free() };
}

/** A moment's manifest, and its pages in memory. */
export async function loaded(id: string): Promise<{ manifest: Uint8Array<ArrayBuffer>; library: PageLibrary }> {
  return inMemory(await (await database()).whole(id));
}

function inMemory({ manifest, packs }: Whole) {
  const library = new PageLibrary();
  try {
    for (const { ids, bytes } of packs) library.loadOwn(ids, bytes);
  } catch (error) {
    library.free();
    throw error;
  }
  return { manifest, library };
}
