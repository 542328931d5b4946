import { EVM_EXAMPLES } from "../../examples/evm/catalog";
import type { EvmProject } from "../../protocol/evm/request";
import { ShelfError, type Unkept } from "../shelf";
import type { Projects, SavedProject } from "./saved";
import type { EvmStore } from "./store";

/** Drafts that are kept; the oldest goes when another comes. */
export const MOST_DRAFTS = 5;
export const DRAFT_MS = 500;

/** What this needs of the page's EVM. */
type Evm = Pick<EvmStore, "view" | "watch" | "open" | "select" | "travel">;

/**
 * What the reader works on in the EVM, kept without being asked: each project that is not just as it came has a
 * draft. It is saved under a name when asked.
 */
export class SavedRuns {
  /** The saved project that is open, by its name. */
  private from: string | null = null;
  /** The draft of what is open, by its name. */
  private draft: string | null = null;
  private title = "";
  /** What is opened next comes from elsewhere. */
  private fresh = false;
  /** The project as it came, of which there is nothing to keep. */
  private pristine: EvmProject | null = null;
  private trouble: Unkept | null = null;
  private latest: EvmProject | null = null;
  private seen: unknown = null;
  private moment = "";
  private keeping: ReturnType<typeof setTimeout> | undefined;
  private opening = false;

  /** @param unasked whether drafts, and places in saved projects, are kept */
  constructor(
    private readonly evm: Evm,
    readonly projects: Projects,
    readonly drafts: Projects,
    private readonly unasked = true,
  ) {
    evm.watch(() => this.follow());
    this.follow();
  }

  /** The saved project that is open, by its name. */
  get origin(): string | null {
    return this.from;
  }

  /** Why the draft could not be kept, as far as it is so. */
  get problem(): Unkept | null {
    return this.trouble;
  }

  /** Keeps what is open under the name it was opened by, or a new one. Gives that name; throws `ShelfError`. */
  save(): string {
    const { project } = this;
    if (!project) throw new ShelfError("refused");
    const name = this.from ?? this.projects.freeName(project.title);
    this.projects.keep(this.item(name, project));
    this.from = name;
    this.title = project.title;
    clearTimeout(this.keeping);
    this.keeping = undefined;
    this.dropDraft();
    return name;
  }

  /** Opens a saved project, or a draft, where the reader left it. */
  async open(item: SavedProject, draft = false): Promise<void> {
    this.settle();
    this.from = draft ? null : item.name;
    this.draft = draft ? item.name : null;
    this.title = item.project.title;
    this.fresh = false;
    // Going back to where the reader was is no change.
    this.opening = true;
    try {
      await this.evm.open(item.project);
      if (this.evm.view.project !== item.project || !this.evm.view.scene) return;
      if (item.transaction !== this.evm.view.index) await this.evm.select(item.transaction);
      if (item.position > 0) await this.evm.travel({ to: item.position });
    } finally {
      this.opening = false;
    }
  }

  /** What is opened next is something else, as it came from elsewhere: it overwrites nothing that is kept. */
  leave(): void {
    this.settle();
    this.from = null;
    this.draft = null;
    this.fresh = true;
  }

  /** What is typed, and was not run yet. */
  typed(project: EvmProject): void {
    this.latest = project;
    this.keepSoon();
  }

  /** Keeps at once what would be kept soon: the page is being left. */
  settle(): void {
    if (this.keeping !== undefined) this.keep();
  }

  private get project(): EvmProject | null {
    return this.latest ?? this.evm.view.project;
  }

  private follow(): void {
    const { project, index, scene } = this.evm.view;
    if (!project) return;
    const moment = `${index} ${scene?.position ?? 0}`;
    if (project === this.seen && moment === this.moment) return;
    if (project !== this.seen) this.another(project);
    this.moment = moment;
    const asItCame = project === this.pristine && this.latest === null;
    if (!asItCame && !this.opening) this.keepSoon();
  }

  private another(project: EvmProject): void {
    this.seen = project;
    this.latest = null;
    const example = EVM_EXAMPLES.some((other) => other.project === project);
    if (example || project.title !== this.title) {
      this.from = null;
      this.draft = null;
    }
    this.title = project.title;
    if (this.fresh || example) this.pristine = project;
    this.fresh = false;
  }

  private keepSoon(): void {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keep(), DRAFT_MS);
  }

  private keep(): void {
    clearTimeout(this.keeping);
    this.keeping = undefined;
    const { project } = this;
    if (!project || !this.unasked) return;
    try {
      if (this.keepPosition(project)) return;
      this.draft ??= this.drafts.freeName(project.title);
      const item = this.item(this.draft, project);
      const others = this.drafts.all.filter(({ name }) => name !== item.name);
      const [oldest] = [...others].sort((one, other) => (one.changed ?? 0) - (other.changed ?? 0));
      if (oldest && others.length >= MOST_DRAFTS) this.drafts.remove(oldest.name);
      this.drafts.keep(item);
      this.trouble = null;
    } catch (error) {
      this.trouble = error instanceof ShelfError ? error.why : "full";
    }
  }

  /** A saved project that was only walked through needs no draft: it remembers the new place. */
  private keepPosition(project: EvmProject): boolean {
    const saved = this.from === null ? undefined : this.projects.named(this.from);
    if (!saved || JSON.stringify(saved.project) !== JSON.stringify(project)) return false;
    this.projects.put({ ...this.item(saved.name, project), ...(saved.changed && { changed: saved.changed }) });
    return true;
  }

  private dropDraft(): void {
    if (this.draft !== null) this.drafts.remove(this.draft);
    this.draft = null;
  }

  private item(name: string, project: EvmProject): SavedProject {
    const { index, scene } = this.evm.view;
    return { name, project, transaction: index, position: scene?.position ?? 0 };
  }
}
