import type { EvmPlace } from "../../protocol/links";

/** A moment of the EVM in the library. */
interface Entry {
  readonly id: string;
  readonly title: string;
  /** The project as JSON: who changed it runs another one. */
  readonly project: string;
  readonly transaction: number;
  readonly position: number;
}

const entry = (id: string, { project, transaction, position }: EvmPlace): Entry => ({
  ...{ id, transaction, position },
  ...{ title: project.title, project: JSON.stringify(project) },
});

const isAfter = (one: Entry, other: Entry): boolean =>
  one.transaction > other.transaction || (one.transaction === other.transaction && one.position > other.position);

/** The moments that led to where the EVM stands, the last one last: what is saved next hangs below it. */
export class EvmLine {
  private line: Entry[] = [];

  /** The moment that one saved here was reached from; null if it begins a line of its own. */
  parentOf(place: EvmPlace): string | null {
    return this.before(entry("", place)).at(-1)?.id ?? null;
  }

  saved(id: string, place: EvmPlace): void {
    const here = entry(id, place);
    this.line = [...this.before(here), here];
  }

  /** The EVM went to a moment of the library. */
  opened(id: string, place: EvmPlace): void {
    this.line = [entry(id, place)];
  }

  /** A moment was deleted again. */
  dropped(id: string): void {
    this.line = this.line.filter((one) => one.id !== id);
  }

  /**
   * The line up to the last moment before a place. Within a run that is the last one passed on the way; another input, or
   * another version of the program, is another way on from what was saved last.
   */
  private before(here: Entry): Entry[] {
    const { line } = this;
    const isSame = ({ project }: Entry) => project === here.project;
    const first = line.findIndex(isSame);
    const last = line.findLastIndex((one) => isSame(one) && !isAfter(one, here));
    const there = first < 0 ? line : line.slice(0, last < 0 ? first : last + 1);
    return there.at(-1)?.title === here.title ? there : [];
  }
}

/** The line of this page. */
export const evmLine = new EvmLine();
