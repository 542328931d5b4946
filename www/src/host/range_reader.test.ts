import { describe, expect, it } from "vitest";
import { type Fetch, PAGE, RangeReader } from "./range_reader.mjs";

const SIZE = 40 * PAGE + 512;
const URL = "http://host/disk.img";
const image = Uint8Array.from({ length: SIZE }, (_, at) => (at >> 9) & 0xff);

interface Server {
  readonly requests: string[];
  readonly slept: number[];
  open(): Promise<RangeReader>;
}

/** A server that answers like RFC 9110, section 14, unless `behave` answers first. */
function server(behave: (range: string, count: number) => Response | undefined = () => undefined): Server {
  const requests: string[] = [];
  const slept: number[] = [];
  const fetch: Fetch = async (_url, { headers, method }) => {
    const range = method ?? headers.Range ?? "";
    requests.push(range);
    const special = behave(range, requests.length);
    if (special) return special;
    const [, first, last] = /bytes=(\d+)-(\d+)/.exec(range) ?? [];
    const end = Math.min(Number(last) + 1, SIZE);
    return new Response(image.slice(Number(first), end), {
      status: 206,
      headers: { "content-range": `bytes ${first}-${end - 1}/${SIZE}`, etag: '"1"' },
    });
  };
  const sleep = async (milliseconds: number) => void slept.push(milliseconds);
  return { requests, slept, open: () => RangeReader.open(URL, { fetch, sleep }) };
}

describe("images over HTTP", () => {
  it("finds the size and reads whole pages around a request", async () => {
    const reader = await server().open();
    expect(reader.size).toBe(SIZE);
    const pages = await reader.pages(PAGE + 512, 1024);
    expect(pages.offset).toBe(PAGE);
    expect(pages.bytes).toEqual(image.subarray(PAGE, 2 * PAGE));
  });

  it("reads ahead when requests follow one another", async () => {
    const reader = await server().open();
    await reader.pages(0, 512);
    expect((await reader.pages(PAGE, 512)).bytes.length).toBe(9 * PAGE);
    expect((await reader.pages(30 * PAGE, 512)).bytes.length).toBe(PAGE);
  });

  it("gives the short last page", async () => {
    const reader = await server().open();
    expect((await reader.pages(40 * PAGE, 512)).bytes).toEqual(image.subarray(40 * PAGE));
  });

  it("asks by HEAD where Content-Range is hidden", async () => {
    const reader = await server((range) => {
      if (range === "HEAD") return new Response(null, { headers: { "content-length": String(SIZE) } });
      return new Response(image.slice(0, 512), { status: 206 });
    }).open();
    expect(reader.size).toBe(SIZE);
  });

  it("tries again, ever later, when the server fails", async () => {
    const flaky = server((_, count) => (count === 2 || count === 3 ? new Response(null, { status: 503 }) : undefined));
    const reader = await flaky.open();
    expect((await reader.pages(0, 512)).bytes.length).toBe(PAGE);
    expect(flaky.slept).toEqual([250, 500]);
  });

  it.each<[string, (range: string, count: number) => Response | undefined, string]>([
    ["no Range support", () => new Response("x", { status: 200 }), "does not answer Range requests"],
    ["a missing file", () => new Response(null, { status: 404 }), "status 404"],
    ["a server that stays broken", () => new Response(null, { status: 500 }), "HTTP status 500"],
    [
      "a connection that breaks",
      () => {
        throw new TypeError("Failed to fetch");
      },
      "Failed to fetch",
    ],
    ["no size", (range) => new Response(null, { status: range === "HEAD" ? 200 : 206 }), "does not tell the size"],
  ])("says what is wrong: %s", async (_, behave, part) => {
    const error = await server(behave)
      .open()
      .catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toContain(part);
    expect((error as Error).message).toMatch(/^http:\/\/host\/disk\.img: .*$/);
  });

  it("notices a short answer and a changed image", async () => {
    const etag = (tag: string) => ({ status: 206, headers: { etag: tag } });
    const short = await server((_, count) => (count > 1 ? new Response("x", etag('"1"')) : undefined)).open();
    await expect(short.pages(0, 512)).rejects.toThrow("sent 1 of");
    const changed = await server((_, count) =>
      count > 1 ? new Response(new Uint8Array(PAGE), etag('"2"')) : undefined,
    ).open();
    await expect(changed.pages(0, 512)).rejects.toThrow("changed on the server");
  });
});
