import { expect, it } from "vitest";
import { StreamWatch, screenShows } from "./watch.mjs";

it("finds a text that comes in pieces", () => {
  const watch = new StreamWatch("ready");
  for (const piece of ["re", "re", "a", "", "d"]) expect(watch.add(Buffer.from(piece))).toBe(false);
  expect(watch.add(Buffer.from("y!"))).toBe(true);
  expect(watch.add(Buffer.from("more"))).toBe(true);
});

it("does not find what was never there", () => {
  const watch = new StreamWatch("ab");
  expect(watch.add(Buffer.from("a"))).toBe(false);
  expect(watch.add(Buffer.from("xb"))).toBe(false);
});

it("finds a text across the end of a row", () => {
  expect(screenShows(["some gru", "b> next "], "grub> ")).toBe(true);
  expect(screenShows(["some", "more"], "emo")).toBe(true);
  expect(screenShows(["some", "more"], "none")).toBe(false);
});
