// Moments of the EVM in the library: they share no pages, and need no engine to be read.
import { UserError } from "../../host/user_error.mjs";
import type { EvmPlace } from "../../protocol/links";
import type { KeptEvm, MomentRecord } from "../../protocol/moments";
import { EVM_MOMENT } from "../../strings/worker/moments/evm";
import type { Head } from "./card";
import { database } from "./database";
import { evmCardOf, keptEvmCard, LARGEST_EVM, readEvmCard } from "./evm_card";
import { newId } from "./runs";

type Bytes = Uint8Array<ArrayBuffer>;

const headOf = ({ name, note, machine, place }: KeptEvm): Head => ({
  ...{ name, note, machine },
  ...{ instruction: place.position, date: Date.now(), thumbnail: null },
});

async function write(head: Head, card: Bytes, from: Pick<MomentRecord, "parent" | "imported">): Promise<string> {
  const id = newId();
  const own = { id, run: null, deleted: null, snapshot: "", body: { kind: "evm" } as const };
  const nothing = { known: new Uint32Array(), packs: [], images: new Map() };
  await (await database()).write({ record: { ...head, ...from, ...own }, manifest: card, ...nothing });
  return id;
}

/**
 * Keeps a moment.
 * @returns its id
 * @throws UserError
 */
export async function keepEvm(moment: KeptEvm): Promise<string> {
  const head = headOf(moment);
  return write(head, keptEvmCard(head, moment.place), { parent: moment.parent, imported: false });
}

/** A moment as a file, of which the browser keeps nothing. */
export const evmFile = (moment: KeptEvm): Blob => file(keptEvmCard(headOf(moment), moment.place));

/** @throws UserError if it is not there, or not what it should be */
export async function placeOf(id: string): Promise<EvmPlace> {
  const { manifest } = await (await database()).whole(id);
  return readEvmCard(manifest).place;
}

/** A kept moment as a file, by the name that it has now. */
export async function exportedEvm(record: MomentRecord): Promise<Blob> {
  return file(evmCardOf(record, await placeOf(record.id)));
}

/**
 * Takes a file into the library, after every bit of it was checked.
 * @returns the new moment
 * @throws UserError; the library is as it was
 */
export async function importedEvm(given: File): Promise<string> {
  if (given.size > LARGEST_EVM) throw new UserError(EVM_MOMENT.noMoment(given.name));
  const { head, place } = readEvmCard(new Uint8Array(await given.arrayBuffer()));
  // What is kept is what was read: nothing else that the file holds.
  return write(head, evmCardOf(head, place), { parent: null, imported: true });
}

const file = (card: Bytes): Blob => new Blob([card], { type: "application/octet-stream" });
