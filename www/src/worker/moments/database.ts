import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import { UserError } from "../../host/user_error.mjs";
import { LIBRARY_CHANNEL, type LibraryNews, type MomentRecord, type PackUse } from "../../protocol/moments";
import { DATABASE } from "../../strings/worker/moments/database";

const VERSION = 1;

interface Tables extends DBSchema {
  moments: { key: string; value: MomentRecord };
  /** Snapshots without their pages, by the moment's id. */
  manifests: { key: string; value: Uint8Array<ArrayBuffer> };
  /** Pages, each once, some dozens packed together. */
  packs: { key: number; value: Uint8Array<ArrayBuffer> };
  /** Which pages are in a pack, 32 bytes of SHA-256 for each; of the same key. */
  packIds: { key: number; value: Uint8Array<ArrayBuffer> };
  /** Images that moments keep, by their SHA-256 in hexadecimal. */
  images: { key: string; value: Uint8Array<ArrayBuffer> };
}

const TABLES = ["moments", "manifests", "packs", "packIds", "images"] as const;

/** Packs given to the browser at once: copying them costs a millisecond or two, and few answers are waited for. */
const PACKS_AT_ONCE = 16;

/** Pages packed together. */
export interface NewPack {
  readonly ids: Uint8Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What is written of a moment, in one piece. */
export interface Writing {
  readonly record: Omit<MomentRecord, "packs" | "ownBytes">;
  readonly manifest: Uint8Array<ArrayBuffer>;
  /** Packs that are there: pairs of a key and a number of pages. */
  readonly known: Uint32Array;
  readonly packs: readonly NewPack[];
  readonly images: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** A pack that was counted on went away meanwhile: another tab deleted the last moment that needed it. */
export class PackGone extends Error {}

/** What a failure of the database means to the reader. */
function plain(error: unknown): unknown {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "QuotaExceededError") return new UserError(DATABASE.full);
  if (["SecurityError", "InvalidStateError", "NotAllowedError", "UnknownError"].includes(name)) {
    return new UserError(DATABASE.blocked);
  }
  if (name === "VersionError") return new UserError(DATABASE.newer);
  return error;
}

/** A request whose failure undoes the transaction, and is told by that. */
function quiet(request: Promise<unknown>): void {
  request.catch(() => undefined);
}

/** Images and packs that none but these moments need. */
function needed(records: readonly MomentRecord[]): { packs: Set<number>; images: Set<string> } {
  const images = records.flatMap(({ body }) => (body.kind === "pc" ? Object.values(body.recipe.images) : []));
  return {
    packs: new Set(records.flatMap(({ packs }) => packs.map(({ pack }) => pack))),
    images: new Set(images.flatMap((image) => (image.kind === "kept" ? [image.sha256] : []))),
  };
}

/**
 * Saved moments in the browser: manifests, and pages that are kept once however many moments share them. Each change is
 * one transaction, so that a tab may end at any time.
 */
export class Database {
  private constructor(private readonly db: IDBPDatabase<Tables>) {}

  /** @throws UserError if the browser refuses */
  static async open(name = "glassbox.moments"): Promise<Database> {
    try {
      const db = await openDB<Tables>(name, VERSION, {
        upgrade(made) {
          made.createObjectStore("moments", { keyPath: "id" });
          made.createObjectStore("manifests");
          made.createObjectStore("packs", { autoIncrement: true });
          made.createObjectStore("packIds");
          made.createObjectStore("images");
        },
        // A newer page in another tab must be able to go on.
        blocking(_current, _wanted, event) {
          (event.target as IDBDatabase).close();
          opened = undefined;
        },
        terminated() {
          opened = undefined;
        },
      });
      return new Database(db);
    } catch (error) {
      throw plain(error) instanceof UserError ? plain(error) : new UserError(DATABASE.blocked);
    }
  }

  static async destroy(name: string): Promise<void> {
    await deleteDB(name);
  }

  close(): void {
    this.db.close();
  }

