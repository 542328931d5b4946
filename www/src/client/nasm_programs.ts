/** A program of the reader's own, kept in this browser. */
export interface Program {
  readonly name: string;
  readonly text: string;
  /** The example that it was made from. */
  readonly example?: string;
}

/** What keeps texts by name; the browser's storage, which may refuse. */
export interface Keeper {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export const MOST_PROGRAMS = 200;
export const LONGEST_NAME = 80;
export const LONGEST_TEXT = 1 << 20;

/** A name as it is kept: one line, no more than fits a list. */
export function cleanName(name: string): string {
  return name
    .replace(/\p{C}+/gu, " ")
    .trim()
    .slice(0, LONGEST_NAME)
    .trim();
}

function isProgram(value: unknown): value is Program {
  const { name, text, example } = Object(value) as Record<string, unknown>;
  return (
    typeof name === "string" &&
    name !== "" &&
    cleanName(name) === name &&
    typeof text === "string" &&
    text.length <= LONGEST_TEXT &&
    (example === undefined || typeof example === "string")
  );
}

/** Programs out of what storage holds: anything, perhaps. Of two with the same name the first stays. */
export function readPrograms(stored: string | null): readonly Program[] {
  try {
    const { programs } = Object(JSON.parse(stored ?? "null")) as { programs?: unknown };
    if (!Array.isArray(programs)) return [];
    const good = programs.filter(isProgram).slice(0, MOST_PROGRAMS);
    return good.filter(({ name }, index) => good.findIndex((other) => other.name === name) === index);
  } catch {
    return [];
  }
}

/** The reader's programs, in the order of their names. */
export class Programs {
  private list: readonly Program[];

  constructor(
    private readonly keeper: Keeper,
    private readonly key: string,
  ) {
    this.list = this.read();
  }

  get all(): readonly Program[] {
    return this.list;
  }

  named(name: string): Program | undefined {
    return this.list.find((program) => program.name === name);
  }

  /** A name that is free: the one wanted, or that with a number. */
  freeName(wanted: string): string {
    const name = cleanName(wanted) || "program";
    if (!this.named(name)) return name;
    for (let number = 2; ; number++) {
      const other = `${name.slice(0, LONGEST_NAME - 5)} ${number}`;
      if (!this.named(other)) return other;
    }
  }

  /** Keeps a program under its name, in place of what was there. Fails when the browser keeps nothing (more). */
  keep(program: Program): void {
    const others = this.read().filter(({ name }) => name !== program.name);
    if (others.length >= MOST_PROGRAMS) throw new Error(`${MOST_PROGRAMS} programs are kept: delete some first`);
    if (program.text.length > LONGEST_TEXT) throw new Error("the program is too long to be kept: export it");
    this.write([...others, program].sort((one, other) => one.name.localeCompare(other.name)));
  }

  /** Forgets a program. */
  remove(name: string): void {
    this.write(this.read().filter((program) => program.name !== name));
  }

  /** Another tab may have written since. */
  private read(): readonly Program[] {
    try {
      return readPrograms(this.keeper.getItem(this.key));
    } catch {
      return this.list ?? [];
    }
  }

  private write(list: readonly Program[]): void {
    this.list = list;
    try {
      this.keeper.setItem(this.key, JSON.stringify({ programs: list }));
    } catch {
      throw new Error("this browser keeps no more: export the program, or delete others");
    }
  }
}
