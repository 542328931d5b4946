import { expect, it, vi } from "vitest";
import type { TimelineView } from "../../protocol/timeline";
import type { Store } from "../store";
import { Timeline } from "./timeline";

const point = (time: number) => ({ instruction: time / 10, time });
const thumbnail = (id: number, time: number) => ({
  id,
  ...point(time),
  width: 1,
  height: 1,
  rgba: new Uint8ClampedArray(4),
});

/** A store that answers with what `answer` holds, and a machine that arrives when it is told to. */
function make(parts: Partial<TimelineView> = {}) {
  const sent: unknown[] = [];
  const asked: { known: number }[] = [];
  const watchers = new Set<() => void>();
  const answer: TimelineView = {
    budget: 1,
    past: { start: point(0), end: point(1000), here: point(1000), isPast: false, bytes: 0, branch: 0 },
    branches: [],
    marks: [],
    bookmarks: [],
    thumbnails: [],
    fresh: [],
    ...parts,
  };
  const store = {
    view: { rests: 0, state: "paused" },
    send: (command: unknown) => void sent.push(command),
    ask: async (query: { known: number }) => {
      asked.push(query);
      return { ...answer, fresh: answer.fresh.filter(({ id }) => id > query.known) };
    },
    watch: (watcher: () => void) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
  const timeline = new Timeline(store as unknown as Store);
  const arrive = (state = "paused") => {
    store.view = { rests: store.view.rests + 1, state };
    for (const watcher of watchers) watcher();
  };
  return { timeline, sent, asked, arrive, watchers };
}

const settled = (timeline: Timeline) => vi.waitFor(() => expect(timeline.past).not.toBeNull());

it("goes one way to its end while somebody drags, then to the last point asked for", async () => {
  const { timeline, sent, arrive } = make();
  timeline.watch(() => undefined);
  await settled(timeline);
  for (const time of [100, 200, 300, 400]) timeline.go({ time }, true);
  expect(sent).toEqual([{ type: "goToTime", time: 100 }]);
  expect(timeline.aim).toEqual({ time: 400 });
  arrive();
  expect(sent.slice(1)).toEqual([{ type: "goToTime", time: 400 }]);
  arrive();
  await settled(timeline);
  expect(sent).toHaveLength(2);
  await vi.waitFor(() => expect(timeline.aim).toBeNull());
});

it("does not wait for a stale way when the reader lets go", async () => {
  const { timeline, sent } = make();
  timeline.watch(() => undefined);
  await settled(timeline);
  timeline.go({ time: 100 }, true);
  timeline.go({ time: 200 }, true);
  timeline.go({ instruction: 7 });
  expect(sent).toEqual([
    { type: "goToTime", time: 100 },
    { type: "goTo", instruction: 7 },
  ]);
});

it("shows the picture that was there, and asks for none twice", async () => {
  const { timeline, asked, arrive } = make({
    thumbnails: [3, 5],
    fresh: [thumbnail(3, 100), thumbnail(5, 500)],
  });
  timeline.watch(() => undefined);
  await vi.waitFor(() => expect(timeline.pictureAt(100)?.id).toBe(3));
  expect([50, 499, 500, 9999].map((time) => timeline.pictureAt(time)?.id)).toEqual([undefined, 3, 5, 5]);
  arrive();
  await vi.waitFor(() => expect(asked.at(-1)?.known).toBe(5));
});

it("asks nothing while nobody watches, and forgets a machine that is gone", async () => {
  const { timeline, asked, arrive, watchers } = make();
  timeline.refresh();
  expect(asked).toHaveLength(0);
  const end = timeline.watch(() => undefined);
  await vi.waitFor(() => expect(timeline.past).not.toBeNull());
  arrive("off");
  expect(timeline.view).toBeNull();
  end();
  expect(watchers.size).toBe(0);
});
