// Flags of the `glassbox evm` subcommands.
import { UserError } from "../../src/host/user_error.mjs";

/**
 * What was given: flags with values, flags that stand alone, and words that are no flags.
 * @typedef {{values: Map<string, string>, alone: Set<string>, words: string[]}} Given
 */

/**
 * Splits the words of a command line.
 * @param {readonly string[]} words
 * @param {{values: readonly string[], alone: readonly string[], most: number, command: string}} known flags with and
 *   without values, the most words that are no flags, and the command for the message
 * @returns {Given}
 */
export function parseFlags(words, { values, alone, most, command }) {
  /** @type {Given} */
  const given = { values: new Map(), alone: new Set(), words: [] };
  for (let at = 0; at < words.length; at++) {
    const word = /** @type {string} */ (words[at]);
    if (!word.startsWith("--")) {
      if (given.words.push(word) > most)
        throw new UserError(`${word}: one argument too many; ${command} --help shows all`);
      continue;
    }
    const equals = word.indexOf("=");
    const flag = equals < 0 ? word : word.slice(0, equals);
    if (given.values.has(flag) || given.alone.has(flag)) throw new UserError(`${flag}: given twice`);
    if (values.includes(flag)) {
      const value = equals < 0 ? words[++at] : word.slice(equals + 1);
      if (value === undefined) throw new UserError(`${flag}: needs a value`);
      given.values.set(flag, value);
    } else if (alone.includes(flag) && equals < 0) given.alone.add(flag);
    else throw new UserError(`${word}: unknown; ${command} --help lists the flags`);
  }
  return given;
}
