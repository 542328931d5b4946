/** What is wrong with a disk or an amount of memory; said by the page and by the terminal. */
export const IMAGE_CHECKS = {
  /** @type {(name: string) => string} */
  empty: (name) => `${name}: the file is empty; give a disk image`,
  /** @type {(name: string, format: string) => string} */
  packed: (name, format) => `${name}: is packed with ${format}; unpack it first`,
  /** @type {(name: string, format: string) => string} */
  foreign: (name, format) => `${name}: is a ${format} image; convert it: qemu-img convert -O raw ${name} disk.img`,
  /** @type {(name: string, size: number) => string} */
  sectors: (name, size) =>
    `${name}: ${size} bytes are not whole 512-byte sectors; the image is truncated or no disk image`,
  /** @type {(name: string) => string} */
  notCd: (name) => `${name}: has no ISO 9660 volume descriptor; give a CD-ROM image (.iso)`,
  /** @type {(name: string, size: number) => string} */
  cdSectors: (name, size) => `${name}: ${size} bytes are not whole sectors; the image is truncated`,
  /** @type {(name: string, size: number) => string} */
  tooManyForFloppy: (name, size) =>
    `${name}: ${size} bytes are too many for a floppy (at most 1.44 MB); use it as a hard disk`,
  /** @type {(name: string) => string} */
  tooLarge: (name) => `${name}: is larger than 128 GiB, the most an IDE disk with 28-bit addresses holds`,
  /** @type {(field: string) => string} */
  memory: (field) => `${field}: give whole megabytes from 1 to 2048`,
};
