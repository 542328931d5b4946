import { expect, it } from "vitest";
import { shrink, Thumbnails } from "./thumbnails";

/** A picture of two halves, the left one white. */
function halves(width: number, height: number) {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at++) rgba.fill(at % width < width / 2 ? 255 : 0, at * 4, at * 4 + 3);
  return { width, height, aspect: [4, 3] as const, rgba };
}

it.each([
  [720, 400],
  [320, 200],
  [40, 25],
])("makes a picture of %ix%i small, with the aspect of its monitor", (width, height) => {
  const { width: across, height: down, rgba } = shrink(halves(width, height));
  expect([across, down]).toEqual([120, 90]);
  expect([...rgba.slice(0, 4)]).toEqual([255, 255, 255, 255]);
  expect([...rgba.slice(-4)]).toEqual([0, 0, 0, 255]);
});

it("takes one only when the screen changed, and some time after the last", () => {
  const thumbnails = new Thumbnails();
  const pixels = halves(8, 8);
  expect(thumbnails.due(1, 0, 0)).toBe(true);
  thumbnails.take(pixels, 1, { instruction: 0, time: 0 }, 0);
  expect(thumbnails.due(1, 1e9, 1000)).toBe(false);
  expect(thumbnails.due(2, 1e9, 100)).toBe(false);
  expect(thumbnails.due(2, 1e6, 1000)).toBe(false);
  expect(thumbnails.due(2, 1e9, 1000)).toBe(true);
});

it("keeps a bounded number, of the whole time", () => {
  const thumbnails = new Thumbnails();
  const pixels = halves(8, 8);
  for (let second = 0; second < 500; second++) {
    const time = second * 1e9;
    if (thumbnails.due(second + 1, time, second * 1000)) {
      thumbnails.take(pixels, second + 1, { instruction: second, time }, second * 1000);
    }
  }
  const times = thumbnails.track.present.map(({ time }) => time / 1e9);
  expect(times.length).toBeLessThanOrEqual(48);
  expect(times.length).toBeGreaterThan(12);
  expect(times[0]).toBe(0);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * Math.min(...gaps) * 2);
  expect(times.at(-1)).toBeGreaterThan(450);
});
