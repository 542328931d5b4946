import type { Branch, Point } from "../protocol/timeline";

/** A thing at a point of a run, and the branch it lies on; null for the present one. */
interface Placed<T> {
  readonly item: T;
  branch: number | null;
}

/** Things that lie along a run: those behind a parting point go with their branch when another one is walked. */
export class Track<T extends Point & { readonly id: number }> {
  private placed: Placed<T>[] = [];

  /** What lies on the present branch, in the order of time. */
  get present(): readonly T[] {
    return this.placed.filter(({ branch }) => branch === null).map(({ item }) => item);
  }

  /** Puts a thing on the present branch, in the place of one with the same number. */
  add(item: T): void {
    this.remove(item.id);
    this.placed.push({ item, branch: null });
    this.placed.sort((one, other) => one.item.time - other.item.time);
  }

  remove(id: number): void {
    this.placed = this.placed.filter(({ item }) => item.id !== id);
  }

  /** What lies behind a point belongs to a branch now. */
  part(id: number, { time }: Point): void {
    for (const placed of this.placed) if (placed.branch === null && placed.item.time > time) placed.branch = id;
  }

  /** A branch, up to a point, is part of the present one. */
  join(id: number, { time }: Pick<Point, "time">): void {
    for (const placed of this.placed) if (placed.branch === id && placed.item.time <= time) placed.branch = null;
  }

  /** A branch was thrown away. */
  drop(id: number): void {
    this.placed = this.placed.filter(({ branch }) => branch !== id);
  }

  /** Takes away what nobody wants any more. */
  keep(wanted: (item: T) => boolean): void {
    this.placed = this.placed.filter(({ item }) => wanted(item));
  }
}

type AnyTrack = Pick<Track<Point & { readonly id: number }>, "part" | "join" | "drop">;

const ENDLESS = { time: Number.POSITIVE_INFINITY };

/** Keeps tracks in step with the engine's list of branches. */
export class Partings {
  private known: ReadonlyMap<number, Branch> = new Map();

  constructor(private readonly tracks: readonly AnyTrack[]) {}

  /**
   * Compares the branches with those that were there before.
   * @param joined the branch that the machine was switched to meanwhile
   */
  follow(branches: readonly Branch[], joined: number | null = null): void {
    const now = new Map(branches.map((branch) => [branch.id, branch]));
    const gone = [...this.known.keys()].filter((id) => id !== joined && !now.has(id));
    for (const track of this.tracks) {
      for (const { id, from } of branches) if (!this.known.has(id)) track.part(id, from);
      for (const id of gone) track.drop(id);
      if (joined !== null) this.join(track, joined);
    }
    this.known = now;
  }

  /** A branch is the present one, and with it those that led to it, each up to where the next one parts. */
  private join(track: AnyTrack, joined: number): void {
    let until: Pick<Point, "time"> = ENDLESS;
    let id: number | null = joined;
    for (let steps = this.known.size; id !== null && steps > 0; steps--) {
      track.join(id, until);
      const branch = this.known.get(id);
      until = branch?.from ?? ENDLESS;
      id = branch?.parent ?? null;
    }
  }
}
