import type { Pixels } from "../../protocol/inspection";
import type { MachineSpec } from "../../protocol/machine_spec";
import { type MomentRecord, runLock, type SaveReport } from "../../protocol/moments";
import type { Pc } from "../engine";
import type { Keeper, Label } from "./keeper";

/** A machine is kept this often without being asked for. */
const KEEP_MS = 30_000;
/** Copies of larger machines would take too much of what memory the engine can have. */
const KEPT_MB = 512;

/** A machine as its keeper sees it. */
export interface KeptMachine {
  readonly pc: Pc;
  /** What it is made of now. */
  readonly spec: () => MachineSpec;
  readonly pixels: () => Pixels;
  /** It is where the page sees it: not on its way through the past, nor without a disk block. */
  readonly settled: () => boolean;
  /** The address of the page's root. */
  readonly site: string;
  /** Whether it may be kept without being asked: what came by a link stores nothing of its own accord. */
  readonly unasked: boolean;
}

/** Saving the moments of one machine. The code that does it is loaded when it is needed first. */
export class Moments {
  private keeper: Promise<Keeper> | undefined;
  private readonly timer: ReturnType<typeof setInterval>;
  private run: string;
  /** Ends the lock by which other tabs know that this run goes on. */
  private unlock: () => void = () => undefined;

  /**
   * @param opened the moment that the machine was opened at
   * @param crashed is told when the engine broke
   */
  constructor(
    private readonly machine: KeptMachine,
    private readonly opened: MomentRecord | null,
    private readonly crashed: (error: WebAssembly.RuntimeError) => void,
  ) {
    this.run = opened?.run ?? newRun();
    this.timer = setInterval(() => void this.keep(), KEEP_MS);
    const held = new Promise<void>((done) => {
      this.unlock = done;
    });
    const { locks } = navigator;
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (lock) return held;
      // Another tab goes on with this run: here it is another one.
      this.run = newRun();
      void locks.request(runLock(this.run), () => held).catch(() => undefined);
    };
    void locks?.request(runLock(this.run), { ifAvailable: true }, hold).catch(() => undefined);
  }

  save(label: Label): Promise<SaveReport> {
    return this.guarded(async () => (await this.load()).save(label));
  }

  file(label: Label): Promise<Blob> {
    return this.guarded(async () => (await this.load()).file(label));
  }

  /** Keeps the machine as it is, for the case that the tab ends; what fails is tried again the next time. */
  async keep(): Promise<void> {
    const { machine } = this;
    if (!machine.unasked || machine.spec().memoryMb > KEPT_MB || machine.pc.instructions === 0n || !machine.settled())
      return;
    await this.guarded(async () => (await this.load()).keep()).catch(() => undefined);
  }

  /** Does something while nothing is saved. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.guarded(async () => (await this.load()).alone(work));
  }

  /** The machine ends: its memory goes as soon as this returns. */
  end(): void {
    clearInterval(this.timer);
    this.unlock();
    void this.keeper?.then((keeper) => keeper.end()).catch(() => undefined);
  }

  private load(): Promise<Keeper> {
    const { machine, opened, run } = this;
    const line = opened ? [{ id: opened.run === null ? opened.id : (opened.parent ?? ""), instruction: 0 }] : [];
    this.keeper ??= import("./keeper").then(
      ({ Keeper }) =>
        new Keeper(
          machine,
          run,
          line.filter(({ id }) => id),
        ),
    );
    return this.keeper;
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.crashed(error);
      throw error;
    }
  }
}

const newRun = (): string => crypto.getRandomValues(new BigUint64Array(1))[0]?.toString(36) ?? "";
