import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection, type ConnectionEvent, type Port } from "./connection";

/** A worker that keeps what it is sent, and says what the test says. */
class FakeWorker implements Port {
  readonly sent: { type: string; id?: number }[] = [];
  terminated = false;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;

  postMessage(message: unknown): void {
    this.sent.push(message as { type: string });
  }

  terminate(): void {
    this.terminated = true;
  }

  say(event: object): void {
    this.onmessage?.({ data: event } as MessageEvent);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function connect() {
  const worker = new FakeWorker();
  const events: ConnectionEvent[] = [];
  return { worker, events, connection: new Connection(worker, (event) => events.push(event)) };
}

describe("connection", () => {
  it("passes events on and answers questions", async () => {
    const { worker, events, connection } = connect();
    worker.say({ type: "ready" });
    const hash = connection.ask({ kind: "stateHash" });
    worker.say({ type: "answer", id: worker.sent.at(-1)?.id, value: "abc" });
    expect(await hash).toBe("abc");
    const refused = connection.ask({ kind: "registers" });
    worker.say({ type: "refused", id: worker.sent.at(-1)?.id, message: "no machine" });
    await expect(refused).rejects.toThrow("no machine");
    expect(events).toEqual([{ type: "ready" }]);
  });

  it("notices a worker that hangs, once, and ends it", async () => {
    const { worker, events, connection } = connect();
    const question = connection.ask({ kind: "registers" });
    question.catch(() => {});
    vi.advanceTimersByTime(30_000);
    expect(worker.terminated).toBe(true);
    expect(events.map(({ type }) => type)).toEqual(["lost"]);
    await expect(question).rejects.toThrow("gone");
    await expect(connection.ask({ kind: "registers" })).rejects.toThrow("gone");
  });

  it("trusts a worker that answers", () => {
    const { worker, events } = connect();
    for (let second = 0; second < 60; second++) {
      vi.advanceTimersByTime(1000);
      worker.say({ type: "pong" });
    }
    expect(events).toEqual([]);
  });

  it("notices a crash", () => {
    const { worker, events } = connect();
    worker.say({ type: "crash", message: "index out of bounds" });
    expect(events).toEqual([{ type: "lost", message: "index out of bounds" }]);
    expect(worker.terminated).toBe(true);
  });
});
