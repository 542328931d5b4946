import { sha256 } from "../../host/fingerprint.mjs";
import {
  type Arrival,
  type LinkMoment,
  type LinkParts,
  type LinkWords,
  LONGEST_LINK,
  type PcMoment,
  type Way,
} from "../../protocol/links";
import type { MachineSpec } from "../../protocol/machine_spec";
import { LINKS } from "../../strings/links";
import { floppyOf, unbootable } from "../nasm_image";
import { SourceMap } from "../nasm_source_map";
import { assembler, desk } from "../nasm_start";
import { stops, store } from "../start";
import { type MadeProgram, machineOf, specOf } from "./machine";
import { linkOf } from "./packing";

/** What goes into a link to the machine's present moment, but for words. */
export interface PcSubject {
  readonly parts: LinkParts;
  readonly moment: Omit<PcMoment, "author" | "note" | "arrival">;
  /** The moment's whole state, made when it is first asked for. Fails if the machine went on. */
  readonly snapshot: () => Promise<Uint8Array<ArrayBuffer>>;
  /** The moment as the file that the library gives and takes: the same bytes whenever it is asked for. */
  readonly file: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** The last file that was made. It says when it was: made again, it would not be the one that a link names. */
let made: { readonly key: string; readonly file: Promise<Uint8Array<ArrayBuffer>> } | null = null;

/** Takes the machine's moment down: it rests then. Null where there is no machine. */
export async function takeMoment(): Promise<PcSubject | null> {
  const { spec, state } = store.view;
  if (!spec || state === "off" || state === "loading" || state === "lost") return null;
  if (state === "running" || state === "waiting") store.send({ type: "pause" });
  const parts = await store.ask({ kind: "linkParts", snapshot: false });
  const machine = await machineOf(spec);
  let whole: Promise<Uint8Array<ArrayBuffer>> | undefined;
  const snapshot = () => {
    whole ??= takeSnapshot(parts.hash);
    return whole;
  };
  const file = () => fileOf(spec.title, parts);
  return { parts, snapshot, file, moment: { machine, stops: stops.list.map(({ hits: _, ...stop }) => stop) } };
}

async function takeSnapshot(hash: string): Promise<Uint8Array<ArrayBuffer>> {
  const later = await store.ask({ kind: "linkParts", snapshot: true });
  if (later.hash !== hash || !later.snapshot) throw new Error(LINKS.wentOn);
  return later.snapshot;
}

function fileOf(title: string, { hash, time }: LinkParts): Promise<Uint8Array<ArrayBuffer>> {
  const key = [title, hash, time].join();
  if (made?.key === key) return made.file;
  const file = takeFile(title, hash);
  made = { key, file };
  file.catch(() => {
    if (made?.file === file) made = null;
  });
  return file;
}

async function takeFile(title: string, hash: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = (await store.ask({ kind: "momentFile", name: title, note: "" })) as Blob;
  const later = await store.ask({ kind: "linkParts", snapshot: false });
  if (later.hash !== hash) throw new Error(LINKS.wentOn);
  return new Uint8Array(await file.arrayBuffer());
}

const arrivalBy = ({ instruction, time, hash }: LinkParts, way: Way): Arrival => ({
  way,
  instruction,
  time,
  hash,
});

/** Characters that bytes become in a link; they are packed already. */
const charactersOf = (bytes: Uint8Array): number => Math.ceil((bytes.length * 4) / 3);

/** No snapshot of a machine with a BIOS is shorter, in characters. */
const SHORT = 2000;

/** The link by one way; how many characters it would have, where those are more than links have. */
async function linkBy(way: Way, { parts, moment }: PcSubject, words: LinkWords): Promise<string | number> {
  const [bytes] = Object.values(way).filter((part) => part instanceof Uint8Array);
  const least = bytes ? charactersOf(bytes) : 0;
  // What cannot be a link is not worth the seconds that packing it takes.
  if (least > LONGEST_LINK) return least;
  const link = await linkOf(pcMoment({ ...words, ...moment, arrival: arrivalBy(parts, way) }));
  return link.length > LONGEST_LINK ? link.length : link;
}

const lengthOf = (link: string | number): number => (typeof link === "number" ? link : link.length);

/**
 * The shortest link that holds the moment itself: by its recording, or as a snapshot. How many characters it would have,
 * where those are more than links have.
 */
export async function shortestLink(subject: PcSubject, words: LinkWords): Promise<string | number> {
  const { recording } = subject.parts;
  const one = recording && (await linkBy({ recording }, subject, words));
  if (one && lengthOf(one) <= SHORT) return one;
  const other = await linkBy({ snapshot: await subject.snapshot() }, subject, words);
  return one && lengthOf(one) <= lengthOf(other) ? one : other;
}

/** A link that names the file with the moment, which lies at an address. */
export async function fileLink(subject: PcSubject, words: LinkWords, file: string): Promise<string> {
  const bytes = await subject.file();
  const way = { file, size: bytes.length, sha256: await sha256(bytes) };
  return linkOf(pcMoment({ ...words, ...subject.moment, arrival: arrivalBy(subject.parts, way) }));
}

const pcMoment = (moment: PcMoment): LinkMoment => ({ engine: "pc", moment });

async function assembled(text: string, title: string): Promise<MadeProgram & { map: SourceMap }> {
  const assembly = await assembler.assemble(text);
  const [error] = assembly.ok ? [] : assembly.errors;
  if (!assembly.ok) throw new Error(error ? LINKS.atLine(error.line, error.message) : "");
  const why = unbootable(assembly.image);
  if (why) throw new Error(why);
  const map = new SourceMap(assembly);
  return { floppy: floppyOf(assembly.image), symbols: map.symbols(`${title}.asm`, text), map };
}

/** What became of a moment that was to be opened. */
export type Opened = "there" | "ended" | "failed";

/** Waits for a machine that is on its way. */
function arrived(spec: MachineSpec, signal: AbortSignal): Promise<Opened> {
  return new Promise((resolve) => {
    const end = (opened: Opened) => {
      unwatch();
      resolve(opened);
    };
    const unwatch = store.watch(() => {
      const { state, problem, spec: current } = store.view;
      if (current === spec && (state === "paused" || state === "stopped")) end("there");
      else if (problem || state === "lost") end("failed");
    });
    signal.addEventListener("abort", () => end("ended"), { once: true });
  });
}

/**
 * Boots the machine of a moment and brings it there, paused. Until it is there the present machine goes on; what fails is
 * told by the page. `signal` ends it.
 * @throws OtherFile if a file is not the one that the link names
 */
export async function openMoment(
  moment: PcMoment,
  files: Readonly<Partial<Record<string, File>>>,
  signal: AbortSignal,
): Promise<Opened> {
  let map: SourceMap | null = null;
  const assemble = async (text: string, title: string) => {
    const made = await assembled(text, title);
    map = made.map;
    return made;
  };
  const spec = await specOf(moment.machine, { assemble, files });
  store.dismiss();
  store.boot(spec, true, { arrival: moment.arrival });
  const opened = await arrived(spec, signal);
  if (opened !== "there") {
    store.endBoot();
    return opened;
  }
  if (map && spec.symbols) desk.receive(moment.machine.title, spec.symbols.text, spec, map);
  if (moment.stops.length > 0) {
    // Ids of their own: stops that are set here later have others.
    const own = moment.stops.map((stop, at) => ({ ...stop, id: `link-${at + 1}` }));
    await store.ask({ kind: "setStops", stops: own });
    await stops.refresh();
  }
  return opened;
}
