import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EvmProject } from "../../protocol/evm/request";
import type { Port } from "../connection";
import { compileRequestOf, evmVersionOf } from "./compiling";
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
const SOLIDITY: EvmProject = {
  title: "Solidity",
  request: { fork: "Cancun" },
  sources: [{ name: "A.sol", language: "solidity", text: "contract A {}" }],
  abi: [],
};
const COMPILED = { ok: true, diagnostics: [], contracts: [] };
const FRAME = { codeHash: "0x01" };
const scene = (position: number) => ({ position, frames: [FRAME], stack: [] });
const SUMMARY = { fork: "Osaka", transactions: [{ refused: null }, { refused: null }, { refused: "no" }] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function opened() {
  const workers: FakeWorker[] = [];
  const compilers: FakeWorker[] = [];
  const into = (list: FakeWorker[]) => () => {
    const worker = new FakeWorker();
    list.push(worker);
    return worker;
  };
  const store = new EvmStore(into(workers), into(compilers));
  void store.open(PROJECT);
  await vi.advanceTimersByTimeAsync(0);
  const [worker] = workers;
  if (!worker) throw new Error("no worker was started");
  await worker.answer("open", SUMMARY);
  await worker.answer("select", { scene: scene(0), whole: { calls: [] }, logs: [], calls: [] });
  await worker.answer("code", { hash: "0x01", lines: [] });
  return { store, worker, workers, compilers };
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

  it("compares with the run as it was before it was changed, and with no other", async () => {
    const { store, worker } = await opened();
    expect(store.view.before).toBeNull();
    const open = async (project: EvmProject) => {
      void store.open(project);
      await vi.advanceTimersByTimeAsync(0);
      await worker.answer("open", SUMMARY);
      await worker.answer("select", { scene: scene(0), whole: { calls: [] }, logs: [], calls: [] });
    };
    const changed = { ...PROJECT, request: { fork: "Cancun" } };
    await open(changed);
    expect(store.view.before).toBe(PROJECT);
    void store.compareBefore();
    await vi.advanceTimersByTimeAsync(0);
    expect(worker.sent.at(-1)).toMatchObject({ query: { kind: "compareRun", project: PROJECT } });
    await open({ ...PROJECT, title: "Other" });
    expect(store.view.before).toBeNull();
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

  it("compiles Solidity before it opens, once for the same text, and hands over what it became", async () => {
    const { store, worker, compilers } = await opened();
    expect(compilers).toEqual([]);
    void store.open(SOLIDITY);
    await vi.advanceTimersByTimeAsync(0);
    const [compiler] = compilers;
    expect(compiler?.sent).toMatchObject([
      {
        query: {
          kind: "compile",
          request: { files: [{ name: "A.sol", text: "contract A {}" }], evmVersion: "cancun" },
        },
      },
    ]);
    compiler?.say({ type: "progress", phase: "loading", received: 5, total: 10 });
    expect(store.view.compiling).toEqual({ phase: "loading", received: 5, total: 10 });
    await compiler?.answer("compile", COMPILED);
    expect([store.view.compiling, store.view.compilation]).toEqual([null, COMPILED]);
    expect(worker.sent.at(-1)).toMatchObject({ query: { kind: "open", compiled: COMPILED } });
    expect(await store.compile(SOLIDITY)).toBe(COMPILED);
    expect(compiler?.sent.length).toBe(1);
  });

  it("keeps the old run where the text is wrong, and says where", async () => {
    const { store, worker, compilers } = await opened();
    const asked = worker.sent.length;
    void store.open(SOLIDITY);
    await vi.advanceTimersByTimeAsync(0);
    const range = { file: "A.sol", line: 1, column: 3, endLine: 1, endColumn: 4 };
    const diagnostics = [{ severity: "error", message: "Expected ;", code: "1", range, related: [] }];
    await compilers[0]?.answer("compile", { ...COMPILED, ok: false, diagnostics });
    expect(store.view.problem).toBe("A.sol, line 1, column 3: Expected ;");
    expect([store.view.busy, store.view.scene?.position, worker.sent.length]).toEqual([false, 0, asked]);
    // Who saves a moment saves the run that is shown.
    expect([store.view.project, store.executed]).toEqual([SOLIDITY, PROJECT]);
    expect(store.view.compilation?.diagnostics).toEqual(diagnostics);
  });

  it("takes a new compiler after one that was lost, and leaves the run alone", async () => {
    const { store, compilers } = await opened();
    void store.open(SOLIDITY);
    await vi.advanceTimersByTimeAsync(0);
    compilers[0]?.say({ type: "crash", message: "out of memory" });
    await vi.advanceTimersByTimeAsync(0);
    expect([store.view.lost, store.view.busy, store.view.compiling]).toEqual([false, false, null]);
    expect([store.view.problem, store.view.scene?.position]).toEqual(["The compiler was lost: out of memory", 0]);
    void store.open(SOLIDITY);
    await vi.advanceTimersByTimeAsync(0);
    expect(compilers.length).toBe(2);
  });
});

describe("what is compiled", () => {
  it("is every Solidity source, for the fork, by the settings of the project", () => {
    expect(compileRequestOf(PROJECT)).toBeNull();
    const request = compileRequestOf({ ...SOLIDITY, solidity: { optimizer: { runs: 200 }, viaIr: true } });
    expect(request).toEqual({
      files: [{ name: "A.sol", text: "contract A {}" }],
      optimizer: { runs: 200 },
      viaIr: true,
      evmVersion: "cancun",
    });
    // Names of forks as the engine takes them; what the compiler does not know is its own newest.
    expect(["Tangerine Whistle", "LONDON", "Osaka", undefined].map(evmVersionOf)).toEqual([
      "tangerineWhistle",
      "london",
      undefined,
      undefined,
    ]);
  });
});
