import type { MomentParts, PageLibrary } from "../../wasm/x86/x86.js";
import type { Database, NewPack } from "./database";

/** Lets others have the thread. */
export const pause = (): Promise<void> =>
  new Promise((resolve) => {
    // Not setTimeout, which browsers hold back when it is called often.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

/** Work done in pieces of at most about so many milliseconds, with a rest after each. */
export class Pieces {
  private begun = performance.now();
  longest = 0;

  constructor(private readonly mostMs: number) {}

  /** Called between steps: rests if it is time to. */
  async step(): Promise<void> {
    if (performance.now() - this.begun >= this.mostMs) await this.rest();
  }

  /** Counts what was done since the last rest, and rests. */
  async rest(): Promise<void> {
    this.count();
    await pause();
    this.begun = performance.now();
  }

  /** Others had the thread: what they did is not counted. */
  resume(): void {
    this.begun = performance.now();
  }

  count(): void {
    this.longest = Math.max(this.longest, performance.now() - this.begun);
  }
}

/** Tells the engine which pages the store has: those of packs that came, and no more those of packs that went. */
export async function learn(pages: PageLibrary, database: Database, pieces: Pieces): Promise<void> {
  const known = new Set(pages.knownPacks());
  const there = await database.packKeys();
  const news = there.filter((key) => !known.delete(key));
  for (const gone of known) pages.forget(gone);
  const ids = await database.packIds(news);
  pieces.resume();
  for (const [index, key] of news.entries()) {
    const found = ids[index];
    if (found) pages.know(key, found);
    await pieces.step();
  }
}

/** The pages that the store has not, packed. */
export async function packsOf(parts: MomentParts, pieces: Pieces): Promise<readonly NewPack[]> {
  const packs: NewPack[] = [];
  for (let pack = parts.nextPack(); pack; pack = parts.nextPack()) {
    packs.push({ ids: pack.ids as Uint8Array<ArrayBuffer>, bytes: pack.bytes as Uint8Array<ArrayBuffer> });
    pack.free();
    await pieces.step();
  }
  return packs;
}
