/** What is wrong with an image at an address; said by the page and by the terminal. */
export const RANGES = {
  /** @type {(url: string) => string} */
  empty: (url) => `${url}: the file is empty; give a disk image`,
  /** @type {(url: string) => string} */
  noSize: (url) => `${url}: the server does not tell the size; download the image and open it as a file`,
  /** @type {(url: string, given: number, wanted: number) => string} */
  short: (url, given, wanted) => `${url}: the server sent ${given} of ${wanted} bytes; try again or use a local file`,
  /** @type {(url: string) => string} */
  changed: (url) => `${url}: the image changed on the server; start the machine again`,
  /** @type {(status: number) => string} */
  status: (status) => `HTTP status ${status}`,
  /** @type {(url: string, why: string) => string} */
  unreadable: (url, why) => `${url}: cannot be read (${why}); check the address, the connection and CORS, then retry`,
  /** @type {(url: string) => string} */
  noRanges: (url) => `${url}: the server does not answer Range requests; download the image and open it as a file`,
  /** @type {(url: string, status: number) => string} */
  refused: (url, status) => `${url}: the server answered with status ${status}; check the address`,
};
