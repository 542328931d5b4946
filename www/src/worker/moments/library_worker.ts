// The library's worker: all that is done with saved moments while no machine is there.
import type {
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
import { liveRuns } from "./runs";

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

const evm = () => import("./evm_moments");

async function answer(query: LibraryQuery): Promise<LibraryAnswers[keyof LibraryAnswers]> {
  // A file can be had where the browser keeps nothing.
  if (query.kind === "evmFile") return (await evm()).evmFile(query.moment);
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
    case "export": {
      const record = await store.record(query.id);
      const { body } = record;
      if (body.kind === "evm") return (await evm()).exportedEvm(record);
      return (await import("./exchange")).exported(record, body);
    }
    case "import": {
      const file = query.file as File;
      if (await isCard(file)) return (await evm()).importedEvm(file);
      return (await import("./exchange")).imported(file);
    }
    case "resolve": {
      const { body } = await store.record(query.id);
      if (body.kind === "evm") return { kind: "evm", place: await (await evm()).placeOf(query.id) };
      return resolve(body.recipe, { image: (hash) => store.image(hash), site: query.site, files: query.files });
    }
    case "keepEvm":
      return (await evm()).keepEvm(query.moment);
  }
}

/** Whether a file begins as cards do, which moments of the EVM are; those of PCs are within a snapshot. */
async function isCard(file: Blob): Promise<boolean> {
  const [first] = new Uint8Array(await file.slice(0, 1).arrayBuffer());
  return first === "{".charCodeAt(0);
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
