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

export const truth: Check<boolean> = (value, path) => {
  if (typeof value !== "boolean") throw new Refusal(path);
  return value;
};

export const nothing: Check<null> = (value, path) => {
  if (value !== null) throw new Refusal(path);
  return value;
};

/** One of these words. */
export const oneOf =
  <Word extends string>(...words: readonly Word[]): Check<Word> =>
  (value, path) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new Refusal(path);
    return found;
  };

/** One of two; the path is that of the second, where neither fits. */
export const either =
  <One, Other>(one: Check<One>, other: Check<Other>): Check<One | Other> =>
  (value, path) => {
    try {
      return one(value, path);
    } catch {
      return other(value, path);
    }
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

function entriesOf(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal(path);
  return Object.entries(value);
}

/** Values by keys that are not known beforehand. */
export const map =
  <T>(key: Check<string>, check: Check<T>, most: number): Check<Readonly<Record<string, T>>> =>
  (value, path) => {
    const entries = entriesOf(value, path);
    if (entries.length > most) throw new Refusal(path);
    // Made from entries, a key like __proto__ is a key like any other.
    return Object.fromEntries(
      entries.map(([name, entry]) => [key(name, path), check(entry, `${path}.${name.slice(0, 40)}`)]),
    );
  };

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
