import type { Keeper } from "./shelf";

const KEY = "glassbox.lessons";
const MOST_STEPS = 50;

function readDone(stored: string | null): Map<string, ReadonlySet<number>> {
  try {
    const entries = Object.entries(Object(JSON.parse(stored ?? "null")) as Record<string, unknown>);
    return new Map(
      entries.flatMap(([name, steps]) => {
        if (!Array.isArray(steps)) return [];
        const good = steps.filter((step) => Number.isInteger(step) && step >= 0 && step < MOST_STEPS);
        return [[name, new Set<number>(good)] as const];
      }),
    );
  } catch {
    return new Map();
  }
}

/** Which steps of which lesson the reader has marked as done; kept in this browser where that is allowed. */
export class Lessons {
  private done: Map<string, ReadonlySet<number>> | undefined;

  constructor(private readonly keeper: Keeper) {}

  stepsDone(lesson: string): ReadonlySet<number> {
    return this.all().get(lesson) ?? new Set();
  }

  mark(lesson: string, step: number, done: boolean): void {
    const steps = new Set(this.stepsDone(lesson));
    if (done) steps.add(step);
    else steps.delete(step);
    this.all().set(lesson, steps);
    const kept = [...this.all()].map(([name, numbers]) => [name, [...numbers].sort((one, other) => one - other)]);
    try {
      this.keeper.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      // The marks last as long as the page then.
    }
  }

  private all(): Map<string, ReadonlySet<number>> {
    try {
      this.done ??= readDone(this.keeper.getItem(KEY));
    } catch {
      this.done ??= new Map();
    }
    return this.done;
  }
}
