/** Browsers show no element that is taller than some ten million pixels. */
const TALLEST_PX = 4_000_000;

/**
 * A scroll bar over more rows than an element can be tall: its thumb stands for a share of all rows, while wheel and keys
 * move by exact rows.
 */
export class TallScroll {
  constructor(
    readonly rows: number,
    readonly rowPx: number,
    readonly viewPx: number,
  ) {}

  /** Height of the element that makes the scroll bar. */
  get heightPx(): number {
    return Math.max(Math.min(this.rows * this.rowPx, TALLEST_PX), this.viewPx);
  }

  /** Rows that are seen whole. */
  get seen(): number {
    return Math.max(Math.floor(this.viewPx / this.rowPx), 1);
  }

  /** The last row that can be the first one seen. */
  get last(): number {
    return Math.max(this.rows - this.seen, 0);
  }

  /** The first row that is seen when the bar stands at `topPx`. */
  rowAt(topPx: number): number {
    const way = this.heightPx - this.viewPx;
    return way <= 0 ? 0 : this.clamp(Math.round((topPx / way) * this.last));
  }

  /** Where the bar stands when `row` is the first one seen. */
  topOf(row: number): number {
    return this.last === 0 ? 0 : (this.clamp(row) / this.last) * (this.heightPx - this.viewPx);
  }

  clamp(row: number): number {
    return Math.min(Math.max(row, 0), this.last);
  }
}
