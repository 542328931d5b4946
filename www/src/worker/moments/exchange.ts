import { UserError } from "../../host/user_error.mjs";
import type { MomentBody, MomentRecord } from "../../protocol/moments";
import { EXCHANGE } from "../../strings/worker/moments/exchange";
import { exportMoment, PageLibrary, readMoment } from "../../wasm/x86/x86.js";
import { loadEngine } from "../engine";
import { cardOf, readCard } from "./card";
import { database } from "./database";
import { loaded } from "./opening";
import { learn, Pieces, packsOf } from "./pages";
import { newId } from "./runs";

/** Larger files are not even read. */
const LARGEST_FILE = 1 << 30;
const PIECE_MS = 50;

type Bytes = Uint8Array<ArrayBuffer>;
type PcBody = Extract<MomentBody, { kind: "pc" }>;

/** A PC's moment as a file to hand on. */
export async function exported(record: MomentRecord, { recipe }: PcBody): Promise<Blob> {
  const store = await database();
  await loadEngine();
  const images = new Map<string, Bytes>();
  for (const image of Object.values(recipe.images)) {
    const bytes = image.kind === "kept" ? await store.image(image.sha256) : undefined;
    if (image.kind === "kept" && bytes) images.set(image.sha256, bytes);
  }
  const { manifest, library } = await loaded(record.id);
  try {
    const file = exportMoment(manifest, library, cardOf({ ...record, body: { kind: "pc", recipe } }, images));
    return new Blob([file as Bytes], { type: "application/octet-stream" });
  } finally {
    library.free();
  }
}

/**
 * Takes the file of a PC's moment into the library, after every bit of it was checked.
 * @returns the new moment
 * @throws an error of one line; the library is as it was
 */
export async function imported(file: File): Promise<string> {
  if (file.size > LARGEST_FILE) throw new UserError(EXCHANGE.noMoment(file.name));
  const bytes = new Uint8Array(await file.arrayBuffer());
  await loadEngine();
  const read = readMoment(bytes);
  const pages = new PageLibrary();
  try {
    const text = read.card as Bytes | undefined;
    if (!text) {
      throw new UserError(EXCHANGE.ofTerminal(file.name));
    }
    const { card, images } = await readCard(text);
    const store = await database();
    const pieces = new Pieces(PIECE_MS);
    await learn(pages, store, pieces);
    const parts = read.parts(pages);
    const [manifest, known] = [parts.manifest as Bytes, parts.knownPacks()];
    const packs = await packsOf(parts, pieces);
    const own = { id: newId(), parent: null, run: null, imported: true, deleted: null };
    const record = { ...card, ...own, instruction: parts.instruction, snapshot: parts.id };
    parts.free();
    await store.write({ record, manifest, known: known as Uint32Array<ArrayBuffer>, packs, images });
    return own.id;
  } finally {
    pages.free();
    read.free();
  }
}
