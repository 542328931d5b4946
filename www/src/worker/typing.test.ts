import { expect, it } from "vitest";
import { Typing } from "./typing";

/** What reaches the keyboard: codes, break codes with bit 7. */
function keyboard() {
  const bytes: number[] = [];
  return { bytes, typing: new Typing((code, pressed) => bytes.push(pressed ? code : code | 0x80)) };
}

it("presses keys one by one in virtual time", () => {
  const { bytes, typing } = keyboard();
  typing.add("ab");
  typing.due(1e6);
  typing.due(2e6);
  expect(bytes).toEqual([0x1e]);
  for (let time = 10e6; time < 100e6; time += 10e6) typing.due(time);
  expect(bytes).toEqual([0x1e, 0x9e, 0x30, 0xb0]);
});

it("gives the user's keys at once, and those that come together one after the other", () => {
  const { bytes, typing } = keyboard();
  typing.key(0x1e, true, 1e6);
  expect(bytes).toEqual([0x1e]);
  typing.key(0x1e, false, 1e6);
  typing.key(0x30, true, 1e6);
  expect(bytes).toEqual([0x1e]);
  typing.due(9e6);
  typing.key(0x30, false, 17e6);
  expect(bytes).toEqual([0x1e, 0x9e, 0x30]);
  typing.due(25e6);
  expect(bytes).toEqual([0x1e, 0x9e, 0x30, 0xb0]);
});

it("forgets what waits, but for keys that must go up", () => {
  const { bytes, typing } = keyboard();
  for (const pressed of [true, false]) typing.key(0x2a, pressed, 1e6);
  typing.key(0x1e, true, 1e6);
  typing.clear();
  typing.due(100e6);
  expect(bytes).toEqual([0x2a, 0xaa]);
});

it("waits for nothing after the machine went back in time", () => {
  const { bytes, typing } = keyboard();
  typing.key(0x1e, true, 900e6);
  typing.key(0x1e, false, 100e6);
  expect(bytes).toEqual([0x1e, 0x9e]);
});
