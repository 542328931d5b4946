import type { MachineState } from "../protocol/event";
import type { StopReason } from "../protocol/stops";
import {
  type PastCommand,
  type Past as PastView,
  type Point,
  RECORD_BYTES,
  type TimelineQuery,
  type TimelineView,
} from "../protocol/timeline";
import { MACHINE } from "../strings/worker/machine";
import type { Assembled } from "./assembly";
import type { Pc } from "./engine";
import { type MissingBlock, missingBlock } from "./remote_blocks";
import type { Along } from "./timeline_record";
import type { Video } from "./video";

/** Instructions of the past that are executed again at once; between, the page is heard. */
const STEPS = 8_000_000n;
const ALL_STEPS = 1n << 62n;
const NOTHING: Omit<TimelineView, "budget" | "past"> = {
  branches: [],
  marks: [],
  bookmarks: [],
  thumbnails: [],
  fresh: [],
};
/** What the record needs of the session whose machine it is. */
export interface Resting {
  readonly state: () => MachineState;
  /** Comes to rest, whatever it does, and forgets what it was to do. */
  readonly halt: () => void;
  /** Rests, and shows what there is to see. */
  readonly rest: (state: MachineState, message: string, stop?: StopReason) => void;
  /** Tells the page how far a search has come. */
  readonly enter: (state: MachineState, message: string) => void;
  /** Does something soon, when the page was heard. */
  readonly later: (body: () => void) => ReturnType<typeof setTimeout>;
}

/** A way that takes more than one piece. */
interface Journey {
  /** Goes on by a piece, also when a disk block that was missing has come. */
  readonly on: () => StopReason;
  /** The virtual time to which it goes when somebody ends it: only that tells where a sleeping CPU stands. */
  readonly home: bigint | null;
  /** It looks for something: without it, it goes home too. */
  readonly wanted: boolean;
  readonly message: string;
  /** What is looked for, in words, where what is found does not tell. */
  readonly symbol?: string;
  /** What is done in the end; it rests, if nothing is said. */
  readonly finish?: () => void;
}

/** How far the next slice may go, and whether all that it does was done before. */
export interface Limit {
  readonly instructions: bigint;
  readonly time: bigint;
  readonly repeats: boolean;
}

const before = (one: Point, other: Point): boolean =>
  one.instruction < other.instruction || (one.instruction === other.instruction && one.time < other.time);

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** The record of one machine, and the ways through it. */
export class Past {
  private bytes = 0;
  private journey: Journey | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The machine went back, and has not been seen at the end of what it did since. */
  private back = false;
  /** Loaded when something is recorded for the first time. */
  private along: Along | null = null;
  private readonly pc: Pc;

  constructor(
    private readonly machine: Assembled,
    private readonly video: Video,
    private readonly session: Resting,
  ) {
    this.pc = machine.pc;
  }

  /** Records from now on; 0 bytes end it, and the past is forgotten. A machine may have come with its record. */
  record(bytes = RECORD_BYTES, recorded = false): void {
    if (this.busy) this.end();
    this.stop();
    this.bytes = bytes;
    if (!recorded) this.pc.record(bytes);
    this.back = false;
    this.along = null;
    if (bytes > 0) void this.loadAlong();
  }

  /** Whether a way through the past is under way. */
  get busy(): boolean {
    return this.journey !== null;
  }

  /** Whether what the machine does now was done before. */
  get isPast(): boolean {
    return this.back && (this.past()?.isPast ?? false);
  }

  handle(command: PastCommand): void {
    if (command.type === "record") return this.record(command.bytes);
    if (command.type === "bookmark") return this.along?.bookmark(command.id, command.name);
    if (command.type === "dropBranch") return this.dropBranch(command.id);
    if (this.bytes === 0 || !this.mayGo()) return;
    const begun = this.journey?.home ?? null;
    this.stop();
    this.session.halt();
    this.back = true;
    switch (command.type) {
      case "goBack":
        if (begun === null) return this.goBack(command);
        return this.goHome(begun, () => this.goBack(command));
      case "goTo":
        return this.goTo(() => this.pc.goTo(BigInt(Math.floor(command.instruction)), STEPS));
      case "goToTime":
        return this.goTo(() => this.pc.goToTime(BigInt(Math.floor(command.time)), STEPS));
      case "switchBranch":
        return this.switchBranch(command.id);
    }
  }

  /** Ends a way through the past: a search goes back to where it began. */
  end(): void {
    const home = this.journey?.home ?? null;
    this.stop();
    if (home === null) this.session.rest("paused", "");
    else this.goHome(home);
  }

  /** The machine is switched off. */
  stop(): void {
    clearTimeout(this.timer);
    this.journey = null;
  }

  /** In the past a slice ends where the past does: what comes before was said before, what comes after was not. */
  limit(instructions: bigint, time: bigint): Limit {
    const past = this.back ? this.past() : null;
    this.back = past?.isPast ?? false;
    if (!past || !before(past.here, past.end)) return { instructions, time, repeats: false };
    const asleep = past.here.instruction === past.end.instruction;
    return {
      instructions: asleep ? instructions : least(instructions, BigInt(past.end.instruction)),
      time: least(time, BigInt(past.end.time)),
      repeats: true,
    };
  }

