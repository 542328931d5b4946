import { UserError } from "../../host/user_error.mjs";
import type { Compared, ComparedView, Differences, Pair } from "../../protocol/compare";
import type { KeptSource, Recipe } from "../../protocol/moments";
import { COMPARING } from "../../strings/worker/moments/comparing";
import { compareMoments, exportMoment, readMoment } from "../../wasm/x86/x86.js";
import { loadEngine } from "../engine";
import { readCard } from "./card";
import { database } from "./database";
import { loaded } from "./opening";
import { foreignTo } from "./recipe";

type Bytes = Uint8Array<ArrayBuffer>;

/** Larger files are not even read. */
const LARGEST_FILE = 1 << 30;

/** A moment of which all is known but its pages. */
export interface Side {
  readonly view: Omit<ComparedView, "foreign">;
  readonly recipe: Recipe;
  /** It came from elsewhere. */
  readonly imported: boolean;
  readonly recording: Bytes | null;
  /** An image kept with it, by its SHA-256. */
  readonly image: (sha256: string) => Promise<Bytes | undefined>;
  /** Its snapshot as a file. */
  readonly snapshot: () => Promise<Bytes>;
}

/**
 * Reads what a moment says of itself.
 * @throws UserError
 */
export async function sideOf(compared: Compared): Promise<Side> {
  return compared.kind === "moment" ? savedSide(compared.id) : fileSide(compared.file as File);
}

async function savedSide(id: string): Promise<Side> {
  const store = await database();
  const { name, machine, thumbnail, recording = null, body, imported } = await store.record(id);
  if (body.kind !== "pc") throw new UserError(COMPARING.ofEvm(name));
  return {
    view: { name, machine, thumbnail, recorded: recording !== null },
    ...{ recipe: body.recipe, imported, recording, image: (hash: string) => store.image(hash) },
    snapshot: () => snapshotOf(id),
  };
}

async function snapshotOf(id: string): Promise<Bytes> {
  await loadEngine();
  const { manifest, library } = await loaded(id);
  try {
    return exportMoment(manifest, library, new Uint8Array()) as Bytes;
  } finally {
    library.free();
  }
}

async function fileSide(file: Blob & { readonly name?: string }): Promise<Side> {
  const called = file.name ?? COMPARING.aFile;
  if (file.size > LARGEST_FILE) throw new UserError(COMPARING.noMoment(called));
  const bytes = new Uint8Array(await file.arrayBuffer());
  await loadEngine();
  const read = readMoment(bytes);
  const text = read.card as Bytes | undefined;
  read.free();
  if (!text) throw new UserError(COMPARING.ofTerminal(called));
  const { card, images } = await readCard(text);
  const { name, machine, thumbnail, recording = null, body } = card;
  if (body.kind !== "pc") throw new UserError(COMPARING.notPc(called));
  return {
    view: { name, machine, thumbnail, recorded: recording !== null },
    ...{ recipe: body.recipe, imported: true, recording, image: async (hash: string) => images.get(hash) },
    snapshot: async () => bytes,
  };
}

/** What the page shows of a moment; `here` is this page's origin. */
export function viewOf({ view, recipe, imported }: Side, here: string): ComparedView {
  const images: readonly KeptSource[] = Object.values(recipe.images);
  return { ...view, foreign: imported ? foreignTo(images, here) : [] };
}

/**
 * In what two moments differ.
 * @throws Error of one line
 */
export async function differencesOf(sides: Pair<Side>): Promise<Differences> {
  const [first, second] = [await sides[0].snapshot(), await sides[1].snapshot()];
  return compareMoments([first], [second]) as Differences;
}
