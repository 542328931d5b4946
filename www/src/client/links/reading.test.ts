import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LinkEvent, LinkMoment } from "../../protocol/links";
import type { Port } from "../connection";
import { LinkRefused, LOAD_MS, READ_MS, readLink } from "./reading";

/** A worker that says what the test has it say. */
class FakeWorker implements Port {
  readonly sent: unknown[] = [];
  ended = false;
  onmessage: Port["onmessage"] = null;
  onerror: Port["onerror"] = null;

  postMessage(message: unknown): void {
    this.sent.push(message);
  }

  terminate(): void {
    this.ended = true;
  }

  say(event: LinkEvent): void {
    this.onmessage?.({ data: event } as MessageEvent<LinkEvent>);
  }
}

function reading() {
  const worker = new FakeWorker();
  const result = readLink("#evm1.x", () => worker).then(
    (link) => ({ link }),
    (error: unknown) => ({ why: error instanceof LinkRefused ? error.why : error }),
  );
  return { worker, result };
}

describe("reading a link", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("asks a worker that is ready, and ends it", async () => {
    const { worker, result } = reading();
    expect(worker.sent).toEqual([]);
    worker.say({ type: "ready" });
    expect(worker.sent).toEqual(["#evm1.x"]);
    const link = { engine: "evm" } as LinkMoment;
    worker.say({ type: "read", link, unpacked: 5 });
    expect(await result).toEqual({ link: { link, unpacked: 5 } });
    expect(worker.ended).toBe(true);
  });

  it("ends a worker that takes longer than a second", async () => {
    const { worker, result } = reading();
    worker.say({ type: "ready" });
    await vi.advanceTimersByTimeAsync(READ_MS);
    expect(await result).toEqual({ why: { kind: "tooSlow" } });
    expect(worker.ended).toBe(true);
  });

  it("passes on why it was refused", async () => {
    const { worker, result } = reading();
    worker.say({ type: "ready" });
    worker.say({ type: "refused", why: { kind: "field", path: "link.note" } });
    expect(await result).toEqual({ why: { kind: "field", path: "link.note" } });
  });

  it("says so if the worker breaks, or does not come", async () => {
    const broken = reading();
    broken.worker.onerror?.({} as ErrorEvent);
    expect(await broken.result).toEqual({ why: { kind: "noReader" } });
    const { worker, result } = reading();
    await vi.advanceTimersByTimeAsync(LOAD_MS);
    expect(await result).toEqual({ why: { kind: "noReader" } });
    expect(worker.ended).toBe(true);
  });
});
