import { expect, it } from "vitest";
import { Typing } from "./typing";

it("presses keys one by one in virtual time", () => {
  const typing = new Typing();
  const pressed: number[] = [];
  const press = (code: number) => pressed.push(code);
  typing.add("ab");
  typing.due(1e6, press);
  typing.due(2e6, press);
  expect(pressed).toEqual([0x1e]);
  for (let time = 10e6; time < 100e6; time += 10e6) typing.due(time, press);
  expect(pressed).toEqual([0x1e, 0x1e, 0x30, 0x30]);
});
