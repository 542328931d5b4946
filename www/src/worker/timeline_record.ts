// What lies along a run, for the timeline: small pictures, bookmarks, branches. Loaded when a machine is recorded.
import type {
  Bookmark,
  Branch,
  EngineMark,
  Past as PastView,
  Point,
  TimelineQuery,
  TimelineView,
} from "../protocol/timeline";
import type { Pc } from "./engine";
import { Thumbnails } from "./thumbnails";
import { Partings, Track } from "./tracks";
import type { Video } from "./video";

const MOST_MARKS = 2000;
const LONGEST_NAME = 80;

/** What lies along the run of one machine. */
export class Along {
  private readonly thumbnails = new Thumbnails();
  private readonly bookmarks = new Track<Bookmark>();
  private readonly partings = new Partings([this.thumbnails.track, this.bookmarks]);
  private nextBookmark = 1;

  constructor(
    private readonly pc: Pc,
    private readonly video: Video,
  ) {}

  /**
   * Keeps it in step with the branches, which it gives.
   * @param joined the branch that the machine was switched to meanwhile
   */
  follow(joined: number | null = null): readonly Branch[] {
    const branches = this.pc.branches() as readonly Branch[];
    this.partings.follow(branches, joined);
    return branches;
  }

  /** Takes a small picture, if it is time for one. */
  look(nowMs: number): void {
    const here = this.here();
    if (!this.thumbnails.due(this.video.changes, here.time, nowMs)) return;
    this.follow();
    this.thumbnails.take(this.video.pixels(this.pc), this.video.changes, here, nowMs);
  }

  /** Sets a bookmark here (`id` is null), gives one another name, or takes it away. */
  bookmark(id: number | null, name: string): void {
    this.follow();
    const known = this.bookmarks.present.find((bookmark) => bookmark.id === id);
    const text = name.trim().slice(0, LONGEST_NAME);
    if (known && text) this.bookmarks.add({ ...known, name: text });
    else if (known) this.bookmarks.remove(known.id);
    else if (id === null && text)
      this.bookmarks.add({ id: this.nextBookmark++, name: text, saved: false, ...this.here() });
  }

  /** A moment was saved: its mark. */
  saved(name: string, point: Point): void {
    this.follow();
    this.bookmarks.add({ id: this.nextBookmark++, name, saved: true, ...point });
  }

  /** What the timeline shows of it. */
  view({ window, most, known }: TimelineQuery, { start, end }: PastView): Omit<TimelineView, "budget" | "past"> {
    const branches = this.follow();
    const shown = this.thumbnails.track.present;
    return {
      branches,
      marks: this.marks(window ?? [start.time, end.time], most),
      bookmarks: this.bookmarks.present,
      thumbnails: shown.map(({ id }) => id),
      fresh: shown.filter(({ id }) => id > known),
    };
  }

  private here(): Point {
    return { instruction: Number(this.pc.instructions), time: Number(this.pc.time) };
  }

  private marks([from, to]: readonly [number, number], most: number): readonly EngineMark[] {
    const whole = (ns: number) => BigInt(Math.max(Math.floor(ns), 0));
    return this.pc.marks(whole(from), whole(to), Math.min(most, MOST_MARKS)) as readonly EngineMark[];
  }
}
