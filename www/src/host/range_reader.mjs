// Disk images over HTTP, piece by piece with Range requests.

import { RANGES } from "../strings/host/ranges.mjs";
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
    if (reader.size === 0) throw new UserError(RANGES.empty(url));
    return reader;
  }

  /** The size where the server hides Content-Range from pages of other origins. */
  async sizeByHead() {
    const response = await this.fetch(this.url, { method: "HEAD", headers: {} });
    const length = response.headers.get("content-length");
    if (!response.ok || length === null) {
      throw new UserError(RANGES.noSize(this.url));
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
      throw new UserError(RANGES.short(this.url, bytes.length, length));
    }
    if (versionOf(response) !== this.version) {
      throw new UserError(RANGES.changed(this.url));
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
        reason = RANGES.status(response.status);
      } catch (error) {
        if (error instanceof UserError) throw error;
        reason = error instanceof Error ? error.message : String(error);
      }
    }
    throw new UserError(RANGES.unreadable(this.url, reason));
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
    return new UserError(RANGES.noRanges(url));
  }
  return new UserError(RANGES.refused(url, status));
}
