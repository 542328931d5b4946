import type { StopPlace } from "../../protocol/evm/message";
import { checkProject } from "../../protocol/evm/project_check";
import {
  type Arrival,
  cleanAuthor,
  cleanNote,
  type EvmMoment,
  type EvmPlace,
  type EvmWitness,
  IMAGE_PARTS,
  LARGEST_FILE,
  type LinkImage,
  type LinkMachine,
  type LinkMoment,
  LONGEST_LINK,
  LONGEST_NOTE,
  type Panes,
  type PcMoment,
  type Way,
} from "../../protocol/links";
import { type Check, list, maybe, Refusal, record, text, whole } from "../../protocol/schema";
import { either, oneOf, truth } from "../../protocol/schema_forms";
import type { StopKind, StopSpec } from "../../protocol/stops";
import { bytesOf, LinkError, type Unpacked } from "./unpack";

const MOST_PANES = 48;
const MOST_STOPS = 200;
/** Characters of a program, and bytes of an image in a link with the zeros that follow, at most. */
const LONGEST_PROGRAM = 1 << 20;
const LARGEST_IMAGE = 4 << 20;
/** The kinds of stops; the compiler finds the gaps. */
const STOP_KINDS = Object.keys({
  execute: 0,
  read: 0,
  write: 0,
  access: 0,
  change: 0,
  portRead: 0,
  portWrite: 0,
  port: 0,
  interrupt: 0,
  exception: 0,
  mode: 0,
  cpl: 0,
  control: 0,
  screen: 0,
  serial: 0,
  instructions: 0,
  time: 0,
} satisfies Record<StopKind, 0>) as readonly StopKind[];
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

const place = {
  panes: maybe(panes),
  project: checkProject,
  transaction: whole(1_000_000),
  position: count,
  seen: record<EvmWitness>({ depth: whole(1025), pc: whole(0xff_ffff), gas: count }),
  stops: list(evmStop, MOST_STOPS),
  byLine: truth,
};

/** What links and saved moments say of a run of the EVM. */
export const evmPlace: Check<EvmPlace> = record<EvmPlace>(place);

const evmMoment = record<EvmMoment>({ author: words(cleanAuthor), note: words(cleanNote), ...place });

/** One of these checks has to agree; the path is that of the last one. */
const oneOfThese = (...checks: readonly Check<LinkImage>[]): Check<LinkImage> => checks.reduce(either);

const bytes: Check<Uint8Array<ArrayBuffer>> = (value, path) => {
  const found = bytesOf(text(LONGEST_LINK)(value, path));
  if (!found) throw new Refusal(path);
  return found;
};

/** A path below the page's root that leads nowhere else. */
const sitePath = text(200, /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/);

const webAddress = text(2000, /^https?:\/\/[^\s\p{C}]+$/iu);
const sha256 = text(64, /^[0-9a-f]{64}$/);
const size = whole(2 ** 40, 1);

const image = oneOfThese(
  record({ own: text(255), size, print: sha256 }),
  record({ bytes, size: whole(LARGEST_IMAGE, 1) }),
  record({ program: text(LONGEST_PROGRAM) }),
  record({ url: webAddress, whole: truth }),
  record({ site: sitePath, whole: truth }),
);

const images = record(Object.fromEntries(IMAGE_PARTS.map((part) => [part, maybe(image)]))) as Check<
  LinkMachine["images"]
>;

const machine = record<LinkMachine>({
  title: text(200),
  memoryMb: whole(2048, 1),
  bootOrder: text(3, /^[acd]{1,3}$/),
  resetOnShutdown: truth,
  rtcUnixSeconds: whole(0xffff_ffff),
  append: maybe(text(4096)),
  images,
});

const way: Check<Way> = either<Exclude<Way, { recording: unknown }>, { recording: Uint8Array<ArrayBuffer> }>(
  either(record({ snapshot: bytes }), record({ file: webAddress, size: whole(LARGEST_FILE, 1), sha256 })),
  record({ recording: bytes }),
);

const arrival = record<Arrival>({
  way,
  instruction: count,
  time: text(19, /^\d{1,19}$/),
  hash: text(32, /^[0-9a-f]{32}$/),
});

const line = text(1000);

const pcStop = record<StopSpec>({
  id: text(40),
  kind: oneOf(...STOP_KINDS),
  enabled: truth,
  at: line,
  symbol: line,
  length: whole(0xffff_ffff),
  text: line,
  error: line,
  condition: line,
  from: count,
  log: line,
});

const pcMoment = record<PcMoment>({
  author: words(cleanAuthor),
  note: words(cleanNote),
  panes: maybe(panes),
  machine,
  arrival,
  stops: list(pcStop, MOST_STOPS),
});

/**
 * Reads the moment that a link holds.
 * @throws LinkError
 */
export function checked({ engine, value }: Pick<Unpacked, "engine" | "value">): LinkMoment {
  try {
    return engine === "evm"
      ? { engine, moment: evmMoment(value, "link") }
      : { engine, moment: pcMoment(value, "link") };
  } catch (error) {
    if (error instanceof Refusal) throw new LinkError({ kind: "field", path: error.path });
    throw error;
  }
}
