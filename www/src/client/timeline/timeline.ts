import type { Past, Point, Thumbnail, TimelineView } from "../../protocol/timeline";
import type { Store } from "../store";
import { allOf, type Span, shifted, zoomed } from "./span";

/** While a machine runs, its timeline is asked for again after so long. */
const LIVE_MS = 250;
/** More marks than these cannot be told apart on a screen. */
const MOST_MARKS = 240;

/** Where somebody wants to go: an instruction, or a virtual time in ns. */
export type Target = { readonly instruction: number } | { readonly time: number };

/** The page's picture of a machine's past, and its hands on it. */
export class Timeline {
  /** What there is; null without a machine. */
  view: TimelineView | null = null;
  /** The part of the time that is shown; null for all of it. */
  private part: Span | null = null;
  /** Where the reader is about to go, until the machine is there. */
  aim: Target | null = null;
  private readonly pictures = new Map<number, Thumbnail>();
  private readonly watchers = new Set<() => void>();
  private ends: (() => void)[] = [];
  private asking = false;
  private due = false;
  private rests = -1;
  private state = "";
  /** The machine is on its way. */
  private underWay = false;
  private waiting: Target | null = null;

  constructor(private readonly store: Store) {}

  /** Calls `watcher` after every change, and asks the machine as long as somebody watches; gives the function that ends it. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    if (this.watchers.size === 1) this.begin();
    return () => {
      this.watchers.delete(watcher);
      if (this.watchers.size === 0) for (const end of this.ends.splice(0)) end();
    };
  }

  /** The time that is shown. */
  get span(): Span {
    return this.part ?? this.all;
  }

  /** Whether only a part of the time is shown. */
  get isPart(): boolean {
    return this.part !== null;
  }

  get past(): Past | null {
    return this.view?.past ?? null;
  }

  /** The picture that the screen showed at a time, if one was taken. */
  pictureAt(time: number): Thumbnail | null {
    const shown = this.view?.thumbnails ?? [];
    const known = shown.flatMap((id) => this.pictures.get(id) ?? []);
    return known.findLast((picture) => picture.time <= time) ?? null;
  }

  /** Shows more or less of the time; the time `around` stays where it is. */
  zoom(factor: number, around: number): void {
    this.part = zoomed(this.span, this.all, factor, around);
    this.refresh();
    this.changed();
  }

  /** Moves along by a part of what is shown. */
  shift(by: number): void {
    this.part = this.part && shifted(this.part, this.all, by);
    this.refresh();
    this.changed();
  }

  /** Shows all the time there is. */
  showAll(): void {
    this.part = null;
    this.refresh();
    this.changed();
  }

  /**
   * Goes somewhere. While somebody drags, one way is gone to its end before the next begins, and of those that were asked
   * for meanwhile only the last: that shows as many points as the machine can reach.
   * @param dragging whether others follow
   */
  go(target: Target, dragging = false): void {
    if (!this.past) return;
    this.aim = target;
    if (dragging && this.underWay) this.waiting = target;
    else this.send(target);
    this.changed();
  }

  /** Gives the present point a name. */
  mark(name: string): void {
    this.store.send({ type: "bookmark", id: null, name });
    this.refresh();
  }

  /** Gives a bookmark another name; an empty one takes it away. */
  rename(id: number, name: string): void {
    this.store.send({ type: "bookmark", id, name });
    this.refresh();
  }

  switchBranch(id: number): void {
    this.aim = null;
    this.store.send({ type: "switchBranch", id });
  }

  dropBranch(id: number): void {
    this.store.send({ type: "dropBranch", id });
    this.refresh();
  }

  /** Records from now on in so many bytes. */
  record(bytes: number): void {
    this.store.send({ type: "record", bytes });
    this.refresh();
  }

  /** Asks the machine anew. */
  refresh(): void {
    this.due = true;
    void this.ask();
  }

  private get all(): Span {
    return allOf(this.view);
  }

  private begin(): void {
    ({ rests: this.rests, state: this.state } = this.store.view);
    const timer = setInterval(() => {
      if (this.store.view.state === "running") this.refresh();
    }, LIVE_MS);
    this.ends = [this.store.watch(() => this.moved()), () => clearInterval(timer)];
    this.refresh();
  }

  private changed(): void {
    for (const watcher of this.watchers) watcher();
  }

  private moved(): void {
    const { rests, state } = this.store.view;
    if (rests === this.rests && state === this.state) return;
    const arrived = rests !== this.rests;
    this.rests = rests;
    this.state = state;
    if (arrived || state === "running") this.arrive();
    if (state === "off" || state === "lost" || state === "loading") return this.forget();
    this.refresh();
  }

  private arrive(): void {
    this.underWay = false;
    const next = this.waiting;
    this.waiting = null;
    if (next) this.send(next);
  }

  private forget(): void {
    this.view = null;
    this.part = null;
    this.aim = null;
    this.pictures.clear();
    this.changed();
  }

  private send(target: Target): void {
    this.underWay = true;
    this.waiting = null;
    this.store.send("time" in target ? { type: "goToTime", ...target } : { type: "goTo", ...target });
  }

  private async ask(): Promise<void> {
    if (this.asking || !this.due || this.watchers.size === 0) return;
    this.asking = true;
    this.due = false;
    const window = this.part ? ([this.part.from, this.part.to] as const) : null;
    const known = Math.max(0, ...this.pictures.keys());
    const view = await this.store.ask({ kind: "timeline", window, most: MOST_MARKS, known }).catch(() => null);
    this.asking = false;
    this.take(view);
    void this.ask();
  }

  private take(view: TimelineView | null): void {
    if (!view) return;
    this.view = view;
    for (const picture of view.fresh) this.pictures.set(picture.id, picture);
    if (!this.underWay && !this.waiting) this.aim = null;
    this.changed();
  }
}

/** The points that the reader may jump between, in the order of time. */
export const inOrder = <T extends Point>(points: readonly T[]): readonly T[] =>
  [...points].sort((one, other) => one.time - other.time || one.instruction - other.instruction);
