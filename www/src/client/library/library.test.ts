import { expect, it, vi } from "vitest";
import type { LibraryNews, LibraryQuery, MomentView } from "../../protocol/moments";
import type { Port } from "../connection";
import { Library } from "./library";

const moment = (id: string, date: number, run: string | null, live = false): MomentView => ({
  ...{ id, name: id, note: "", thumbnail: null, machine: "PC", instruction: 0, date, parent: null, snapshot: "", run },
  ...{ imported: false, deleted: null, kind: "pc", alone: 0, shared: 0, live, foreign: [] },
});

/** A library whose worker answers by `answers`; what it was asked, and the channel's news. */
function set(answers: (query: LibraryQuery) => unknown) {
  const asked: LibraryQuery[] = [];
  const port: Port = {
    postMessage(message) {
      const { type, id, query } = message as { type: string; id: number; query: LibraryQuery };
      if (type !== "query") return;
      asked.push(query);
      let data: unknown;
      try {
        data = { type: "answer", id, value: answers(query) };
      } catch (error) {
        data = { type: "refused", id, message: (error as Error).message };
      }
      queueMicrotask(() => port.onmessage?.({ data } as MessageEvent));
    },
    terminate: () => undefined,
    onmessage: null,
    onerror: null,
  };
  const channel: Pick<BroadcastChannel, "onmessage" | "close"> = { onmessage: null, close: () => undefined };
  const store = { boot: vi.fn(), ask: vi.fn(async () => ({ id: "new" })) };
  const storage = {
    estimate: async () => ({ usage: 30, quota: 100 }),
    persist: vi.fn(async () => true),
    persisted: async () => true,
  };
  const library = new Library(() => port, store as never, { storage, channel, site: "https://here/" });
  const news = (data: LibraryNews) => channel.onmessage?.call(channel as BroadcastChannel, { data } as MessageEvent);
  return { library, asked, store, storage, news };
}

it("lists moments, tells the runs that were lost, and lists anew when another tab changed something", async () => {
  const all = [moment("a", 1, null), moment("b", 2, "r"), moment("c", 3, "s"), moment("d", 4, "t", true)];
  const { library, asked, news } = set(() => all);
  let told = 0;
  const end = library.watch(() => told++);
  await vi.waitFor(() => expect(told).toBe(1));
  expect(library.all).toEqual(all);
  expect(library.lost.map(({ id }) => id)).toEqual(["c", "b"]);
  news({});
  await vi.waitFor(() => expect(asked.length).toBe(2));
  end();
  news({});
  expect(asked.length).toBe(2);
});

it("keeps the last list, and tells why, when the browser refuses", async () => {
  let blocked = false;
  const { library } = set(() => {
    if (blocked) throw new Error("storage is blocked");
    return [moment("a", 1, null)];
  });
  await library.refresh();
  blocked = true;
  await library.refresh();
  expect([library.problem, library.all?.length]).toEqual(["storage is blocked", 1]);
});

it("asks the browser not to clear what was saved by hand", async () => {
  const { library, storage, store } = set(() => []);
  await library.refresh();
  expect(storage.persist).not.toHaveBeenCalled();
  await library.save("name", "note");
  expect(store.ask).toHaveBeenCalledWith({ kind: "saveMoment", name: "name", note: "note" });
  expect(storage.persist).toHaveBeenCalledOnce();
  expect(await library.space()).toEqual({ used: 30, left: 70, persistent: true });
});

it("boots a moment's machine there, and asks for images that only the reader has", async () => {
  const missing = [{ role: "hda", name: "disk.img", size: 5, wrong: false }];
  const spec = { title: "PC" };
  const { library, asked, store } = set((query) =>
    query.kind === "resolve" && query.files.hda ? { kind: "spec", spec } : { kind: "missing", images: missing },
  );
  expect(await library.open("m")).toEqual({ kind: "missing", images: missing });
  expect(store.boot).not.toHaveBeenCalled();
  const hda = new File(["12345"], "disk.img");
  expect(await library.open("m", { hda })).toEqual({ kind: "opened" });
  expect(asked.at(-1)).toEqual({ kind: "resolve", id: "m", site: "https://here/", files: { hda } });
  expect(store.boot).toHaveBeenCalledWith(spec, true, { moment: "m" });
});
