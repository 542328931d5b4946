import { expect, it } from "vitest";
import { ROWS_A_SECOND, RowChanges } from "./row_changes";

const texts = (changes: RowChanges) => changes.shown.map(({ text }) => text);

it("tells the rows that changed, and no blank ones", () => {
  const changes = new RowChanges();
  expect(changes.take(["C:\\>   ", "", ""], 0)).toBe(true);
  expect(changes.take(["C:\\>", "", ""], 100)).toBe(false);
  changes.take(["C:\\>dir", "", "file"], 200);
  expect(texts(changes)).toEqual(["C:\\>", "C:\\>dir", "file"]);
});

it("does not tell again what only scrolled up", () => {
  const changes = new RowChanges();
  changes.take(["one", "two", "three"], 0);
  changes.take(["two", "three", "four"], 100);
  expect(texts(changes)).toEqual(["one", "two", "three", "four"]);
});

it("tells twenty rows a second, the others later", () => {
  const changes = new RowChanges();
  const screen = Array.from({ length: 25 }, (_, row) => `row ${row}`);
  changes.take(screen, 0);
  expect(changes.shown).toHaveLength(ROWS_A_SECOND);
  expect(changes.take(screen, 500)).toBe(false);
  changes.take(screen, 1000);
  expect(texts(changes)).toEqual(screen);
});

it("numbers rows, so that each is a new line of the log", () => {
  const changes = new RowChanges();
  changes.take(["same"], 0);
  changes.take([""], 10);
  changes.take(["same"], 20);
  expect(changes.shown.map(({ key }) => key)).toEqual([0, 1]);
});
