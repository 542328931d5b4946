import { expect, it } from "vitest";
import { Partings, Track } from "./tracks";

const at = (time: number) => ({ id: time, time, instruction: time });
const branch = (id: number, time: number, parent: number | null = null) => ({
  id,
  parent,
  from: at(time),
  end: at(100),
  inputs: 1,
});
const times = (track: Track<ReturnType<typeof at>>) => track.present.map(({ time }) => time);

function marked(...points: number[]) {
  const track = new Track<ReturnType<typeof at>>();
  for (const time of points) track.add(at(time));
  return { track, partings: new Partings([track]) };
}

it("keeps things in the order of time, one for each number", () => {
  const { track } = marked(30, 10, 20);
  track.add({ id: 10, time: 40, instruction: 40 });
  expect(times(track)).toEqual([20, 30, 40]);
});

it("leaves what lies behind a parting point with the old future, until that is walked again", () => {
  const { track, partings } = marked(10, 20, 30);
  partings.follow([branch(1, 15)]);
  expect(times(track)).toEqual([10]);
  track.add(at(17));
  // Asked again, the new future keeps what is its own.
  partings.follow([branch(1, 15)]);
  expect(times(track)).toEqual([10, 17]);
  partings.follow([branch(2, 15)], 1);
  expect(times(track)).toEqual([10, 20, 30]);
  partings.follow([branch(3, 15)], 2);
  expect(times(track)).toEqual([10, 17]);
});

it("walks the branches that led to one as far as they did", () => {
  const { track, partings } = marked(10, 20, 30);
  partings.follow([branch(0, 25)]);
  track.add(at(28));
  // What was the present future before parts from it where it did.
  partings.follow([branch(0, 25, 1), branch(1, 15)]);
  track.add(at(17));
  expect(times(track)).toEqual([10, 17]);
  partings.follow([branch(2, 15), branch(1, 25)], 0);
  expect(times(track)).toEqual([10, 20, 30]);
});

it("forgets what lay on a branch that is thrown away", () => {
  const { track, partings } = marked(10, 20);
  partings.follow([branch(1, 15)]);
  partings.follow([]);
  partings.follow([branch(1, 5)]);
  partings.follow([], 1);
  expect(times(track)).toEqual([10]);
});

it("does not take a thing at the parting point away", () => {
  const { track, partings } = marked(15, 16);
  partings.follow([branch(1, 15)]);
  expect(times(track)).toEqual([15]);
});
