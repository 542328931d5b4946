import { expect, it } from "vitest";
import { readSettings } from "./settings";

it.each([
  [null, "system", 100],
  ["{", "system", 100],
  ["[]", "system", 100],
  ["null", "system", 100],
  ['{"theme":"dark","scale":150}', "dark", 150],
  ['{"theme":"<b>","scale":"2"}', "system", 100],
  ['{"theme":"light","scale":5}', "light", 70],
  ['{"theme":"light","scale":1e9}', "light", 200],
])("reads %s", (text, theme, scale) => {
  expect(readSettings(text)).toEqual({ theme, scale });
});
