import { expect, it } from "vitest";
import type { CompareQuery } from "../../protocol/compare";
import type { Port } from "../connection";
import { Comparing } from "./comparing";

const sides = [
  { kind: "moment", id: "a" },
  { kind: "moment", id: "b" },
] as const;

/** Workers that are started, what they were asked, and whether they were ended. */
function set() {
  const started: { port: Port; asked: { id: number; query: CompareQuery }[]; ended: boolean }[] = [];
  const comparing = new Comparing(() => {
    const one: (typeof started)[number] = {
      port: {
        postMessage: (message) => {
          const command = message as { type: string; id: number; query: CompareQuery };
          if (command.type === "query") one.asked.push(command);
        },
        terminate: () => {
          one.ended = true;
        },
        onmessage: null,
        onerror: null,
      },
      asked: [],
      ended: false,
    };
    started.push(one);
    return one.port;
  }, "https://here/");
  const say = (at: number, data: unknown) => started[at]?.port.onmessage?.({ data } as MessageEvent);
  return { comparing, started, say };
}

it("begins no worker before there is a question, tells how far a search is, and gives the answer", async () => {
  const { comparing, started, say } = set();
  expect(started).toEqual([]);
  const told: unknown[] = [];
  const found = comparing.parting(sides, {}, (searching) => told.push(searching));
  expect(started[0]?.asked[0]?.query).toEqual({ kind: "parting", sides, site: "https://here/", files: {} });
  const searching = { type: "searching", equal: 3, differ: 9 };
  say(0, searching);
  say(0, { type: "answer", id: started[0]?.asked[0]?.id, value: { kind: "nowhere", end: 9 } });
  expect(await found).toEqual({ kind: "nowhere", end: 9 });
  expect(told).toEqual([searching]);
  comparing.end();
});

it("ends the worker with whatever it does, and begins with another one", async () => {
  const { comparing, started, say } = set();
  const first = comparing.differences(sides);
  comparing.end();
  await expect(first).rejects.toThrow("the worker is gone");
  expect(started[0]?.ended).toBe(true);
  const second = comparing.differences(sides);
  say(1, { type: "refused", id: started[1]?.asked[0]?.id, message: "why not" });
  await expect(second).rejects.toThrow("why not");
  // A trap took the engine.
  say(1, { type: "crash", message: "unreachable" });
  expect(started[1]?.ended).toBe(true);
  void comparing.differences(sides).catch(() => undefined);
  expect(started.length).toBe(3);
  comparing.end();
});
