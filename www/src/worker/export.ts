import { UserError } from "../host/user_error.mjs";
import type { DriveName } from "../protocol/machine_spec";
import { IMAGES } from "../strings/worker/images";
import { type Assembled, mediumKey } from "./assembly";
import type { Progress } from "./media";

const PIECE = 1024 * 1024;

/** A disk or floppy as the guest left it. The machine must rest meanwhile, or the copy is of no single moment. */
export async function exportImage(machine: Assembled, drive: DriveName, progress: Progress): Promise<Blob> {
  const size = machine.pc.driveLength(drive);
  if (size === 0) throw new UserError(IMAGES.emptyDrive(drive));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let offset = 0; offset < size; offset += PIECE) {
    pieces.push(await piece(machine, drive, offset, Math.min(PIECE, size - offset)));
    progress(IMAGES.saving(drive), offset, size);
  }
  progress(IMAGES.saving(drive), size, size);
  return new Blob(pieces, { type: "application/octet-stream" });
}

async function piece(machine: Assembled, drive: DriveName, offset: number, length: number) {
  const { pc, readers } = machine;
  for (;;) {
    const bytes = pc.exportDrive(drive, offset, length);
    if (bytes) return bytes as Uint8Array<ArrayBuffer>;
    const reader = readers.get(mediumKey(pc, drive));
    if (!reader) throw new UserError(pc.takeDiskFailure() ?? IMAGES.unreadableDrive(drive));
    const pages = await reader.pages(pc.missingOffset, pc.missingLength);
    pc.supply(drive, pages.offset, pages.bytes);
  }
}