  /** After a slice of something new: a small picture, now and then. */
  look(nowMs: number): void {
    if (this.bytes > 0) this.along?.look(nowMs);
  }

  /** What the timeline shows. */
  view(query: TimelineQuery): TimelineView {
    const past = this.past();
    return { budget: this.bytes, past, ...(past && this.along ? this.along.view(query, past) : NOTHING) };
  }

  /** The point where the machine stands was saved for good. */
  saved(name: string, point: Point): void {
    this.along?.saved(name, point);
  }

  /** Where the machine stands. */
  get here(): Point {
    return { instruction: Number(this.pc.instructions), time: Number(this.pc.time) };
  }

  private mayGo(): boolean {
    return this.busy || ["paused", "stopped", "running"].includes(this.session.state());
  }

  private past(): PastView | null {
    const past = this.pc.past() as PastView | null;
    if (!past) return null;
    // Thousands of inputs and moments tell nothing that their marks do not.
    const { start, end, here, isPast, bytes, branch } = past;
    return { start, end, here, isPast, bytes, branch };
  }

  private goTo(on: () => StopReason): void {
    this.go({ on, home: null, wanted: false, message: MACHINE.going }, on);
  }

  private goBack({ kind, at = "", length = 1 }: Extract<PastCommand, { type: "goBack" }>): void {
    const home = this.pc.time;
    const begin = () => this.pc.goBack(kind, at, length, STEPS) as StopReason;
    const step = kind === "into" || kind === "over";
    const on = () => (step ? this.again(home, begin) : (this.pc.goBack("resume", "", 1, STEPS) as StopReason));
    const wanted = !step && kind !== "continue";
    this.go({ on, home, wanted, message: MACHINE.lookingBack, symbol: kind === "register" ? at : "" }, begin);
  }

  /** A step is begun once more, where it was begun: what it needed has come. */
  private again(home: bigint, begin: () => StopReason): StopReason {
    const { reason, ...rest } = this.pc.goToTime(home, ALL_STEPS) as StopReason;
    return reason === "needsBlock" ? { reason, ...rest } : begin();
  }

  /** Goes to where a search began, and does something there. */
  private goHome(home: bigint, finish = () => this.session.rest("paused", "")): void {
    const on = () => this.pc.goToTime(home, ALL_STEPS) as StopReason;
    this.go({ on, home: null, wanted: false, message: MACHINE.going, finish }, on);
  }

  /** The way is gone piece by piece, so that the page can say that it is enough. */
  private go(journey: Journey, piece: () => StopReason): void {
    this.journey = null;
    const stop = piece();
    if (stop.reason === "beginning" && journey.wanted && journey.home !== null) {
      return this.goHome(journey.home, () => {
        throw new Error(MACHINE.nothingDidIt);
      });
    }
    if (stop.reason === "needsBlock") return this.wait(journey);
    if (stop.reason !== "outOfBudget") return journey.finish ? journey.finish() : this.found(stop, journey);
    this.journey = journey;
    this.session.enter("waiting", journey.message);
    this.goOn(journey);
  }

  private found(stop: StopReason, { symbol }: Journey): void {
    const hits = symbol ? stop.hits.map((hit) => ({ ...hit, symbol: symbol.trim().toUpperCase() })) : stop.hits;
    this.session.rest("paused", "", { ...stop, hits });
  }

  /** Goes on when the page was heard. */
  private goOn(journey: Journey, before?: () => void): void {
    this.timer = this.session.later(() => {
      if (this.journey !== journey) return;
      before?.();
      this.go(journey, journey.on);
    });
  }

  /** A block of then is not at hand: the machine waits for it as it does in the present. */
  private wait(journey: Journey): void {
    try {
      const block = missingBlock(this.machine);
      this.journey = journey;
      this.session.enter("waiting", MACHINE.loadingFrom(block.url));
      void this.fetch(journey, block);
    } catch (error) {
      this.giveUp(journey, error);
    }
  }

  private async fetch(journey: Journey, block: MissingBlock): Promise<void> {
    try {
      const pages = await block.load();
      if (this.journey === journey) this.goOn(journey, () => block.supply(pages));
    } catch (error) {
      if (this.journey === journey) this.giveUp(journey, error);
    }
  }

  /** A search goes back to where it began, if that can be; every other way ends where it came to. */
  private giveUp({ home }: Journey, error: unknown): void {
    this.stop();
    if (home !== null) this.pc.goToTime(home, ALL_STEPS);
    this.session.rest("paused", error instanceof Error ? error.message : String(error));
  }

  private switchBranch(id: number): void {
    this.along?.follow();
    this.pc.switchBranch(id);
    this.along?.follow(id);
    this.session.rest("paused", "");
  }

  private dropBranch(id: number): void {
    this.along?.follow();
    this.pc.dropBranch(id);
    this.along?.follow();
  }

  private async loadAlong(): Promise<void> {
    try {
      const { Along } = await import("./timeline_record");
      this.along ??= new Along(this.pc, this.video);
    } catch {
      // Without it there are no pictures, marks or branches to see; one can go back all the same.
    }
  }
}
