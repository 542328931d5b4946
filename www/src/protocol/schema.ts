/** Something from outside is not what it should be; nothing of it was used. */
export class Refusal extends Error {
  /** @param path where in the data, as `programs[2].name` */
  constructor(readonly path: string) {
    super(path);
  }
}

/**
 * Reads a value out of data from outside.
 * @returns a copy with the fields that are known, and no others
 * @throws Refusal
 */
export type Check<T> = (value: unknown, path: string) => T;

/** A text of no more than so many characters. */
export const text =
  (longest: number, pattern?: RegExp): Check<string> =>
  (value, path) => {
    if (typeof value !== "string" || value.length > longest || pattern?.test(value) === false) throw new Refusal(path);
    return value;
  };

/** A whole number from 0, or from `least`, on. */
export const whole =
  (most: number, least = 0): Check<number> =>
  (value, path) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) throw new Refusal(path);
    return value;
  };

/** May be absent. */
export const maybe =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);

export const list =
  <T>(check: Check<T>, most: number): Check<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value) || value.length > most) throw new Refusal(path);
    return value.map((entry, index) => check(entry, `${path}[${index}]`));
  };

/** The entries of an object that is no list. */
export function entriesOf(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal(path);
  return Object.entries(value);
}

type Fields<T> = { readonly [Key in keyof T]-?: Check<T[Key]> };

/** An object with these fields; those that are absent stay so. */
export const record =
  <T extends object>(fields: Fields<T>): Check<T> =>
  (value, path) => {
    const given = new Map(entriesOf(value, path));
    const found: [string, unknown][] = [];
    for (const [name, check] of Object.entries<Check<unknown>>(fields)) {
      const entry = check(given.get(name), `${path}.${name}`);
      if (entry !== undefined) found.push([name, entry]);
    }
    return Object.fromEntries(found) as T;
  };
