import { describe, expect, it } from "vitest";
import type { Command } from "../protocol/command";
import type { MachineSpec } from "../protocol/machine_spec";
import type { StopSpec, StopView } from "../protocol/stops";
import { FloppyMachine } from "./nasm_machine";
import type { Store, View } from "./store";

const NONE = { name: "mine.asm", text: "", labels: [], lines: [] };

/** A store and stops that do as they are told. */
function machineWith() {
  let view = { spec: null, state: "off" } as unknown as View;
  const commands: Command[] = [];
  const watchers: (() => void)[] = [];
  const set = (part: Partial<View>) => {
    view = { ...view, ...part };
    for (const watcher of watchers) watcher();
  };
  let list: StopView[] = [];
  const change = async (next: StopView[]) => {
    await Promise.resolve();
    list = next;
    for (const watcher of stopWatchers) watcher();
    return [];
  };
  const stopWatchers: (() => void)[] = [];
  const store = {
    get view() {
      return view;
    },
    watch: (watcher: () => void) => watchers.push(watcher),
    boot: () => {},
    send: (command: Command) => commands.push(command),
  } as unknown as Store;
  const stops = {
    get list() {
      return list;
    },
    watch: (watcher: () => void) => {
      stopWatchers.push(watcher);
      return () => {};
    },
    at: (linear: number) => list.findIndex(({ at }) => at === linear.toString(16)),
    add: (spec: StopSpec) => change([...list, { ...spec, hits: 0 }]),
    remove: (index: number) => change(list.filter((_, at) => at !== index)),
  };
  const machine = new FloppyMachine(store, stops, (_, title) => ({ title }) as MachineSpec);
  return { machine, set, commands, addresses: () => list.map(({ at }) => at), stops };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("the machine of the desk", () => {
  it("has its stops set and then goes to the boot sector, once it is there", async () => {
    const { machine, set, commands, addresses } = machineWith();
    const spec = machine.boot(new Uint8Array(), "mine", NONE);
    machine.setBreakpoints([0x7c05, 0x7c10]);
    set({ spec, state: "loading" });
    await settle();
    expect(machine.current()).toBe(spec);
    expect([addresses(), machine.breakpoints(), commands]).toEqual([[], null, []]);
    set({ state: "paused" });
    await settle();
    expect(addresses()).toEqual(["7c05", "7c10"]);
    expect(machine.breakpoints()).toEqual([0x7c05, 0x7c10]);
    expect(commands).toEqual([{ type: "stepBy", kind: "to", to: "7c00" }]);
    set({ state: "running" });
    set({ state: "paused" });
    await settle();
    expect(commands).toHaveLength(1);
  });

  it("removes its own stops when they are not wanted any more, and no others", async () => {
    const { machine, set, addresses, stops } = machineWith();
    set({ spec: machine.boot(new Uint8Array(), "mine", NONE), state: "paused" });
    machine.setBreakpoints([1, 2]);
    await settle();
    await stops.add({ kind: "execute", at: "3" } as StopSpec);
    machine.setBreakpoints([2, 4]);
    await settle();
    expect(addresses()).toEqual(["2", "3", "4"]);
    await stops.remove(0);
    machine.setBreakpoints([2]);
    await settle();
    expect(addresses()).toEqual(["3", "2"]);
  });

  it("is another one when the page boots something else", () => {
    const { machine, set } = machineWith();
    const spec = machine.boot(new Uint8Array(), "mine", NONE);
    set({ spec, state: "paused" });
    set({ spec: { title: "other" } as MachineSpec });
    expect(machine.current()).not.toBe(spec);
  });
});