  /** All moments, deleted ones too, in no order. */
  records(): Promise<MomentRecord[]> {
    return this.guarded(() => this.db.getAll("moments"));
  }

  /** @throws UserError if it is not there */
  async record(id: string): Promise<MomentRecord> {
    const record = await this.guarded(() => this.db.get("moments", id));
    if (!record || record.deleted !== null) throw new UserError(DATABASE.gone);
    return record;
  }

  image(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.guarded(() => this.db.get("images", sha256));
  }

  packKeys(): Promise<number[]> {
    return this.guarded(() => this.db.getAllKeys("packIds"));
  }

  /** Which pages are in these packs; nothing for those that went away. */
  packIds(keys: readonly number[]): Promise<(Uint8Array<ArrayBuffer> | undefined)[]> {
    return this.guarded(async () => {
      const table = this.db.transaction("packIds").store;
      return Promise.all(keys.map((key) => table.get(key)));
    });
  }

  /** A moment's manifest and the packs it needs, as of one time. */
  async whole(id: string): Promise<{ manifest: Uint8Array<ArrayBuffer>; packs: NewPack[] }> {
    const record = await this.record(id);
    const read = this.db.transaction(["manifests", "packs", "packIds"]);
    const manifest = await read.objectStore("manifests").get(id);
    const packs = await Promise.all(
      record.packs.map(async ({ pack }) => {
        const [ids, bytes] = await Promise.all([
          read.objectStore("packIds").get(pack),
          read.objectStore("packs").get(pack),
        ]);
        return ids && bytes ? [{ ids, bytes }] : [];
      }),
    );
    if (!manifest || packs.some((found) => found.length === 0)) throw new UserError(DATABASE.gone);
    return { manifest, packs: packs.flat() };
  }

  /**
   * Writes a moment with all it needs, in place of the last one kept of its run, if it was kept without being asked; or
   * nothing.
   * @returns bytes written
   * @throws PackGone, or UserError
   */
  async write({ record, manifest, known, packs, images }: Writing): Promise<number> {
    const change = this.db.transaction(TABLES, "readwrite");
    const work = async (): Promise<number> => {
      const uses = await this.uses(change.objectStore("packIds"), change.objectStore("packs"), known);
      let bytes = manifest.length;
      for (let at = 0; at < packs.length; at += PACKS_AT_ONCE) {
        const some = packs.slice(at, at + PACKS_AT_ONCE);
        const keys = await Promise.all(some.map(async (pack) => change.objectStore("packs").add(pack.bytes)));
        for (const [index, pack] of some.entries()) {
          const key = keys[index] ?? 0;
          quiet(change.objectStore("packIds").put(pack.ids, key));
          this.sizes.set(key, pack.bytes.length);
          uses.push({ pack: key, pages: pack.ids.length / 32, bytes: pack.bytes.length });
          bytes += pack.bytes.length + pack.ids.length;
        }
      }
      for (const [sha256, image] of images) {
        if ((await change.objectStore("images").getKey(sha256)) === undefined) {
          quiet(change.objectStore("images").put(image, sha256));
          bytes += image.length;
        }
      }
      quiet(change.objectStore("manifests").put(manifest, record.id));
      quiet(change.objectStore("moments").put({ ...record, packs: uses, ownBytes: manifest.length }));
      if (record.run !== null) await this.replaceRun(change, record.run, record.id);
      return bytes;
    };
    const written = await this.finished(change, work());
    tell({});
    return written;
  }

  /** Changes what people say of a moment. */
  async describe(id: string, name: string, note: string): Promise<void> {
    await this.alter([id], (record) => ({ ...record, name, note }));
  }

  /** Marks moments as deleted: what they need stays until they are swept. */
  async remove(ids: readonly string[]): Promise<void> {
    const now = Date.now();
    await this.alter(ids, (record) => ({ ...record, deleted: now }));
  }

  async bringBack(ids: readonly string[]): Promise<void> {
    await this.alter(ids, (record) => ({ ...record, deleted: null }));
  }

