// The card of a moment of the EVM. It holds the whole moment: by the project and the place in it the run is made again.
import { UserError } from "../../host/user_error.mjs";
import type { EvmPlace } from "../../protocol/links";
import { Refusal } from "../../protocol/schema";
import { EVM_MOMENT } from "../../strings/worker/moments/evm";
import { evmPlace } from "../links/check";
import { type Head, readHead, refuse, written } from "./card";

type Bytes = Uint8Array<ArrayBuffer>;

/** The most bytes of a card: a project and its world state. */
export const LARGEST_EVM = 8 << 20;

/** A moment of the EVM as a card. */
export const evmCardOf = (head: Head, place: EvmPlace): Bytes => written(head, { evm: place });

/**
 * A moment that this page is about to keep, as a card that will be read again.
 * @throws UserError if it would not
 */
export function keptEvmCard(head: Head, place: EvmPlace): Bytes {
  const bytes = evmCardOf(head, place);
  if (bytes.length > LARGEST_EVM) throw new UserError(EVM_MOMENT.tooLarge);
  try {
    evmPlace(place, "evm");
  } catch (error) {
    if (error instanceof Refusal) throw new UserError(EVM_MOMENT.refused(error.path));
    throw error;
  }
  return bytes;
}

/**
 * Reads the card of a moment of the EVM, by the checks that links have.
 * @throws UserError
 */
export function readEvmCard(bytes: Bytes): { head: Head; place: EvmPlace } {
  const { head, all } = readHead(bytes, LARGEST_EVM);
  let place: EvmPlace;
  try {
    place = evmPlace(all.evm, "evm");
  } catch (error) {
    return error instanceof Refusal ? refuse(error.path) : refuse("evm");
  }
  if (head.instruction !== place.position) refuse("instruction");
  return { head, place };
}
