import type { StopError, StopSpec, StopView } from "../protocol/stops";
import type { Store } from "./store";

/** A stop on the execution of one linear address. */
export const executeAt = (linear: number): string => (linear >>> 0).toString(16);

/** A stop of which only some is given. */
export function stopSpec(parts: Partial<StopSpec> & Pick<StopSpec, "kind">): StopSpec {
  return {
    id: "",
    enabled: true,
    at: "",
    symbol: "",
    length: 1,
    text: "",
    error: "",
    condition: "",
    from: 1,
    log: "",
    ...parts,
  };
}

const specOf = ({ hits: _, ...spec }: StopView): StopSpec => spec;

/** The stops of this page's machine: set there, counted there, shown here. They stay for the next machine. */
export class Stops {
  private current: readonly StopView[] = [];
  private readonly watchers = new Set<() => void>();
  private rests = 0;
  private numbered = 0;

  constructor(private readonly store: Store) {
    store.watch(() => this.moved());
  }

  get list(): readonly StopView[] {
    return this.current;
  }

  /** Calls `watcher` after every change; gives the function that ends it. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Sets one more, under an id that no other had: hits name it. What is wrong with it, if it was not taken. */
  add(spec: StopSpec): Promise<readonly StopError[]> {
    this.numbered += 1;
    return this.set([...this.current.map(specOf), { ...spec, id: `page-${this.numbered}` }]);
  }

  /** Sets these in the place of all; the old ones stay if one of them is wrong. */
  replaceAll(specs: readonly StopSpec[]): Promise<readonly StopError[]> {
    return this.set(specs);
  }

  /** Takes one away. */
  remove(index: number): Promise<readonly StopError[]> {
    return this.set(this.current.filter((_, at) => at !== index).map(specOf));
  }

  /** Puts another in the place of one. */
  replace(index: number, spec: StopSpec): Promise<readonly StopError[]> {
    return this.set(this.current.map((stop, at) => (at === index ? spec : specOf(stop))));
  }

  /** The stop on the execution of a linear address, by its index; -1 if there is none. */
  at(linear: number): number {
    const at = executeAt(linear);
    return this.current.findIndex((stop) => stop.kind === "execute" && stop.at === at);
  }

  /** Sets a stop on the execution of a linear address, or takes it away. Where a symbol is there it is on that. */
  toggleAt(linear: number, symbol = ""): Promise<readonly StopError[]> {
    const found = this.at(linear);
    return found >= 0 ? this.remove(found) : this.add(stopSpec({ kind: "execute", at: executeAt(linear), symbol }));
  }

  private async set(stops: readonly StopSpec[]): Promise<readonly StopError[]> {
    const errors = await this.store.ask({ kind: "setStops", stops });
    await this.refresh();
    return errors;
  }

  /** Hits are counted while the machine runs: they are seen when it rests. */
  private moved(): void {
    const { rests, state } = this.store.view;
    if (rests === this.rests || state === "off") return;
    this.rests = rests;
    if (this.current.length > 0) void this.refresh();
  }

  /** Asks how they stand: the machine may have moved those on symbols. */
  async refresh(): Promise<void> {
    this.current = await this.store.ask({ kind: "stops" }).catch(() => this.current);
    for (const watcher of this.watchers) watcher();
  }
}
