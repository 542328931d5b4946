import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EvmProject } from "../../protocol/evm/request";
import type { Port } from "../connection";
import { EvmStore } from "./store";

interface Sent {
  readonly type: string;
  readonly id: number;
  readonly query: { readonly kind: string; readonly index?: number; readonly travel?: unknown };
}

/** A worker that answers when the test says so. */
class FakeWorker implements Port {
  readonly sent: Sent[] = [];
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  terminated = false;

  postMessage(message: unknown): void {
    this.sent.push(message as Sent);
  }

  terminate(): void {
    this.terminated = true;
  }

  say(data: object): void {
    this.onmessage?.({ data } as MessageEvent);
  }

  /** Answers the last question of a kind. */
  async answer(kind: string, value: unknown): Promise<void> {
    const asked = this.sent.findLast((sent) => sent.query?.kind === kind);
    this.say({ type: "answer", id: asked?.id, value });
    await vi.advanceTimersByTimeAsync(0);
  }
}

const PROJECT: EvmProject = { title: "One", request: {}, sources: [], abi: [] };
const FRAME = { codeHash: "0x01" };
const scene = (position: number) => ({ position, frames: [FRAME], stack: [] });
const SUMMARY = { fork: "Osaka", transactions: [{ refused: null }, { refused: null }, { refused: "no" }] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function opened() {
  const workers: FakeWorker[] = [];
  const store = new EvmStore(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  });
  void store.open(PROJECT);
  await vi.advanceTimersByTimeAsync(0);
  const [worker] = workers;
  if (!worker) throw new Error("no worker was started");
  await worker.answer("open", SUMMARY);
  await worker.answer("select", { scene: scene(0), whole: { calls: [] }, logs: [], calls: [] });
  await worker.answer("code", { hash: "0x01", lines: [] });
  return { store, worker, workers };
}

describe("the EVM's store", () => {
  it("opens at the last transaction that was not refused, with its code", async () => {
    const { store, worker } = await opened();
    expect(worker.sent.find(({ query }) => query?.kind === "select")?.query.index).toBe(1);
    expect([store.view.index, store.view.busy, store.view.code?.hash]).toEqual([1, false, "0x01"]);
  });

  it("makes movements one after the other, and keeps the moment before", async () => {
    const { store, worker } = await opened();
    void store.travel({ to: 1 });
    void store.travel({ to: 2 });
    await vi.advanceTimersByTimeAsync(0);
    const travels = () => worker.sent.filter(({ query }) => query?.kind === "travel").map(({ query }) => query.travel);
    expect(travels()).toEqual([{ to: 1 }]);
    await worker.answer("travel", { arrived: "there", scene: scene(1) });
    expect(travels()).toEqual([{ to: 1 }, { to: 2 }]);
    expect([store.view.scene?.position, store.view.previous?.position]).toEqual([1, 0]);
  });

  it("drops answers about a run that was replaced", async () => {
    const { store, worker } = await opened();
    void store.travel({ to: 5 });
    await vi.advanceTimersByTimeAsync(0);
    const late = worker.sent.at(-1)?.id;
    void store.open({ ...PROJECT, title: "Two" });
    await vi.advanceTimersByTimeAsync(0);
    worker.say({ type: "answer", id: late, value: { arrived: "there", scene: scene(5) } });
    await vi.advanceTimersByTimeAsync(0);
    expect([store.view.scene?.position, store.view.project?.title]).toEqual([0, "Two"]);
  });

  it("shows why something failed, and stays where it was", async () => {
    const { store, worker } = await opened();
    void store.open({ ...PROJECT, title: "Bad" });
    await vi.advanceTimersByTimeAsync(0);
    worker.say({ type: "refused", id: worker.sent.at(-1)?.id, message: "line 1: what is that" });
    await vi.advanceTimersByTimeAsync(0);
    expect([store.view.problem, store.view.busy, store.view.scene?.position]).toEqual([
      "line 1: what is that",
      false,
      0,
    ]);
    store.dismiss();
    expect(store.view.problem).toBe("");
  });

  it("takes a new worker after one that hung, or crashed", async () => {
    const { store, worker, workers } = await opened();
    await vi.advanceTimersByTimeAsync(30_000);
    expect([worker.terminated, store.view.lost, store.view.scene]).toEqual([true, true, null]);
    expect(store.view.project?.title).toBe("One");
    void store.open(PROJECT);
    await vi.advanceTimersByTimeAsync(0);
    expect([workers.length, store.view.lost]).toEqual([2, false]);
    workers[1]?.say({ type: "crash", message: "unreachable" });
    expect([store.view.lost, store.view.problem]).toEqual([true, "unreachable"]);
  });
});
