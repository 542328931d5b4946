import type {
  CompareAnswers,
  CompareCommand,
  Compared,
  ComparedRun,
  CompareEvent,
  CompareQuery,
  Pair,
  PartingFound,
} from "../../protocol/compare";
import type { ImageRole } from "../../protocol/moments";
import { Link, type Lost, type Port } from "../connection";

/** A span that a search has left: equal after `equal` instructions, different after `differ`. */
export interface Searching {
  readonly equal: number;
  readonly differ: number;
}

/** Compares moments and runs, one question after the other, until it is ended. */
export class Comparing {
  private link: Link<CompareCommand, CompareEvent, CompareQuery, CompareAnswers> | undefined;
  private told: (searching: Searching) => void = () => undefined;

  constructor(
    private readonly startWorker: () => Port,
    /** The address of the page's root. */
    private readonly site: string,
  ) {}

  /**
   * In what two moments differ.
   * @throws an error of one line
   */
  differences(sides: Pair<Compared>): Promise<CompareAnswers["differences"]> {
    return this.ask().ask({ kind: "differences", sides });
  }

  /**
   * Where two runs part; `files` are those of the reader's own images.
   * @throws an error of one line
   */
  parting(
    sides: Pair<ComparedRun>,
    files: Readonly<Partial<Record<ImageRole, File>>>,
    told: (searching: Searching) => void,
  ): Promise<PartingFound> {
    this.told = told;
    return this.ask().ask({ kind: "parting", sides, site: this.site, files });
  }

  /** Ends what is under way, and gives its memory back. */
  end(): void {
    this.link?.close();
    this.link = undefined;
  }

  private ask() {
    this.link ??= new Link(this.startWorker(), (event: CompareEvent | Lost) => {
      if (event.type === "searching") this.told(event);
      if (event.type === "lost") this.link = undefined;
    });
    return this.link;
  }
}