  /** Frees what was deleted before a time, and all that nothing else needs. */
  async sweep(before: number, also: (record: MomentRecord) => boolean = () => false): Promise<void> {
    const change = this.db.transaction(TABLES, "readwrite");
    const work = async () => {
      const records = await change.objectStore("moments").getAll();
      const dead = records.filter((record) => (record.deleted !== null && record.deleted <= before) || also(record));
      if (dead.length > 0) await this.free(change, records, dead);
      return dead.length;
    };
    if ((await this.finished(change, work())) > 0) tell({});
  }

  private async alter(ids: readonly string[], body: (record: MomentRecord) => MomentRecord): Promise<void> {
    const change = this.db.transaction("moments", "readwrite");
    const work = async () => {
      for (const id of ids) {
        const record = await change.store.get(id);
        if (!record) throw new UserError(DATABASE.gone);
        quiet(change.store.put(body(record)));
      }
    };
    await this.finished(change, work());
    tell({});
  }

  /** The uses of packs that are there. */
  private async uses(
    ids: { getAllKeys(): Promise<number[]> },
    packs: { get(key: number): Promise<Uint8Array | undefined> },
    known: Uint32Array,
  ): Promise<PackUse[]> {
    const there = new Set(await ids.getAllKeys());
    const uses: PackUse[] = [];
    for (let at = 0; at < known.length; at += 2) {
      const [pack = 0, pages = 0] = known.subarray(at, at + 2);
      if (!there.has(pack)) throw new PackGone();
      const bytes = this.sizes.get(pack) ?? (await packs.get(pack))?.length ?? 0;
      this.sizes.set(pack, bytes);
      uses.push({ pack, pages, bytes });
    }
    return uses;
  }

  /** Bytes of packs, which never change. */
  private readonly sizes = new Map<number, number>();

  private async replaceRun(change: Change, run: string, id: string): Promise<void> {
    const records = await change.objectStore("moments").getAll();
    const older = records.filter((record) => record.run === run && record.id !== id);
    if (older.length > 0) await this.free(change, records, older);
  }

  private async free(change: Change, all: readonly MomentRecord[], dead: readonly MomentRecord[]): Promise<void> {
    const rest = needed(all.filter((record) => !dead.includes(record)));
    const freed = needed(dead);
    for (const { id } of dead) {
      quiet(change.objectStore("moments").delete(id));
      quiet(change.objectStore("manifests").delete(id));
    }
    for (const pack of freed.packs) {
      if (rest.packs.has(pack)) continue;
      quiet(change.objectStore("packs").delete(pack));
      quiet(change.objectStore("packIds").delete(pack));
    }
    for (const image of freed.images) if (!rest.images.has(image)) quiet(change.objectStore("images").delete(image));
  }

  /** Waits until all of a change is on the disk, or undoes it. */
  private async finished<T>(change: { done: Promise<void>; abort(): void }, work: Promise<T>): Promise<T> {
    try {
      const [value] = await Promise.all([work, change.done]);
      return value;
    } catch (error) {
      try {
        change.abort();
      } catch {
        // It was undone already.
      }
      // Why it was undone tells more than that a request failed of it.
      const cause = await change.done.then(
        () => error,
        (undone: unknown) => undone,
      );
      const own = error instanceof PackGone || error instanceof UserError;
      throw plain(own || (cause as DOMException | null)?.name === "AbortError" ? error : cause);
    }
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw plain(error);
    }
  }
}

type Change = import("idb").IDBPTransaction<Tables, typeof TABLES, "readwrite">;

let channel: BroadcastChannel | undefined;

/** Tells all tabs that the library changed. */
export function tell(news: LibraryNews): void {
  channel ??= new BroadcastChannel(LIBRARY_CHANNEL);
  channel.postMessage(news);
}

let opened: Promise<Database> | undefined;

/** This worker's connection; after a failure it is tried anew. */
export function database(): Promise<Database> {
  opened ??= Database.open().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}
