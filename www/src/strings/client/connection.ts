/** What goes wrong at the page's end of a machine: connection, guests, assembler, `window.glassbox`. */
export const CLIENT = {
  noGuest: (name: string, guests: string) => `no guest is called ${name}; there are: ${guests}`,
  inGallery: "it is opened in the gallery: it needs files, or is of the EVM",
  notStarted: "the worker could not be started",
  gone: "the worker is gone",
  hung: "it has not answered for ten seconds",
  status: (path: string, status: number) => `${path}: status ${status}`,
  otherAnswer: "the assembler gave another answer than was asked for",
  tooLong: "the text takes too long to assemble",
  notLoaded: "the assembler could not be loaded",
  none: "there is no machine",
} as const;
