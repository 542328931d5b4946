import { UserError } from "../../host/user_error.mjs";
import type { MomentRecord, SaveReport } from "../../protocol/moments";
import { KEEPER } from "../../strings/worker/moments/keeper";
import { PageLibrary } from "../../wasm/x86/x86.js";
import type { Pc } from "../engine";
import { recordingOf } from "../links/parts";
import { cardOf, LARGEST_RECORDING } from "./card";
import { database, PackGone, tell } from "./database";
import { learn, Pieces, packsOf } from "./pages";
import { write } from "./recipe";
import { lostRuns, newId } from "./runs";
import type { KeptMachine } from "./start";
import { thumbnail } from "./thumbnail";

/** What the reader says of a moment. */
export interface Label {
  readonly name: string;
  readonly note: string;
}

/** Pages hashed between two looks at the clock: a quarter of a mebibyte, about a millisecond. */
const HASHED = 64;
/** The machine waits no longer at once; the page has sixteen milliseconds for a picture. */
const PIECE_MS = 8;
/** How often a save is begun anew because another tab deleted what it counted on. */
const ATTEMPTS = 3;
/** Runs kept without being asked that nobody came back to: no more than these. */
const LOST_RUNS = 3;

/** The run that led here, if it was recorded from power-on and is not too long to be kept beside a moment. */
function runOf(pc: Pc): Pick<MomentRecord, "recording"> {
  const recording = recordingOf(pc);
  return recording && recording.length <= LARGEST_RECORDING ? { recording } : {};
}

/** Saves the moments of one machine, which may run meanwhile. */
export class Keeper {
  private readonly pages = new PageLibrary();
  /** One save at a time: each tells what changed since the one before. */
  private queue: Promise<unknown> = Promise.resolve();
  private ended = false;
  private keptAt: bigint | null = null;

  /** @param line moments that led here, the last one last */
  constructor(
    private readonly machine: KeptMachine,
    readonly run: string,
    private readonly line: { readonly id: string; readonly instruction: number }[],
  ) {}

  /** Saves the machine as it is now. */
  async save(label: Label): Promise<SaveReport> {
    this.checkSettled();
    return this.moment(label, null);
  }

  /** Keeps the machine as it is now in place of the last one kept, if it moved since. */
  async keep(): Promise<void> {
    const { instructions } = this.machine.pc;
    if (this.keptAt === instructions) return;
    this.keptAt = instructions;
    try {
      await this.moment({ name: this.machine.spec().title, note: "" }, this.run);
      await this.dropLostRuns();
    } catch (error) {
      this.keptAt = null;
      throw error;
    }
  }

  /** Does something while nothing is saved. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue
      .catch(() => undefined)
      .then(() => {
        this.check();
        return work();
      });
    this.queue = done;
    return done;
  }

  /** The machine as it is now, as a file to hand on: for browsers that keep nothing. */
  async file(label: Label): Promise<Blob> {
    this.checkSettled();
    const { pc, spec, site, pixels } = this.machine;
    const draft = pc.beginMoment();
    const instruction = Number(pc.instructions);
    const run = runOf(pc);
    const [{ recipe, images }, picture] = [await write(spec(), site), await thumbnail(pixels())];
    this.check();
    pc.finishMoment(draft);
    const about = { ...label, ...run, machine: spec().title, instruction, date: Date.now() };
    const card = cardOf({ ...about, thumbnail: picture, body: { kind: "pc", recipe } }, images);
    return new Blob([pc.savedFile(card) as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" });
  }

  /** The machine ends, and what was kept of it without being asked is not needed any more. */
  async end(): Promise<void> {
    this.ended = true;
    await this.queue.catch(() => undefined);
    this.pages.free();
    if (this.keptAt !== null) await (await database()).sweep(0, ({ run }) => run === this.run);
  }

  private checkSettled(): void {
    if (!this.machine.settled()) throw new UserError(KEEPER.unsettled);
  }

  private check(): void {
    if (this.ended) throw new UserError(KEEPER.ended);
  }

  private moment(label: Label, run: string | null): Promise<SaveReport> {
    const begun = performance.now();
    const { pc, pixels } = this.machine;
    const pieces = new Pieces(PIECE_MS);
    // The copy is of now, whatever is saved before it.
    const draft = pc.beginMoment();
    const instruction = Number(pc.instructions);
    // What is kept without being asked is kept often, and few look at it.
    const recorded = run === null ? runOf(pc) : {};
    const picture = thumbnail(pixels());
    pieces.count();
    const saved = this.queue
      .catch(() => undefined)
      .then(async () => {
        this.check();
        pieces.resume();
        while (!draft.hash(HASHED)) {
          await pieces.step();
          this.check();
        }
        await pieces.rest();
        this.check();
        pc.finishMoment(draft);
        const record = { ...this.about(label, instruction, run), ...recorded, thumbnail: await picture };
        const bytes = await this.write(record, pieces);
        if (run === null) this.line.push({ id: record.id, instruction });
        const total = performance.now() - begun;
        const report = { id: record.id, instruction, bytes, total, longest: pieces.longest };
        tell({ saved: { ...report, run } });
        return report;
      });
    this.queue = saved;
    return saved;
  }

  private about({ name, note }: Label, instruction: number, run: string | null) {
    // Who went back and saves begins a branch at the last moment before here.
    while ((this.line.at(-1)?.instruction ?? 0) > instruction) this.line.pop();
    return {
      id: newId(),
      name,
      note,
      machine: this.machine.spec().title,
      instruction,
      date: Date.now(),
      parent: this.line.at(-1)?.id ?? null,
      run,
      imported: false,
      deleted: null,
    };
  }

  private async write(
    record: Omit<MomentRecord, "packs" | "ownBytes" | "body" | "snapshot">,
    pieces: Pieces,
  ): Promise<number> {
    const { spec, site, pc } = this.machine;
    const { recipe, images } = await write(spec(), site);
    const store = await database();
    for (let attempt = 1; ; attempt++) {
      pieces.resume();
      await learn(this.pages, store, pieces);
      this.check();
      pieces.resume();
      const parts = pc.savedParts(this.pages);
      await pieces.rest();
      const [manifest, known] = [parts.manifest as Uint8Array<ArrayBuffer>, parts.knownPacks()];
      const whole = { ...record, snapshot: parts.id, body: { kind: "pc", recipe } as const };
      try {
        const packs = await packsOf(parts, pieces);
        return await store.write({ record: whole, manifest, known: known as Uint32Array<ArrayBuffer>, packs, images });
      } catch (error) {
        if (!(error instanceof PackGone) || attempt === ATTEMPTS) throw error;
      } finally {
        parts.free();
      }
    }
  }

  /** What was kept of runs that ended with their tab is offered for a while, not for ever. */
  private async dropLostRuns(): Promise<void> {
    const store = await database();
    const lost = await lostRuns(store);
    const dropped = lost.slice(LOST_RUNS).map(({ id }) => id);
    if (dropped.length > 0) await store.sweep(0, ({ id }) => dropped.includes(id));
  }
}
