import { UserError } from "../../host/user_error.mjs";
import type { ImageRole } from "../../protocol/moments";
import { type LastRound, MOVING_VERSION, type MovingState, type OwnFiles, type Round } from "../../protocol/moving";
import type { StopSpec } from "../../protocol/stops";
import { MOVE } from "../../strings/worker/moving";
import { type MomentParts, PageLibrary } from "../../wasm/x86/x86.js";
import { cardOf } from "../moments/card";
import { Pieces, packsOf } from "../moments/pages";
import { write } from "../moments/recipe";
import type { KeptMachine } from "../moments/start";
import type { Talk } from "./wire";

/** The machine waits no longer at once while it runs. */
const PIECE_MS = 8;
/** Pages hashed between two looks at the clock. */
const HASHED = 64;
/** Packs that are on their way at once. */
const AHEAD = 4;
/** So few bytes go with the machine standing still. */
const FEW_BYTES = 256 << 10;
const MOST_ROUNDS = 12;
/** A round that brings less than this gain is not worth another one. */
const GAIN = 0.8;
/** The reader at the other end has this long to agree. */
const AGREE_MS = 300_000;
/** The other end loads its images. */
const LOAD_MS = 120_000;

/** The machine that goes, as the move needs it. */
export interface Mover extends KeptMachine {
  readonly stops: () => readonly StopSpec[];
  /** Holds the machine where it is; whether it ran. */
  readonly hold: () => boolean;
  /** Lets it go on, if it ran. */
  readonly release: (ran: boolean) => void;
  /** It is another's now: it ends here. */
  readonly letGo: () => void;
  /** Nobody else copies the machine meanwhile. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Moves a running machine to another worker: its pages are copied while it runs, until few are left. */
export class Source {
  private readonly pages = new PageLibrary();
  private readonly rounds: Round[] = [];
  private packs = 0;

  constructor(
    private readonly machine: Mover,
    private readonly talk: Talk,
    private readonly tell: (state: MovingState) => void,
  ) {}

  /**
   * Goes through all of it. Whatever fails, the machine goes on here.
   * @param within whether files of the reader's own can go along: within one browser
   */
  async go(within: boolean): Promise<void> {
    try {
      await this.offer(within);
      await this.machine.alone(() => this.copy());
    } finally {
      this.pages.free();
    }
  }

  private async offer(within: boolean): Promise<void> {
    const { pc, spec, site } = this.machine;
    const { recipe, images } = await write(spec(), site);
    const files = this.ownFiles();
    const [lacking] = within ? [] : Object.values(recipe.images).filter(({ kind }) => kind === "own");
    if (lacking && "name" in lacking) {
      throw new UserError(MOVE.staysHere(lacking.name));
    }
    const about = { name: recipe.title, note: "", machine: recipe.title, date: Date.now(), thumbnail: null };
    const card = cardOf({ ...about, instruction: Number(pc.instructions), body: { kind: "pc", recipe } }, images);
    this.talk.say({ say: "offer", version: MOVING_VERSION, card, files: within ? files : {} });
    this.tell({ phase: "waiting" });
    await this.talk.next(["ready"], AGREE_MS + LOAD_MS);
  }

  private ownFiles(): OwnFiles {
    const { drives, kernel, bios, vgaBios } = this.machine.spec();
    const all = { ...drives, bios, vgaBios, kernel: kernel?.image, initrd: kernel?.initrd };
    const files: Partial<Record<ImageRole, File>> = {};
    for (const [role, source] of Object.entries(all)) {
      if (source?.kind === "file") files[role as ImageRole] = source.file as File;
    }
    return files;
  }

  private async copy(): Promise<void> {
    const { machine, talk } = this;
    let before = Number.POSITIVE_INFINITY;
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      this.tell({ phase: "copying", rounds: [...this.rounds], last: false });
      const { bytes } = await this.round();
      if (bytes <= FEW_BYTES || bytes > before * GAIN) break;
      before = bytes;
    }
    this.tell({ phase: "copying", rounds: [...this.rounds], last: true });
    const paused = performance.timeOrigin + performance.now();
    const ran = machine.hold();
    try {
      const stops = machine.stops();
      const { id, came } = await this.round({ runs: ran, stops, paused });
      if (came !== id) throw new UserError(MOVE.another);
      talk.say({ say: "yours" });
    } catch (error) {
      machine.release(ran);
      throw error;
    }
    const downtime = performance.timeOrigin + performance.now() - paused;
    machine.letGo();
    talk.done();
    this.tell({ phase: "moved", rounds: [...this.rounds], downtime });
  }

  /** Sends what changed since the round before; the last one with the machine held. */
  private async round(last: LastRound | null = null): Promise<{ bytes: number; id: string; came: string }> {
    const { pc } = this.machine;
    const begun = performance.now();
    const pieces = new Pieces(last ? Number.POSITIVE_INFINITY : PIECE_MS);
    const draft = pc.beginMoment();
    while (!draft.hash(HASHED)) await pieces.step();
    pc.finishMoment(draft);
    const parts = pc.savedParts(this.pages);
    try {
      const { pages, bytes } = await this.send(parts, pieces);
      const manifest = parts.manifest as Uint8Array<ArrayBuffer>;
      this.talk.say({ say: "round", manifest, last });
      const { id: came } = await this.talk.next(["there"]);
      this.rounds.push({ pages, bytes: bytes + manifest.length, took: performance.now() - begun });
      return { bytes, id: parts.id, came };
    } finally {
      parts.free();
    }
  }

  /** The pages that the other end has not, a few packs ahead of its answers. */
  private async send(parts: MomentParts, pieces: Pieces): Promise<{ pages: number; bytes: number }> {
    let [pages, bytes, ahead] = [0, 0, 0];
    for (const pack of await packsOf(parts, pieces)) {
      if (ahead === AHEAD) {
        await this.talk.next(["got"]);
        ahead--;
      }
      this.talk.say({ say: "pages", ...pack });
      ahead++;
      this.pages.know(++this.packs, pack.ids);
      pages += pack.ids.length / 32;
      bytes += pack.bytes.length;
    }
    for (; ahead > 0; ahead--) await this.talk.next(["got"]);
    return { pages, bytes };
  }
}
