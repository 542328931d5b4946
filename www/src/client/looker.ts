import type { Inspection, InspectionMethod } from "../protocol/inspection";
import type { Store } from "./store";

/** While a machine runs, what is shown of it is asked for again after so long. */
const LIVE_MS = 250;
/** Answers of the last stop that one pane keeps, to compare with: a memory view that scrolls has many. */
const KEPT = 64;

type Args<Method extends InspectionMethod> = Parameters<Inspection[Method]>;
type Answer<Method extends InspectionMethod> = ReturnType<Inspection[Method]>;

/** What a pane wants to know, as long as it can be seen. */
export interface Question<Method extends InspectionMethod> {
  readonly method: Method;
  /** Of the moment at which it is asked; null asks nothing. */
  args(): Args<Method> | null;
  /** The answer, and the one to the same question at the previous stop; null if there is no machine. */
  show(answer: Answer<Method> | null, previous: Answer<Method> | null): void;
}

/** An answer, at which stop it was given, and what it was at the stop before. */
interface Known {
  readonly rest: number;
  readonly answer: unknown;
  readonly previous: unknown;
}

/** One question that is being asked. */
class Looking {
  asked = false;
  dueMs = 0;
  due = true;
  private readonly known = new Map<string, Known>();

  constructor(readonly question: Question<InspectionMethod>) {}

  /** Takes an answer; gives what it was at the stop before. */
  remember(key: string, rest: number, answer: unknown, resting: boolean): unknown {
    const last = this.known.get(key);
    const previous = last?.rest === rest ? last.previous : last?.answer;
    if (resting) {
      this.known.delete(key);
      this.known.set(key, { rest, answer, previous });
      for (const oldest of this.known.keys()) {
        if (this.known.size <= KEPT) break;
        this.known.delete(oldest);
      }
    }
    return previous;
  }
}

/** The handle on a question. */
export interface Look {
  /** Asks again: the question or the machine is another. */
  refresh(): void;
  end(): void;
}

/** What the looker needs of time: tests bring their own. */
export interface Frames {
  request(body: () => void): void;
  nowMs(): number;
}

const BROWSER: Frames = { request: (body) => requestAnimationFrame(body), nowMs: () => performance.now() };

/**
 * Asks the machine what panes want to know: at every stop, after `refresh`, and four times a second while it runs; at most
 * once a frame, and never a second time before the first is answered.
 */
export class Looker {
  private readonly all = new Set<Looking>();
  private scheduled = false;
  private rests = -1;
  private running = false;

  constructor(
    private readonly store: Store,
    private readonly frames: Frames = BROWSER,
  ) {
    store.watch(() => this.moved());
  }

  /** Asks a question until it ends. */
  look<Method extends InspectionMethod>(question: Question<Method>): Look {
    const looking = new Looking(question as unknown as Question<InspectionMethod>);
    this.all.add(looking);
    this.schedule();
    return {
      refresh: () => {
        looking.due = true;
        this.schedule();
      },
      end: () => this.all.delete(looking),
    };
  }

  /** Something was changed from outside: all is asked anew. */
  refresh(): void {
    for (const looking of this.all) looking.due = true;
    this.schedule();
  }

  private moved(): void {
    const { rests, state } = this.store.view;
    const running = state === "running";
    if (rests === this.rests && running === this.running) return;
    this.rests = rests;
    this.running = running;
    this.refresh();
  }

  private schedule(): void {
    if (this.scheduled || this.all.size === 0) return;
    this.scheduled = true;
    this.frames.request(() => {
      this.scheduled = false;
      this.frame();
    });
  }

  private frame(): void {
    const now = this.frames.nowMs();
    for (const looking of this.all) {
      if (looking.asked || (!looking.due && !(this.running && now >= looking.dueMs))) continue;
      void this.ask(looking, now);
    }
    if (this.running) this.schedule();
  }

  private async ask(looking: Looking, now: number): Promise<void> {
    const { method, args, show } = looking.question;
    const { state, rests } = this.store.view;
    const given = args.call(looking.question);
    looking.due = false;
    looking.dueMs = now + LIVE_MS;
    if (given === null) return;
    if (state === "off" || state === "lost" || state === "loading") return show(null, null);
    looking.asked = true;
    const answer = await this.store.inspect(method, ...given).catch(() => null);
    looking.asked = false;
    if (!this.all.has(looking)) return;
    const resting = state === "paused" || state === "stopped";
    const previous = answer === null ? null : looking.remember(JSON.stringify(given), rests, answer, resting);
    // A stop that came meanwhile asks again: this answer may be from before it.
    if (this.store.view.rests === rests) show(answer, (previous ?? null) as typeof answer);
    if (looking.due) this.schedule();
  }
}
