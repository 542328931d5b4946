/** What the run loop should do next. */
export interface Plan {
  /** Milliseconds to sleep before the slice: the guest is ahead of the wall clock. */
  readonly sleepMs: number;
  /** Instructions the next slice may execute. */
  readonly instructions: number;
  /** Virtual nanoseconds the next slice may cover. */
  readonly nanoseconds: number;
}

/** How long a slice should take, so that input and pictures never wait long. */
const SLICE_MS = 6;
const SHORTEST_SLICE = 10_000;
const LONGEST_SLICE = 20_000_000;
/** A guest this far behind has lost the time for good: it does not race to catch up. */
const FORGIVEN_MS = 100;
const LONGEST_SLEEP_MS = 8;
/** A sleep shorter than this is not worth the timer. */
const SHORTEST_SLEEP_MS = 1;

/**
 * Keeps virtual time from running ahead of the wall clock, and slices short. Knows neither clock nor machine: it is
 * told the time, and says what to do.
 */
export class Pacer {
  private wallStart = 0;
  private virtualStart = 0;
  private sliceInstructions = 200_000;

  /** The machine starts or goes on at this moment. Times in ms of the wall and ns of the guest. */
  start(wallMs: number, virtualNs: number): void {
    this.wallStart = wallMs;
    this.virtualStart = virtualNs;
  }

  /** What to do now. */
  plan(wallMs: number, virtualNs: number): Plan {
    let aheadMs = (virtualNs - this.virtualStart) / 1e6 - (wallMs - this.wallStart);
    if (aheadMs < -FORGIVEN_MS) {
      this.start(wallMs, virtualNs);
      aheadMs = 0;
    }
    const sleepMs = aheadMs < SHORTEST_SLEEP_MS ? 0 : Math.min(aheadMs, LONGEST_SLEEP_MS);
    const nanoseconds = Math.max(SLICE_MS - Math.min(aheadMs - sleepMs, 0), 1) * 1e6;
    return { sleepMs, instructions: this.sliceInstructions, nanoseconds };
  }

  /** A slice is over: `instructions` took `elapsedMs`. The next one aims at `SLICE_MS`. */
  ran(instructions: number, elapsedMs: number): void {
    if (instructions < this.sliceInstructions / 2 && elapsedMs < SLICE_MS) return;
    const aim = (instructions * SLICE_MS) / Math.max(elapsedMs, 0.1);
    const next = (this.sliceInstructions + aim) / 2;
    this.sliceInstructions = Math.round(Math.min(Math.max(next, SHORTEST_SLICE), LONGEST_SLICE));
  }
}
