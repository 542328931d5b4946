/** What all panes of a page show: one machine at one moment. */
export interface Moment {
  readonly machine: string;
  /** A saved moment's name. */
  readonly snapshot?: string;
  /** Instructions (PC) or steps (EVM) executed so far; null while the machine runs. */
  readonly instruction: number | null;
  /** What it does while it runs: its speed. */
  readonly activity?: string;
  /** Why it stands there: the breakpoint that was met. */
  readonly reason?: string;
  /** What it does now it has done before. */
  readonly past?: boolean;
  /** What is counted. */
  readonly unit: "instruction" | "step";
}

/** A page tells the header which moment it shows; null for none. */
export class MomentEvent extends CustomEvent<Moment | null> {
  constructor(moment: Moment | null) {
    super("moment", { detail: moment, bubbles: true, composed: true });
  }
}

export const sameMoment = (one: Moment | null, other: Moment | null): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
