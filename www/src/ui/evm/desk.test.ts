import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EvmStore, EvmView } from "../../client/evm/store";
import type { EvmProject } from "../../protocol/evm/request";
import { EvmDesk, hasStop, type SourceFault } from "./desk";
import { NEW_ASSEMBLER, NEW_SOLIDITY } from "./transaction_form";

const PROJECT: EvmProject = {
  title: "One",
  request: { fork: "Osaka", transactions: [{ data: "@a" }, { to: "0x01", data: "0x02" }] },
  sources: [
    { name: "a", text: "STOP" },
    { name: "b", text: "ADD" },
  ],
  abi: ["f()"],
};

/** A store that opens nothing, and says what it was asked to. */
class FakeStore {
  view: Partial<EvmView> = { project: null, forks: ["London", "Osaka"] };
  readonly opened: EvmProject[] = [];
  private watcher: () => void = () => undefined;

  watch(watcher: () => void): () => void {
    this.watcher = watcher;
    return () => undefined;
  }

  open(project: EvmProject): void {
    this.opened.push(project);
    this.show(project);
  }

  show(project: EvmProject): void {
    this.view = { ...this.view, project };
    this.watcher();
  }
}

const fault = (message: string): SourceFault => ({ file: "a", line: 1, column: 1, severity: "error", message });

function made(checker = vi.fn(async () => [] as readonly SourceFault[])) {
  const store = new FakeStore();
  const desk = new EvmDesk(store as unknown as EvmStore, checker);
  desk.watch(() => undefined);
  store.show(PROJECT);
  return { store, desk, checker };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the desk of the EVM's page", () => {
  it("takes what is opened elsewhere, and gives it back unchanged", () => {
    const { desk, store } = made();
    desk.run();
    expect(store.opened).toEqual([PROJECT]);
  });

  it("keeps what is typed while its own run is shown, and its breakpoints", () => {
    const { desk, store } = made();
    desk.editSource(0, { text: "PUSH0" }, true);
    desk.toggleStop({ file: "a", line: 1 });
    const { shown } = desk.view;
    desk.run();
    desk.editSource(0, { text: "PUSH0 POP" }, true);
    store.show(store.opened[0] as EvmProject);
    expect([desk.source?.text, desk.view.shown, desk.view.stops.length]).toEqual(["PUSH0 POP", shown, 1]);
    store.show({ ...PROJECT, title: "Two" });
    expect([desk.source?.text, desk.view.stops.length]).toEqual(["STOP", 0]);
  });

  it("renames a source with all that names it, and refuses a name that is taken", () => {
    const { desk } = made();
    desk.toggleStop({ file: "a", line: 3 });
    expect(desk.rename(0, "b")).not.toBe("");
    expect(desk.rename(0, " ")).not.toBe("");
    expect(desk.rename(0, "c")).toBe("");
    expect(desk.view.draft.transactions.map(({ data }) => data)).toEqual(["@c", "0x02"]);
    expect(desk.linesOf("c")).toEqual([3]);
  });

  it("gives new sources names of their own, and shows them", () => {
    const { desk } = made();
    for (const source of [NEW_ASSEMBLER, NEW_ASSEMBLER, NEW_SOLIDITY, NEW_SOLIDITY]) desk.add(source);
    const names = desk.view.draft.sources.map(({ name }) => name);
    expect(names).toEqual(["a", "b", "contract", "contract2", "Counter.sol", "Counter2.sol"]);
    expect(desk.view.active).toBe(5);
    desk.remove(5);
    desk.remove(0);
    expect(desk.source?.name).toBe("Counter.sol");
  });

  it("checks once for what was typed last, and drops what came too late", async () => {
    const answers: ((faults: readonly SourceFault[]) => void)[] = [];
    const checker = vi.fn(() => new Promise<readonly SourceFault[]>((resolve) => answers.push(resolve)));
    const { desk } = made(checker);
    desk.editSource(0, { text: "X" }, true);
    desk.editSource(0, { text: "XY" }, true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(checker).toHaveBeenCalledTimes(1);
    desk.editSource(0, { text: "XYZ" }, true);
    await vi.advanceTimersByTimeAsync(1000);
    answers[0]?.([fault("old")]);
    await vi.advanceTimersByTimeAsync(0);
    expect([desk.view.checked, desk.view.faults]).toEqual([false, []]);
    answers[1]?.([fault("new")]);
    await vi.advanceTimersByTimeAsync(0);
    expect([desk.view.checked, desk.view.faults.map(({ message }) => message)]).toEqual([true, ["new"]]);
  });

  it("tells breakpoints on lines and at instructions apart", () => {
    const { desk } = made();
    desk.toggleStop({ file: "a", line: 1 });
    desk.toggleStop({ code: "0xaa", pc: 1 });
    expect(hasStop(desk.view.stops, { code: "0xaa", pc: 1 })).toBe(true);
    desk.setLines("a", [4, 5]);
    desk.toggleStop({ code: "0xaa", pc: 1 });
    expect(desk.view.stops).toEqual([
      { file: "a", line: 4 },
      { file: "a", line: 5 },
    ]);
  });

  it("says which field is no JSON instead of running it", () => {
    const { desk, store } = made();
    desk.edit({ block: "{" });
    desk.run();
    expect(store.opened).toEqual([]);
    expect(desk.view.problem).toMatch(/Block .*not JSON/);
  });
});
