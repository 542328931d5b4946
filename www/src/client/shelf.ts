import { type Check, list, Refusal } from "../protocol/schema";
import { embedded } from "./embedding";

/** What keeps texts by name; the browser's storage, which may refuse. */
export interface Keeper {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** The browser's storage; looked up anew each time, for a browser may refuse it. */
export const browserKeeper: Keeper = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, value),
};

const texts = new Map<string, string>();

/** Where things are kept without being asked: in an embedded page, for as long as it is there. */
export const unaskedKeeper: Keeper =
  embedded === null
    ? browserKeeper
    : { getItem: (key) => texts.get(key) ?? null, setItem: (key, value) => void texts.set(key, value) };

/** Something that is kept under a name. */
export interface Named {
  readonly name: string;
  /** When it was kept last, in milliseconds since 1970. */
  readonly changed?: number;
}

/** Why something was not kept. */
export type Unkept = "blocked" | "full" | "tooMany" | "tooLong" | "refused";

export class ShelfError extends Error {
  constructor(readonly why: Unkept) {
    super(why);
  }
}

/** What is wrong with a shelf as it was found: the browser keeps nothing, or what it kept is not what it should be. */
export type ShelfProblem = { readonly kind: "blocked" } | { readonly kind: "refused"; readonly path: string };

/** How things of one kind are kept. */
export interface ShelfFormat<Item extends Named> {
  /** The list's name in what is kept. */
  readonly field: string;
  readonly check: Check<Item>;
  readonly most: number;
  /** Characters of one thing as JSON, at most. */
  readonly longest: number;
}

export const LONGEST_NAME = 80;

/** A name as it is kept: one line, no more than fits a list. */
export function cleanName(name: string): string {
  return name
    .replace(/\p{C}+/gu, " ")
    .trim()
    .slice(0, LONGEST_NAME)
    .trim();
}

/** A name as `cleanName` leaves it. */
export const keptName: Check<string> = (value, path) => {
  if (typeof value !== "string" || value === "" || cleanName(value) !== value) throw new Refusal(path);
  return value;
};

/**
 * Things of one kind that the reader keeps in this browser, each under a name of its own. What is found there is taken
 * whole or not at all; what was refused is not written over before the reader said so.
 */
export class Shelf<Item extends Named> {
  private list: readonly Item[] = [];
  private trouble: ShelfProblem | null = null;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly keeper: Keeper,
    readonly key: string,
    private readonly format: ShelfFormat<Item>,
    private readonly now: () => number = Date.now,
  ) {
    this.read();
  }

  /** In the order of their names. */
  get all(): readonly Item[] {
    return this.list;
  }

  get problem(): ShelfProblem | null {
    return this.trouble;
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  named(name: string): Item | undefined {
    return this.list.find((item) => item.name === name);
  }

  /** A name that is free: the one wanted, or that with a number. */
  freeName(wanted: string): string {
    const name = cleanName(wanted) || "1";
    if (!this.named(name)) return name;
    for (let number = 2; ; number++) {
      const other = `${name.slice(0, LONGEST_NAME - 5)} ${number}`;
      if (!this.named(other)) return other;
    }
  }

  /**
   * Keeps something under its name, in place of what was there, as of now.
   * @throws ShelfError
   */
  keep(item: Item): void {
    this.put({ ...item, changed: this.now() });
  }

  /**
   * Keeps something as it is: what was removed comes back by this.
   * @throws ShelfError
   */
  put(item: Item): void {
    this.refresh();
    if (this.trouble?.kind === "refused") throw new ShelfError("refused");
    if (JSON.stringify(item).length > this.format.longest) throw new ShelfError("tooLong");
    const others = this.list.filter(({ name }) => name !== item.name);
    if (others.length >= this.format.most) throw new ShelfError("tooMany");
    this.write([...others, item].sort((one, other) => one.name.localeCompare(other.name)));
  }

  /**
   * Gives something another name, or one like it if that is taken.
   * @returns the name it has then
   * @throws ShelfError
   */
  rename(old: string, wanted: string): string {
    const item = this.named(old);
    if (!item || cleanName(wanted) === old) return old;
    const name = this.freeName(wanted);
    this.refresh();
    const others = this.list.filter((other) => other.name !== old);
    this.write([...others, { ...item, name }].sort((one, other) => one.name.localeCompare(other.name)));
    return name;
  }

  /** Forgets something. */
  remove(name: string): void {
    this.refresh();
    if (this.named(name)) this.write(this.list.filter((item) => item.name !== name));
  }

  /** Another tab may have written since. */
  refresh(): void {
    const before = JSON.stringify([this.list, this.trouble]);
    this.read();
    if (JSON.stringify([this.list, this.trouble]) !== before) this.tell();
  }

  /** What was refused, as it was found. */
  refusedText(): string | null {
    return this.trouble?.kind === "refused" ? this.keeper.getItem(this.key) : null;
  }

  /** Forgets what was refused. */
  discard(): void {
    if (this.trouble?.kind !== "refused") return;
    this.trouble = null;
    this.write([]);
  }

  private read(): void {
    let stored: string | null;
    try {
      stored = this.keeper.getItem(this.key);
    } catch {
      // What was kept since the page was loaded stays while it is open.
      this.trouble = { kind: "blocked" };
      return;
    }
    try {
      this.list = stored === null ? [] : this.parse(stored);
      this.trouble = null;
    } catch (error) {
      this.list = [];
      this.trouble = { kind: "refused", path: error instanceof Refusal ? error.path : "" };
    }
  }

  private parse(stored: string): readonly Item[] {
    const { field, check, most } = this.format;
    const { [field]: items } = Object(JSON.parse(stored)) as Record<string, unknown>;
    const found = list(check, most)(items, field);
    const twice = found.findIndex(({ name }, index) => found.findIndex((other) => other.name === name) !== index);
    if (twice >= 0) throw new Refusal(`${field}[${twice}].name`);
    return found;
  }

  private write(items: readonly Item[]): void {
    try {
      this.keeper.setItem(this.key, JSON.stringify({ [this.format.field]: items }));
      this.list = items;
    } catch {
      if (this.trouble?.kind !== "blocked") throw new ShelfError("full");
      this.list = items;
      throw new ShelfError("blocked");
    } finally {
      this.tell();
    }
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher();
  }
}
