// Checks that only saved work and links need: a file of its own, so that other parts of the page do not load it.
import { type Check, entriesOf, Refusal } from "./schema";

export const truth: Check<boolean> = (value, path) => {
  if (typeof value !== "boolean") throw new Refusal(path);
  return value;
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
