import { expect, it } from "vitest";
import { Looker } from "./looker";
import type { Store } from "./store";

/** A store of which a test says the state, and frames that come when the test wants them. */
function stage() {
  const view = { state: "paused", rests: 1 };
  const watchers: (() => void)[] = [];
  const asked: { method: string; args: unknown[]; answer: (value: unknown) => void }[] = [];
  const store = {
    view,
    watch: (watcher: () => void) => watchers.push(watcher),
    inspect: (method: string, ...args: unknown[]) =>
      new Promise((answer) => {
        asked.push({ method, args, answer });
      }),
  };
  let frames: (() => void)[] = [];
  let now = 0;
  const looker = new Looker(store as unknown as Store, { request: (body) => frames.push(body), nowMs: () => now });
  return {
    looker,
    asked,
    async answer(value: unknown) {
      asked.at(-1)?.answer(value);
      await new Promise((done) => setTimeout(done));
    },
    /** How many bodies ran in this frame. */
    frame(ms = 16) {
      now += ms;
      const due = frames;
      frames = [];
      for (const body of due) body();
      return due.length;
    },
    become(state: string, rests = view.rests) {
      Object.assign(view, { state, rests });
      for (const watcher of watchers) watcher();
    },
  };
}

function stackPane() {
  const shown: unknown[][] = [];
  return {
    shown,
    question: { method: "stack" as const, args: () => [4] as [number], show: (...all: unknown[]) => shown.push(all) },
  };
}

it("asks once a frame, however often it is told to", () => {
  const { looker, asked, frame } = stage();
  const look = looker.look(stackPane().question);
  for (let times = 0; times < 5; times++) look.refresh();
  looker.refresh();
  expect(asked).toHaveLength(0);
  expect(frame()).toBe(1);
  expect(asked).toMatchObject([{ method: "stack", args: [4] }]);
  expect(frame()).toBe(0);
});

it("waits for the answer before it asks again", async () => {
  const { looker, asked, frame, answer } = stage();
  const look = looker.look(stackPane().question);
  frame();
  look.refresh();
  frame();
  expect(asked).toHaveLength(1);
  await answer("first");
  frame();
  expect(asked).toHaveLength(2);
});

it("gives the answer of the stop before, and keeps it when only refreshed", async () => {
  const { looker, frame, answer, become } = stage();
  const { shown, question } = stackPane();
  const look = looker.look(question);
  frame();
  await answer("one");
  become("paused", 2);
  frame();
  await answer("two");
  look.refresh();
  frame();
  await answer("two, edited");
  expect(shown).toEqual([
    ["one", null],
    ["two", "one"],
    ["two, edited", "one"],
  ]);
});

it("compares with the last stop, not with what was seen between", async () => {
  const { looker, frame, answer, become } = stage();
  const { shown, question } = stackPane();
  looker.look(question);
  frame();
  await answer("stop 1");
  become("running");
  frame();
  await answer("live");
  become("paused", 2);
  frame();
  await answer("stop 2");
  expect(shown.at(-1)).toEqual(["stop 2", "stop 1"]);
});

it("asks four times a second while the machine runs", async () => {
  const { looker, asked, frame, answer, become } = stage();
  looker.look(stackPane().question);
  become("running");
  for (let at = 0; at < 60; at++) {
    frame(1000 / 60);
    await answer("live");
  }
  expect(asked.length).toBeGreaterThanOrEqual(4);
  expect(asked.length).toBeLessThanOrEqual(5);
});

it("shows no answer of a moment that has passed", async () => {
  const { looker, frame, answer, become } = stage();
  const { shown, question } = stackPane();
  looker.look(question);
  frame();
  become("paused", 2);
  await answer("late");
  frame();
  await answer("now");
  expect(shown.map(([value]) => value)).toEqual(["now"]);
});

it("asks nothing for a pane that is gone, and shows it nothing", async () => {
  const { looker, asked, frame, answer } = stage();
  const { shown, question } = stackPane();
  const look = looker.look(question);
  frame();
  look.end();
  await answer("late");
  looker.refresh();
  frame();
  expect([asked.length, shown.length]).toEqual([1, 0]);
});

it("tells panes that there is no machine", () => {
  const { looker, asked, frame, become } = stage();
  const { shown, question } = stackPane();
  looker.look(question);
  become("off");
  frame();
  expect([asked.length, shown]).toEqual([0, [[null, null]]]);
});
