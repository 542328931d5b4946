/** A 1.44 MB floppy, in bytes. */
export const FLOPPY_BYTES = 1_474_560;
const SECTOR_BYTES = 512;
const SIGNATURE = [0x55, 0xaa] as const;

/** Why the BIOS would not boot an image. */
export type Unbootable = "empty" | "tooLarge" | "noSignature";

/** What is wrong with an image that shall be booted from a floppy, or undefined if nothing is. */
export function unbootable(image: Uint8Array): Unbootable | undefined {
  if (image.length === 0) return "empty";
  if (image.length > FLOPPY_BYTES) return "tooLarge";
  const at = SECTOR_BYTES - SIGNATURE.length;
  const signed = SIGNATURE.every((byte, index) => image[at + index] === byte);
  return signed ? undefined : "noSignature";
}

/** The image as a whole floppy: its length tells the BIOS how many sectors a track has. */
export function floppyOf(image: Uint8Array): Uint8Array<ArrayBuffer> {
  const floppy = new Uint8Array(FLOPPY_BYTES);
  floppy.set(image);
  return floppy;
}
