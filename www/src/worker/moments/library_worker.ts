// The library's worker: all that is done with saved moments while no machine is there.
import type {
  EvmMoment,
  LibraryAnswers,
  LibraryCommand,
  LibraryEvent,
  LibraryQuery,
  MomentRecord,
  MomentView,
} from "../../protocol/moments";
import { runLock } from "../../protocol/moments";
import { database } from "./database";
import { foreignTo, resolve } from "./recipe";
import { liveRuns, newId } from "./runs";

/** What was deleted is swept at last when the library is opened again after this time. */
const UNDO_MS = 10 * 60_000;

/** Bytes that only one moment needs, and those that others need too. */
function sizes(records: readonly MomentRecord[]): ReadonlyMap<string, { alone: number; shared: number }> {
  const users = new Map<number, number>();
  for (const { packs } of records) for (const { pack } of packs) users.set(pack, (users.get(pack) ?? 0) + 1);
  return new Map(
    records.map(({ id, packs, ownBytes }) => {
      const shared = packs.filter(({ pack }) => (users.get(pack) ?? 0) > 1);
      const sum = (some: typeof packs) => some.reduce((bytes, use) => bytes + use.bytes, 0);
      return [id, { alone: ownBytes + sum(packs) - sum(shared), shared: sum(shared) }];
    }),
  );
}

async function list(): Promise<readonly MomentView[]> {
  const [records, live] = [await (await database()).records(), await liveRuns()];
  const bytes = sizes(records);
  const there = records.filter(({ deleted }) => deleted === null);
  return there.map(({ packs: _, ownBytes: _own, recording: _run, body, ...record }) => ({
    ...record,
    ...(bytes.get(record.id) ?? { alone: 0, shared: 0 }),
    kind: body.kind,
    foreign: body.kind === "pc" ? foreignTo(Object.values(body.recipe.images), self.location.origin) : [],
    live: record.run !== null && live.has(runLock(record.run)),
  }));
}

async function keepEvm({ project, ...moment }: EvmMoment): Promise<string> {
  const own = {
    id: newId(),
    thumbnail: null,
    date: Date.now(),
    snapshot: "",
    run: null,
    imported: false,
    deleted: null,
  };
  const record = { ...moment, ...own, body: { kind: "evm", project } as const };
  const manifest = new TextEncoder().encode(project) as Uint8Array<ArrayBuffer>;
  const nothing = { known: new Uint32Array(), packs: [], images: new Map() };
  await (await database()).write({ record, manifest, ...nothing });
  return own.id;
}

async function answer(query: LibraryQuery): Promise<LibraryAnswers[keyof LibraryAnswers]> {
  const store = await database();
  switch (query.kind) {
    case "list":
      return list();
    case "describe":
      await store.describe(query.id, query.name, query.note);
      return null;
    case "remove":
      await store.remove(query.ids);
      return null;
    case "bringBack":
      await store.bringBack(query.ids);
      return null;
    case "sweep":
      await store.sweep(Date.now() - UNDO_MS);
      return null;
    case "export":
      return (await import("./exchange")).exported(query.id);
    case "import":
      return (await import("./exchange")).imported(query.file as File);
    case "resolve": {
      const { body } = await store.record(query.id);
      if (body.kind === "evm") return { kind: "evm", project: body.project };
      return resolve(body.recipe, { image: (hash) => store.image(hash), site: query.site, files: query.files });
    }
    case "keepEvm":
      return keepEvm(query.moment);
  }
}

function post(event: LibraryEvent): void {
  self.postMessage(event);
}

self.onmessage = async ({ data: command }: MessageEvent<LibraryCommand>) => {
  if (command.type === "ping") return post({ type: "pong" });
  const { id, query } = command;
  try {
    post({ type: "answer", id, value: await answer(query) });
  } catch (error) {
    post({ type: "refused", id, message: error instanceof Error ? error.message : String(error) });
  }
};
