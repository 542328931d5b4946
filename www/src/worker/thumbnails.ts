import type { Pixels } from "../protocol/inspection";
import type { Thumbnail } from "../protocol/timeline";
import { Track } from "./tracks";

/** Width of a small picture, in pixels. */
const WIDTH = 120;
/** So many are kept of the present branch: when there are more, every second one goes. */
const MOST = 48;
/** Virtual nanoseconds between the first of them. */
const FIRST_GAP = 50_000_000;
/** Milliseconds of the host between two: making one takes about one. */
const PAUSE_MS = 200;

/** No two pictures of this worker have the same number, whatever machine they show. */
let next = 1;

/** Small pictures of the screen, taken as the machine runs. */
export class Thumbnails {
  readonly track = new Track<Thumbnail>();
  private gap = FIRST_GAP;
  private lastMs = Number.NEGATIVE_INFINITY;
  private seen = 0;

  /** Whether a picture is wanted: the screen changed since the last one, and that was long enough ago. */
  due(changes: number, time: number, nowMs: number): boolean {
    if (changes === this.seen || nowMs - this.lastMs < PAUSE_MS) return false;
    const last = this.track.present.at(-1);
    return !last || time - last.time >= this.gap;
  }

  /** Keeps a picture of the screen. `changes` counts how often the screen changed. */
  take(pixels: Pixels, changes: number, point: { instruction: number; time: number }, nowMs: number): void {
    this.seen = changes;
    this.lastMs = nowMs;
    if (pixels.width === 0 || pixels.height === 0) return;
    this.track.add({ id: next++, ...point, ...shrink(pixels) });
    this.thin();
  }

  private thin(): void {
    const { present } = this.track;
    if (present.length <= MOST) return;
    const [first, last] = [present[0]?.time ?? 0, present.at(-1)?.time ?? 0];
    this.gap = (2 * (last - first)) / MOST;
    let kept = Number.NEGATIVE_INFINITY;
    const gone = new Set<number>();
    for (const { id, time } of present) {
      if (time - kept < this.gap) gone.add(id);
      else kept = time;
    }
    this.track.keep(({ id }) => !gone.has(id));
  }
}

/** A picture made small: each of its pixels is the mean of those it stands for. */
export function shrink({ width, height, aspect, rgba }: Pixels): Pick<Thumbnail, "width" | "height" | "rgba"> {
  const ratio = aspect[0] > 0 && aspect[1] > 0 ? aspect[0] / aspect[1] : width / height;
  const rows = Math.max(Math.min(Math.round(WIDTH / ratio), 2 * WIDTH), 1);
  const small = new Uint8ClampedArray(WIDTH * rows * 4);
  for (let y = 0; y < rows; y++) {
    const [top, bottom] = span(y, rows, height);
    for (let x = 0; x < WIDTH; x++) {
      const [left, right] = span(x, WIDTH, width);
      mean(rgba, width, [left, right, top, bottom], small, (y * WIDTH + x) * 4);
    }
  }
  return { width: WIDTH, height: rows, rgba: small };
}

/** The pixels, of `many`, that one of `few` stands for: at least one. */
function span(index: number, few: number, many: number): [number, number] {
  const first = Math.floor((index * many) / few);
  return [first, Math.max(Math.floor(((index + 1) * many) / few), first + 1)];
}

function mean(
  from: Uint8ClampedArray,
  width: number,
  [left, right, top, bottom]: readonly [number, number, number, number],
  to: Uint8ClampedArray,
  at: number,
): void {
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const pixel = (y * width + x) * 4;
      red += from[pixel] ?? 0;
      green += from[pixel + 1] ?? 0;
      blue += from[pixel + 2] ?? 0;
    }
  }
  const count = (right - left) * (bottom - top);
  to[at] = red / count;
  to[at + 1] = green / count;
  to[at + 2] = blue / count;
  to[at + 3] = 255;
}
