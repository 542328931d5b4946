/** At most so many changed rows a second are told. */
export const ROWS_A_SECOND = 20;
const KEPT = 25;

/** A row that changed, with a number of its own. */
export interface ChangedRow {
  readonly key: number;
  readonly text: string;
}

/** Finds the rows of a text screen that changed, and tells of no more of them than can be heard. */
export class RowChanges {
  private rows: readonly string[] = [];
  private told: readonly ChangedRow[] = [];
  private next = 0;
  private second = Number.NEGATIVE_INFINITY;
  private left = ROWS_A_SECOND;

  /** The rows told last, the newest at the end. */
  get shown(): readonly ChangedRow[] {
    return this.told;
  }

  /** Takes the screen as it is now; gives whether there is something new to tell. */
  take(screen: readonly string[], nowMs: number): boolean {
    const rows = screen.map((row) => row.trimEnd());
    const { left } = this.budget(nowMs);
    const known = scrolled(this.rows, rows);
    const fresh = rows.map((text, at) => ({ text, at })).filter(({ text, at }) => text !== "" && text !== known[at]);
    // What there is no room for is compared again the next time.
    const told = fresh.slice(0, left);
    const untold = new Set(fresh.slice(left).map(({ at }) => at));
    this.rows = rows.map((row, at) => (untold.has(at) ? (known[at] ?? "") : row));
    this.left -= told.length;
    if (told.length === 0) return false;
    this.told = [...this.told, ...told.map(({ text }) => ({ key: this.next++, text }))].slice(-KEPT);
    return true;
  }

  private budget(nowMs: number): { left: number } {
    if (nowMs - this.second >= 1000) {
      this.second = nowMs;
      this.left = ROWS_A_SECOND;
    }
    return { left: this.left };
  }
}

/** The old rows as they stand after the screen scrolled up, if that explains more of the new ones. */
function scrolled(before: readonly string[], now: readonly string[]): readonly string[] {
  let best = before;
  let most = matches(before, now);
  for (let by = 1; by < before.length; by++) {
    const moved = [...before.slice(by), ...new Array<string>(by).fill("")];
    const same = matches(moved, now);
    if (same > most) [best, most] = [moved, same];
  }
  return best;
}

const matches = (one: readonly string[], other: readonly string[]): number =>
  one.reduce((count, row, at) => count + (row !== "" && row === other[at] ? 1 : 0), 0);
