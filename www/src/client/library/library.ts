import type { EvmPlace } from "../../protocol/links";
import type { MachineSpec } from "../../protocol/machine_spec";
import type {
  ImageRole,
  KeptEvm,
  LibraryAnswers,
  LibraryCommand,
  LibraryEvent,
  LibraryNews,
  LibraryQuery,
  MissingImage,
  MomentView,
  SaveReport,
} from "../../protocol/moments";
import { Link, type Lost, type Port } from "../connection";
import type { Store } from "../store";

/** How much the browser keeps for this page, and may yet: bytes; nothing where it does not say. */
export interface Space {
  readonly used: number;
  readonly left: number;
  /** The browser will not clear it of its own accord. */
  readonly persistent: boolean;
}

/** What became of the wish to open a moment. */
export type Opened =
  | { readonly kind: "opened" }
  | { readonly kind: "missing"; readonly images: readonly MissingImage[] }
  | { readonly kind: "evm"; readonly place: EvmPlace };

/** What the library needs of the browser. */
export interface Surroundings {
  readonly storage: Pick<StorageManager, "estimate" | "persist" | "persisted"> | undefined;
  readonly channel: Pick<BroadcastChannel, "onmessage" | "close">;
  /** The address of the page's root. */
  readonly site: string;
}

/** The saved moments of this browser, as the page has them. */
export class Library {
  private link: Link<LibraryCommand, LibraryEvent, LibraryQuery, LibraryAnswers> | undefined;
  private moments: readonly MomentView[] | null = null;
  private trouble = "";
  private reading: Promise<void> | undefined;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly startWorker: () => Port,
    private readonly store: Pick<Store, "boot" | "ask">,
    private readonly around: Surroundings,
  ) {
    around.channel.onmessage = ({ data }: MessageEvent<LibraryNews>) => {
      // How a save went is told beside the change.
      if (!data.saved && this.watchers.size > 0) void this.refresh();
    };
  }

  /** The moments saved by the reader and those kept of runs; null until they were read. */
  get all(): readonly MomentView[] | null {
    return this.moments;
  }

  /** Why nothing can be read. */
  get problem(): string {
    return this.trouble;
  }

  /** Moments kept without being asked, of machines that no tab runs any more; the latest first. */
  get lost(): readonly MomentView[] {
    const lost = (this.moments ?? []).filter(({ run, live }) => run !== null && !live);
    return lost.sort((one, other) => other.date - one.date);
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    void this.refresh();
    return () => this.watchers.delete(watcher);
  }

  /** Reads the list anew; changes that come meanwhile are read after it. */
  async refresh(): Promise<void> {
    const before = this.reading;
    const mine = (async () => {
      await before;
      try {
        this.moments = await this.ask({ kind: "list" });
        this.trouble = "";
      } catch (error) {
        this.trouble = messageOf(error);
      }
    })();
    this.reading = mine;
    await mine;
    for (const watcher of this.watchers) watcher();
  }

  /**
   * Saves the machine as it is now, and asks the browser not to clear the library.
   * @throws an error of one line
   */
  async save(name: string, note: string): Promise<SaveReport> {
    const report = await this.store.ask({ kind: "saveMoment", name, note });
    await this.around.storage?.persist().catch(() => false);
    return report;
  }

  /** The machine as it is now, as a file. */
  file(name: string, note: string): Promise<Blob> {
    return this.store.ask({ kind: "momentFile", name, note }) as Promise<Blob>;
  }

  /**
   * Keeps a moment of the EVM, and asks the browser not to clear the library; gives its id.
   * @throws an error of one line
   */
  async keepEvm(moment: KeptEvm): Promise<string> {
    const id = await this.ask({ kind: "keepEvm", moment });
    await this.around.storage?.persist().catch(() => false);
    return id;
  }

  /** A moment of the EVM as a file. */
  evmFile(moment: KeptEvm): Promise<Blob> {
    return this.ask({ kind: "evmFile", moment }) as Promise<Blob>;
  }

  /**
   * Boots a moment's machine, paused at that moment; `files` are those of the reader's own images.
   * @throws an error of one line
   */
  async open(id: string, files: Readonly<Partial<Record<ImageRole, File>>> = {}): Promise<Opened> {
    const found = await this.ask({ kind: "resolve", id, site: this.around.site, files });
    if (found.kind !== "spec") return found;
    this.store.boot(found.spec as MachineSpec, true, { moment: id });
    return { kind: "opened" };
  }

  async describe(id: string, name: string, note: string): Promise<void> {
    await this.ask({ kind: "describe", id, name, note });
    await this.refresh();
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.ask({ kind: "remove", ids });
    await this.refresh();
  }

  async bringBack(ids: readonly string[]): Promise<void> {
    await this.ask({ kind: "bringBack", ids });
    await this.refresh();
  }

  /** Frees what was deleted some time ago. */
  async sweep(): Promise<void> {
    await this.ask({ kind: "sweep" });
  }

  exported(id: string): Promise<Blob> {
    return this.ask({ kind: "export", id }) as Promise<Blob>;
  }

  /** @returns the new moment's id */
  async imported(file: File): Promise<string> {
    const id = await this.ask({ kind: "import", file });
    await this.refresh();
    return id;
  }

  async space(): Promise<Space | null> {
    const { storage } = this.around;
    try {
      const { usage, quota } = (await storage?.estimate()) ?? {};
      if (usage === undefined || quota === undefined) return null;
      const persistent = (await storage?.persisted()) ?? false;
      return { used: usage, left: Math.max(0, quota - usage), persistent };
    } catch {
      return null;
    }
  }

  private ask<Kind extends LibraryQuery["kind"]>(
    query: Extract<LibraryQuery, { kind: Kind }>,
  ): Promise<LibraryAnswers[Kind]> {
    this.link ??= new Link(this.startWorker(), (event: LibraryEvent | Lost) => {
      if (event.type === "lost") this.link = undefined;
    });
    return this.link.ask(query);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
