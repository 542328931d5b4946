import { UserError } from "../host/user_error.mjs";
import type { DriveName } from "../protocol/machine_spec";
import { IMAGES } from "../strings/worker/images";
import { type Assembled, mediumKey } from "./assembly";

/** Whole pages of an image, as a reader gives them. */
interface Pages {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A block of an image at an address, for which the machine waits. */
export interface MissingBlock {
  readonly url: string;
  readonly load: () => Promise<Pages>;
  /** Brings it to the machine, unless another medium was put into the drive since. */
  readonly supply: (pages: Pages) => void;
}

/**
 * The block for which the machine waits, of the medium that is in the drive then: going back puts former ones in.
 * @throws UserError if it cannot come from anywhere
 */
export function missingBlock({ pc, readers }: Assembled): MissingBlock {
  const { requestDrive, requestOffset: offset, requestLength: length } = pc;
  const drive = requestDrive as DriveName | undefined;
  const medium = drive && mediumKey(pc, drive);
  const reader = medium && readers.get(medium);
  if (!drive || !reader) throw new UserError(pc.takeDiskFailure() ?? IMAGES.noBlock);
  return {
    url: reader.url,
    load: () => reader.pages(offset, length),
    supply: (pages) => {
      if (mediumKey(pc, drive) === medium) pc.supply(drive, pages.offset, pages.bytes);
    },
  };
}
