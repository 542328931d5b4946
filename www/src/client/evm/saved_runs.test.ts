import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { COUNTER } from "../../examples/evm/counter";
import type { EvmProject } from "../../protocol/evm/request";
import type { Keeper } from "../shelf";
import { Projects } from "./saved";
import { DRAFT_MS, MOST_DRAFTS, SavedRuns } from "./saved_runs";
import type { EvmView } from "./store";

const project = (title: string, text = ""): EvmProject => ({
  title,
  request: {},
  sources: [{ name: "main", text }],
  abi: [],
});

/** An EVM that is where it was sent to. */
class FakeEvm {
  view = { project: null, index: 0, scene: null } as unknown as EvmView;
  private watcher: () => void = () => {};

  watch(watcher: () => void): () => void {
    this.watcher = watcher;
    return () => {};
  }

  private async show(part: object): Promise<void> {
    this.view = { ...this.view, ...part };
    this.watcher();
  }

  open = (opened: EvmProject) => this.show({ project: opened, index: 0, scene: { position: 0 } });
  select = (index: number) => this.show({ index, scene: { position: 0 } });
  travel = (travel: object) => this.show({ scene: { position: (travel as { to: number }).to } });
}

function desks() {
  const kept = new Map<string, string>();
  const keeper: Keeper = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
  let now = 0;
  const shelf = (key: string) => new Projects(keeper, key, () => ++now);
  const evm = new FakeEvm();
  const desk = new SavedRuns(evm, shelf("projects"), shelf("drafts"));
  /** The same browser, the page loaded anew. */
  const again = () => {
    const other = new FakeEvm();
    return { evm: other, desk: new SavedRuns(other, shelf("projects"), shelf("drafts")) };
  };
  /** In an embedded page. */
  const embedded = () => {
    const other = new FakeEvm();
    return { evm: other, desk: new SavedRuns(other, shelf("projects"), shelf("drafts"), false) };
  };
  return { evm, desk, again, keeper, embedded, kept };
}

const wait = () => vi.advanceTimersByTimeAsync(DRAFT_MS);
const names = (shelf: Projects) => shelf.all.map(({ name }) => name);

describe("the EVM's desk", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("keeps a draft of what is run, typed and walked through, and nothing of what is as it came", async () => {
    const { evm, desk, again } = desks();
    await evm.open(COUNTER.project);
    await evm.travel({ to: 5 });
    await wait();
    desk.leave();
    await evm.open(project("Blank"));
    await wait();
    expect(desk.drafts.all).toEqual([]);
    desk.typed(project("Blank", "PUSH 1"));
    await wait();
    expect(desk.drafts.all).toMatchObject([{ name: "Blank", project: { sources: [{ text: "PUSH 1" }] } }]);
    await evm.open(project("Blank", "PUSH 2"));
    await evm.travel({ to: 3 });
    await wait();
    expect(again().desk.drafts.all).toMatchObject([
      { name: "Blank", position: 3, project: { sources: [{ text: "PUSH 2" }] } },
    ]);
  });

  it("keeps nothing of an embedded page that nobody asked it to keep", async () => {
    const { embedded, kept } = desks();
    const { evm, desk } = embedded();
    await evm.open(project("Blank", "PUSH 1"));
    desk.typed(project("Blank", "PUSH 2"));
    await wait();
    desk.settle();
    expect([...kept.keys()]).toEqual([]);
    desk.save();
    await evm.travel({ to: 4 });
    await wait();
    expect([...kept.keys()]).toEqual(["projects"]);
    expect(desk.projects.named("Blank")).toMatchObject({ position: 0, project: { sources: [{ text: "PUSH 2" }] } });
  });

  it("overwrites no draft of an earlier visit, and drops the oldest of many", async () => {
    const { desk, again } = desks();
    for (let count = 0; count < MOST_DRAFTS + 1; count++) {
      const next = again();
      await next.evm.open(project("Blank", String(count)));
      await wait();
    }
    desk.drafts.refresh();
    const texts = desk.drafts.all.map((item) => item.project.sources[0]?.text).sort();
    expect(texts).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("saves under a free name, then under the same; the draft goes", async () => {
    const { evm, desk, again } = desks();
    await evm.open(project("Mine", "1"));
    await wait();
    expect(desk.save()).toBe("Mine");
    expect(names(desk.drafts)).toEqual([]);
    await evm.open(project("Mine", "2"));
    expect(desk.save()).toBe("Mine");
    const next = again();
    await next.evm.open(project("Mine", "other"));
    expect(next.desk.save()).toBe("Mine 2");
    expect(next.desk.projects.named("Mine")?.project.sources[0]?.text).toBe("2");
  });

  it("opens where the reader left, and remembers the new place without a draft", async () => {
    const { evm, desk, again } = desks();
    await evm.open(project("Mine", "1"));
    await evm.select(2);
    await evm.travel({ to: 40 });
    desk.save();
    const next = again();
    const [item] = next.desk.projects.all;
    if (!item) throw new Error("nothing was kept");
    await next.desk.open(item);
    expect(next.evm.view).toMatchObject({ index: 2, scene: { position: 40 } });
    await next.evm.travel({ to: 41 });
    await wait();
    expect(next.desk.projects.all).toMatchObject([{ position: 41, changed: item.changed }]);
    expect(next.desk.drafts.all).toEqual([]);
    // A change of it is a draft, until it is saved.
    next.desk.typed(project("Mine", "2"));
    await wait();
    expect(names(next.desk.drafts)).toEqual(["Mine"]);
    expect(next.desk.projects.named("Mine")?.project.sources[0]?.text).toBe("1");
    expect(next.desk.save()).toBe("Mine");
    expect(next.desk.projects.named("Mine")?.project.sources[0]?.text).toBe("2");
  });

  it("an example opened after a saved project of its title is another thing", async () => {
    const { evm, desk } = desks();
    desk.leave();
    await evm.open(COUNTER.project);
    expect(desk.save()).toBe("Counter");
    desk.leave();
    await evm.open({ ...COUNTER.project });
    expect(desk.save()).toBe("Counter 2");
  });

  it("tells why no draft can be kept, until it can", async () => {
    const { evm, desk, keeper } = desks();
    const { setItem } = keeper;
    keeper.setItem = () => {
      throw new Error("quota");
    };
    await evm.open(project("Mine"));
    await wait();
    expect(desk.problem).toBe("full");
    keeper.setItem = setItem;
    await evm.travel({ to: 1 });
    await wait();
    expect(desk.problem).toBeNull();
  });
});
