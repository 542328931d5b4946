import { describe, expect, it } from "vitest";
import { fitPicture } from "./scaling";

const room = (width: number, height: number) => ({ width, height });

describe("scaling", () => {
  it("repeats square pixels a whole number of times", () => {
    expect(fitPicture(room(640, 480), [4, 3], room(1400, 1000), false)).toEqual({
      width: 1280,
      height: 960,
      repeatX: 2,
      repeatY: 2,
    });
  });

  it.each([
    [320, 200],
    [720, 400],
  ])("keeps the aspect of a %ix%i picture on a 4:3 monitor, and whole rows or columns", (columns, rows) => {
    for (const [across, down] of [
      [1400, 900],
      [868, 702],
    ] as const) {
      const { width, height } = fitPicture(room(columns, rows), [4, 3], room(across, down), false);
      expect(height % rows === 0 || width % columns === 0).toBe(true);
      expect(width / height).toBeCloseTo(4 / 3, 2);
    }
  });

  it("takes the larger of whole rows and whole columns", () => {
    expect(fitPicture(room(720, 400), [4, 3], room(868, 702), false)).toMatchObject({ width: 720, height: 540 });
  });

  it("makes a picture smaller than itself when there is no room", () => {
    const size = fitPicture(room(1024, 768), [4, 3], room(400, 700), false);
    expect(size).toEqual({ width: 400, height: 300, repeatX: 1, repeatY: 1 });
  });

  it("fills the room when asked to", () => {
    expect(fitPicture(room(640, 480), [4, 3], room(1400, 1000), true).height).toBe(1000);
  });

  it("never needs to blur by more than a pixel", () => {
    for (let height = 200; height < 1500; height += 37) {
      const size = fitPicture(room(720, 400), [4, 3], room(2000, height), true);
      expect(size.repeatY * 400).toBeGreaterThanOrEqual(size.height);
      expect(size.repeatX * 720).toBeGreaterThanOrEqual(size.width);
    }
  });

  it("copes with no room and no aspect", () => {
    const size = fitPicture(room(640, 400), [0, 0], room(0, 0), false);
    expect(size.width).toBeGreaterThan(0);
    expect(size.height).toBeGreaterThan(0);
  });
});
