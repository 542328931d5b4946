import { RECORD_BYTES } from "../protocol/timeline";

const KEY = "glassbox.record";
const MIB = 1 << 20;

/** MiB that a reader may give to the record of a machine; 0 records nothing. */
export const RECORD_SIZES = [0, 64, 128, 256, 512, 1024] as const;

/** Bytes that the records of the machines to come may take, as the reader chose; storage may hold anything, or be refused. */
export function recordBytes(): number {
  try {
    const chosen = RECORD_SIZES.find((size) => String(size) === localStorage.getItem(KEY));
    return chosen === undefined ? RECORD_BYTES : chosen * MIB;
  } catch {
    return RECORD_BYTES;
  }
}

/** Remembers a choice; gives it in bytes. */
export function chooseRecord(mib: (typeof RECORD_SIZES)[number]): number {
  try {
    localStorage.setItem(KEY, String(mib));
  } catch {
    // It holds for the machine that is there.
  }
  return mib * MIB;
}
