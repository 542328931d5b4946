// Disk images over HTTP, piece by piece with Range requests.
import { UserError } from "./user_error.mjs";

/** Bytes in a page of the machine's cache: requests are whole pages. */
export const PAGE = 64 * 1024;

/** Pages asked for at once when the machine reads on sequentially. */
const READ_AHEAD = 8;
const ATTEMPTS = 4;
const FIRST_DELAY_MS = 250;

/** @typedef {(url: string, init: {headers: Record<string, string>, method?: string}) => Promise<Response>} Fetch */
/** @typedef {(milliseconds: number) => Promise<void>} Sleep */

/** @type {Sleep} */
const realSleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** An image on a server that answers Range requests. */
export class RangeReader {
  /**
   * @param {string} url
   * @param {number} size bytes
   * @param {string | null} version entity tag or date: an image that changes under a running machine is an error
   * @param {Fetch} fetch
   * @param {Sleep} sleep
   */
  constructor(url, size, version, fetch, sleep) {
    this.url = url;
    this.size = size;
    this.version = version;
    this.fetch = fetch;
    this.sleep = sleep;
    this.nextExpected = -1;
  }

  /**
   * Asks the server for the size of an image, and whether it answers Range requests.
   * @param {string} url
   * @param {{fetch?: Fetch, sleep?: Sleep}} [using]
   */
  static async open(url, { fetch = globalThis.fetch.bind(globalThis), sleep = realSleep } = {}) {
    const reader = new RangeReader(url, 0, null, fetch, sleep);
    const response = await reader.request(0, 511);
    const total = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
    await response.arrayBuffer();
    reader.version = versionOf(response);
    reader.size = total === undefined ? await reader.sizeByHead() : Number(total);
    if (reader.size === 0) throw new UserError(`${url}: the file is empty; give a disk image`);
    return reader;
  }

  /** The size where the server hides Content-Range from pages of other origins. */
  async sizeByHead() {
    const response = await this.fetch(this.url, { method: "HEAD", headers: {} });
    const length = response.headers.get("content-length");
    if (!response.ok || length === null) {
      throw new UserError(`${this.url}: the server does not tell the size; download the image and open it as a file`);
    }
    return Number(length);
  }

  /**
   * The whole pages around a request, with more behind it when the machine reads on where it stopped.
   * @param {number} offset
   * @param {number} length
   * @returns {Promise<{offset: number, bytes: Uint8Array}>}
   */
  async pages(offset, length) {
    const start = Math.floor(offset / PAGE) * PAGE;
    const ahead = start === this.nextExpected ? READ_AHEAD * PAGE : 0;
    const end = Math.min(Math.ceil((offset + length) / PAGE) * PAGE + ahead, this.size);
    const bytes = await this.read(start, end - start);
    this.nextExpected = end;
    return { offset: start, bytes };
  }

  /**
   * Reads bytes that lie inside the image.
   * @param {number} offset
   * @param {number} length
   */
  async read(offset, length) {
    const response = await this.request(offset, offset + length - 1);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length !== length) {
      throw new UserError(
        `${this.url}: the server sent ${bytes.length} of ${length} bytes; try again or use a local file`,
      );
    }
    if (versionOf(response) !== this.version) {
      throw new UserError(`${this.url}: the image changed on the server; start the machine again`);
    }
    return bytes;
  }

  /**
   * One Range request, tried again when the connection or the server fails.
   * @param {number} first
   * @param {number} last
   */
  async request(first, last) {
    let reason = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await this.sleep(FIRST_DELAY_MS * 2 ** (attempt - 1));
      try {
        const response = await this.fetch(this.url, { headers: { Range: `bytes=${first}-${last}` } });
        if (response.status === 206) return response;
        await response.body?.cancel();
        if (response.status < 500 && response.status !== 429) throw refused(this.url, response.status);
        reason = `HTTP status ${response.status}`;
      } catch (error) {
        if (error instanceof UserError) throw error;
        reason = error instanceof Error ? error.message : String(error);
      }
    }
    throw new UserError(
      `${this.url}: cannot be read (${reason}); check the address, the connection and CORS, then retry`,
    );
  }
}

/** @param {Response} response */
function versionOf(response) {
  return response.headers.get("etag") ?? response.headers.get("last-modified");
}

/**
 * @param {string} url
 * @param {number} status
 */
function refused(url, status) {
  if (status >= 200 && status < 300) {
    return new UserError(`${url}: the server does not answer Range requests; download the image and open it as a file`);
  }
  return new UserError(`${url}: the server answered with status ${status}; check the address`);
}
