import { expect, it } from "vitest";
import type { Condition } from "../../protocol/evm/message";
import type { CodeView, Whole } from "../../protocol/evm/whole";
import { goToStops, type Walked } from "./stops";

/** Two contracts, the first of which calls the second: the instructions in the order of their execution. */
const TRACE: readonly (readonly [string, number])[] = [
  ["0xaa", 0],
  ["0xaa", 2],
  ["0xbb", 0],
  ["0xbb", 2],
  ["0xaa", 3],
  ["0xaa", 2],
  ["0xaa", 3],
];

class FakeRun implements Walked {
  readonly length = TRACE.length;
  readonly whole = {
    codes: [
      { hash: "0x0a", address: "0xaa", size: 4, places: [0, 2, 3].map((pc) => [pc, 1, 1, 0]) },
      { hash: "0x0b", address: "0xbb", size: 4, places: [0, 2].map((pc) => [pc, 1, 1, 0]) },
    ],
    calls: [],
  } as unknown as Whole;

  constructor(public position: number) {}

  code(hash: string): CodeView {
    const map = [
      { pc: 0, line: 1 },
      { pc: 2, line: 2 },
    ];
    const file = { name: hash === "0x0a" ? "one" : "two", text: "", map, uses: [] };
    return { source: { files: [file] } } as unknown as CodeView;
  }

  toLine(): null {
    return null;
  }

  async go(travel: { forwards: Condition } | { backwards: Condition } | { to: number }) {
    if ("to" in travel) {
      this.position = travel.to;
      return "there" as const;
    }
    const forwards = "forwards" in travel;
    const condition = (forwards ? travel.forwards : travel.backwards) as { pc: number; code: string };
    for (let at = this.position + (forwards ? 1 : -1); TRACE[at]; at += forwards ? 1 : -1) {
      if (TRACE[at]?.[0] !== condition.code || TRACE[at]?.[1] !== condition.pc) continue;
      this.position = at;
      return "there" as const;
    }
    return "end" as const;
  }
}

it.each([
  ["a line, on", 0, [{ file: "one", line: 2 }], false, 1],
  ["the same line, the next time", 1, [{ file: "one", line: 2 }], false, 5],
  [
    "the nearest of two",
    1,
    [
      { file: "one", line: 2 },
      { file: "two", line: 2 },
    ],
    false,
    3,
  ],
  [
    "back",
    6,
    [
      { file: "one", line: 1 },
      { code: "0xBB", pc: 2 },
    ],
    true,
    3,
  ],
  ["an instruction, on", 2, [{ code: "0xaa", pc: 3 }], false, 4],
  ["no line that runs: the end", 0, [{ file: "one", line: 9 }], false, 7],
  ["none at all, back: the beginning", 4, [], true, 0],
] as const)("goes to the nearest stop: %s", async (_, from, stops, backwards, to) => {
  const run = new FakeRun(from);
  expect(await goToStops(run, stops, backwards)).toBe("there");
  expect(run.position).toBe(to);
});
