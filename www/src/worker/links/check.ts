import type { StopPlace } from "../../protocol/evm/message";
import { checkProject } from "../../protocol/evm/project_check";
import {
  cleanAuthor,
  cleanNote,
  type EvmMoment,
  type EvmWitness,
  type LinkMoment,
  LONGEST_NOTE,
  type Panes,
} from "../../protocol/links";
import { type Check, list, maybe, Refusal, record, text, whole } from "../../protocol/schema";
import { either, truth } from "../../protocol/schema_forms";
import { LinkError, type Unpacked } from "./unpack";

const MOST_PANES = 48;
const MOST_STOPS = 200;
const count = whole(Number.MAX_SAFE_INTEGER);

/** Words as they are shown: none of the characters that mislead. */
const words =
  (clean: (words: string) => string): Check<string> =>
  (value, path) => {
    const found = text(LONGEST_NOTE)(value, path);
    if (clean(found) !== found) throw new Refusal(path);
    return found;
  };

const paneName = text(40, /^[a-z][a-z0-9-]*$/);

const panes = record<Panes>({
  preset: text(40, /^[a-z0-9-]*$/),
  open: list(paneName, MOST_PANES),
  front: list(paneName, MOST_PANES),
});

const evmStop = either<StopPlace, StopPlace>(
  record({ file: text(200), line: whole(1_000_000, 1) }),
  record({ code: text(42, /^0x[0-9a-f]{40}$/i), pc: whole(0xff_ffff) }),
);

const evmMoment = record<EvmMoment>({
  author: words(cleanAuthor),
  note: words(cleanNote),
  panes: maybe(panes),
  project: checkProject,
  transaction: whole(1_000_000),
  position: count,
  seen: record<EvmWitness>({ depth: whole(1025), pc: whole(0xff_ffff), gas: count }),
  stops: list(evmStop, MOST_STOPS),
  byLine: truth,
});

/**
 * Reads the moment that a link holds.
 * @throws LinkError
 */
export function checked({ engine, value }: Pick<Unpacked, "engine" | "value">): LinkMoment {
  try {
    if (engine === "evm") return { engine, moment: evmMoment(value, "link") };
  } catch (error) {
    if (error instanceof Refusal) throw new LinkError({ kind: "field", path: error.path });
    throw error;
  }
  throw new LinkError({ kind: "newer" });
}
