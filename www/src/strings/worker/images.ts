/** What is wrong with an image: a disk, floppy, CD, firmware or kernel. */
export const IMAGES = {
  tooLarge: (name: string, bytes: number) => `${name}: is too large here (${bytes} bytes)`,
  unreadable: (name: string) => `${name}: cannot be read; it may have been moved or is a folder: choose it again`,
  unloadable: (url: string, why: string) =>
    `${url}: cannot be loaded (${why}); check the address, the connection and CORS`,
  refused: (url: string, status: number) => `${url}: the server answered with status ${status}; check the address`,
  tooLargeWhole: (url: string) => `${url}: is too large to be loaded whole`,
  cutOff: (url: string, loaded: number) =>
    `${url}: the download ended after ${loaded} bytes; check the connection and start again`,
  lost: (name: string) => `${name}: cannot be read any more; it was changed or moved`,
  shorterThanFloppy: (url: string) => `${url}: is shorter than a floppy; download it and open it as a file`,
  emptyDrive: (drive: string) => `${drive}: the drive is empty`,
  saving: (drive: string) => `saving ${drive}`,
  unreadableDrive: (drive: string) => `${drive}: the image cannot be read`,
  noBlock: "A disk cannot be read.",
} as const;
