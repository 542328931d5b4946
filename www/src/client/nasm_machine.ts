import type { ProgramSymbols } from "../protocol/inspection";
import type { MachineSpec } from "../protocol/machine_spec";
import type { BootsFloppies } from "./nasm_desk";
import { BOOT_ADDRESS } from "./nasm_source_map";
import { executeAt, type Stops, stopSpec } from "./stops";
import type { Store } from "./store";

/** The page's machine as the desk uses it: boots floppies, runs the BIOS through, and sets stops for lines. */
export class FloppyMachine implements BootsFloppies {
  /** Booted, but not there yet. */
  private arriving: MachineSpec | null = null;
  /** Addresses on which the desk has set stops: others are not its to remove. */
  private mine: ReadonlySet<number> = new Set();
  private wanted: readonly number[] = [];
  private syncing = false;
  /** Others may be wanted than when the last change began. */
  private due = false;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly store: Pick<Store, "view" | "watch" | "boot" | "send">,
    private readonly stops: Pick<Stops, "list" | "watch" | "at" | "add" | "remove">,
    private readonly specOf: (floppy: Uint8Array<ArrayBuffer>, title: string) => MachineSpec,
  ) {
    store.watch(() => this.moved());
    stops.watch(() => this.tell());
  }

  boot(floppy: Uint8Array<ArrayBuffer>, title: string, symbols: ProgramSymbols): MachineSpec {
    const spec = { ...this.specOf(floppy, title), symbols };
    this.arriving = spec;
    this.store.boot(spec, true);
    return spec;
  }

  current(): MachineSpec | null {
    return this.arriving ?? this.store.view.spec;
  }

  setBreakpoints(addresses: readonly number[]): void {
    this.wanted = addresses;
    void this.sync();
  }

  /** Linear addresses with a stop on their execution; null while the desk's own are not all set yet. */
  breakpoints(): readonly number[] | null {
    if (this.arriving || this.syncing) return null;
    const found = this.stops.list.filter(({ kind, at }) => kind === "execute" && /^[0-9a-f]{1,8}$/i.test(at));
    return found.map(({ at }) => Number.parseInt(at, 16));
  }

  watchBreakpoints(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** The machine came as it was switched on: the BIOS has to load the first sector before there is anything to see. */
  private moved(): void {
    const { spec, state } = this.store.view;
    if (!this.arriving || spec !== this.arriving || state !== "paused") return;
    this.arriving = null;
    void this.sync().then(() => {
      if (this.store.view.spec === spec) this.store.send({ type: "stepBy", kind: "to", to: executeAt(BOOT_ADDRESS) });
    });
  }

  /** Sets and removes stops one by one, until those are set that are wanted now. */
  private async sync(): Promise<void> {
    this.due = true;
    if (this.arriving || this.syncing) return;
    this.syncing = true;
    try {
      while (this.due) {
        this.due = false;
        while (await this.change());
      }
    } catch {
      // The machine went away: its stops are set anew with the next one.
    } finally {
      this.syncing = false;
      this.tell();
    }
  }

  /** Does one change; false when there is none to do. */
  private async change(): Promise<boolean> {
    const { stops, wanted, mine } = this;
    const old = [...mine].find((address) => !wanted.includes(address));
    if (old !== undefined) {
      this.mine = new Set([...mine].filter((address) => address !== old));
      if (stops.at(old) >= 0) await stops.remove(stops.at(old));
      return true;
    }
    const added = wanted.find((address) => !mine.has(address));
    if (added === undefined) return false;
    this.mine = new Set([...mine, added]);
    if (stops.at(added) < 0) await stops.add(stopSpec({ kind: "execute", at: executeAt(added) }));
    return true;
  }

  private tell(): void {
    // What was removed elsewhere, in the list of stops, is not the desk's any more.
    if (!this.syncing) this.mine = new Set([...this.mine].filter((address) => this.stops.at(address) >= 0));
    for (const watcher of this.watchers) watcher();
  }
}
