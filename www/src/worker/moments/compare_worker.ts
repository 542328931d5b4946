// Compares moments, in a worker of its own: two machines' memory goes with it when nobody looks at the answer any more, and
// a search that would take too long ends with it.
import type { CompareAnswers, CompareCommand, CompareEvent, CompareQuery } from "../../protocol/compare";
import { lastPanic, loadEngine } from "../engine";
import { differencesOf, sideOf, viewOf } from "./comparing";

const post = (event: CompareEvent): void => self.postMessage(event);

async function answer(query: CompareQuery): Promise<CompareAnswers[keyof CompareAnswers]> {
  if (query.kind === "parting") return (await import("./parting")).parting(query, post);
  await loadEngine();
  const { origin } = self.location;
  const sides = [await sideOf(query.sides[0]), await sideOf(query.sides[1])] as const;
  return {
    sides: [viewOf(sides[0], origin), viewOf(sides[1], origin)],
    differences: await differencesOf(sides),
  };
}

self.onmessage = async ({ data: command }: MessageEvent<CompareCommand>) => {
  if (command.type === "ping") return post({ type: "pong" });
  const { id, query } = command;
  try {
    post({ type: "answer", id, value: await answer(query) });
  } catch (error) {
    post({ type: "refused", id, message: error instanceof Error ? error.message : String(error) });
    // A trap leaves the engine in an unknown state: the page begins with another worker.
    if (error instanceof WebAssembly.RuntimeError) post({ type: "crash", message: lastPanic() ?? error.message });
  }
};
