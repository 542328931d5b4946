import type { Arrived, Travel } from "../../../protocol/evm/message";
import type { FrameScene, Scene } from "../../../protocol/evm/scene";
import type { Whole } from "../../../protocol/evm/whole";
import type { Mapped } from "./mapped";
import { CALLS, JUMP, JUMPDEST } from "./stack_effect";
import type { Activation } from "./unwind";
import type { SolidityView, World } from "./view";

/** Movements of the engine that one movement by lines may take. */
const MOST = 20_000;

type LineTravel = Extract<Travel, { readonly line: unknown }>;
type ToLineTravel = Extract<Travel, { readonly toLine: unknown }>;

/** A moment, as far as lines need it. */
interface Here {
  readonly scene: Scene;
  readonly frame: FrameScene | undefined;
  /** File and line of a statement; null between statements. */
  readonly line: string | null;
}

/** Movements by the lines of Solidity sources. */
export class LineSteps {
  private left = MOST;

  constructor(
    private readonly view: SolidityView,
    private readonly world: World,
    private readonly whole: Whole,
  ) {}

  /** Goes to another line. Where there is none it ends at the end, or at the beginning. */
  step({ line, backwards = false }: LineTravel): Arrived {
    if (backwards) return this.back(line);
    return this.forwards(line);
  }

  /** Goes to the next time, or the last, that a line is reached. */
  to({ toLine, file, backwards = false }: ToLineTravel): Arrived {
    const id = this.view.program.compilation.files.find(({ name }) => name === file)?.id;
    const wanted = `${id}:${toLine}`;
    const places = this.beginnings(wanted);
    if (places.length === 0) throw new Error(`No instruction that ran comes from line ${toLine} of ${file}.`);
    const from = this.here().scene.position;
    // Backwards, the beginning of the line at hand is no other time that it is reached.
    let position = backwards && this.here().line === wanted ? this.beginning(this.here()) : from;
    while (this.left > 0) {
      const next = this.nearest(position, places, backwards);
      if (next === null) {
        this.world.travel({ to: from });
        return "end";
      }
      position = next;
      this.go({ to: position });
      if (!this.isFresh(this.here())) continue;
      this.go({ to: position });
      return "there";
    }
    return "more";
  }

  /**
   * Instructions that a line can begin with, of all codes that ran: those before which the code is another line's, and
   * those that are jumped to, but not to return there. The engine finds them by account and byte.
   */
  private beginnings(wanted: string): readonly { readonly code: string; readonly pc: number }[] {
    const { codes, calls } = this.whole;
    const line = (mapped: Mapped, pc: number | undefined) => {
      const stop = pc === undefined ? null : mapped.stop(pc);
      return stop && `${stop.file}:${stop.line}`;
    };
    return codes.flatMap(({ hash, address, places }) => {
      const mapped = this.view.mapped(hash);
      if (!mapped) return [];
      const layout = this.view.stackLayout(hash, mapped);
      // The same code may be at several addresses.
      const called = calls.filter(({ codeHash }) => codeHash === hash).map(({ to }) => to);
      const begin = places.filter(([pc]) => {
        if (line(mapped, pc) !== wanted) return false;
        const index = mapped.index(pc) ?? 0;
        const jumpedTo = mapped.instructions[index]?.opcode === JUMPDEST && layout.callBefore(pc) === undefined;
        return jumpedTo || line(mapped, mapped.instructions[index - 1]?.pc) !== wanted;
      });
      return begin.flatMap(([pc]) => [...new Set([address, ...called])].map((code) => ({ code, pc })));
    });
  }

  /** True if a line is reached here, and was not left since: between parts of one there may be other things to do. */
  private isFresh(here: Here): boolean {
    const { position } = here.scene;
    const where = this.where(here);
    for (let at = position; at > 0 && this.left > 0; ) {
      this.go({ to: --at });
      const before = this.here();
      if (before.frame?.entered !== here.frame?.entered) return true;
      if (before.line !== null) return before.line !== here.line || this.where(before) !== where;
    }
    return true;
  }

  /** The nearest position at one of some instructions. */
  private nearest(
    from: number,
    places: readonly { readonly code: string; readonly pc: number }[],
    backwards: boolean,
  ): number | null {
    let best: number | null = null;
    for (const { code, pc } of places) {
      const search = { until: "pc", pc, code };
      this.go({ to: from });
      if (this.go(backwards ? { backwards: search } : { forwards: search }) !== "there") continue;
      const { position } = this.here().scene;
      if (best === null || (backwards ? position > best : position < best)) best = position;
    }
    return best;
  }

  private go(to: object): string {
    this.left--;
    return this.world.travel(to);
  }

  private here(): Here {
    const scene = this.world.scene(0, 0);
    const frame = scene.frames.at(-1);
    const stop = frame && this.view.mapped(frame.codeHash)?.stop(frame.pc);
    return { scene, frame, line: stop ? `${stop.file}:${stop.line}` : null };
  }

  /** Functions of the innermost frame that are open; 0 where nothing is known of them. */
  private activations({ scene, frame }: Here): readonly Activation[] {
    return frame ? this.view.activations(frame, scene.stack) : [];
  }

  /** How many functions of the source are open in the innermost frame. */
  private depth(here: Here): number {
    const creates = here.frame && this.view.mapped(here.frame.codeHash)?.found.creation;
    return this.activations(here).filter(({ function: one }) => one.declared || (creates && one.entry === 0)).length;
  }

  /** The function at a moment, told from others and from its own other activations. */
  private where(here: Here): string {
    const [inner] = this.activations(here).filter(({ function: one }) => one.declared || one.entry === 0);
    return `${here.frame?.entered} ${inner?.function.entry} ${inner?.base}`;
  }

  private forwards(how: LineTravel["line"]): Arrived {
    const begin = this.here();
    const from = this.where(begin);
    if (how === "out" && !this.leave(begin)) return "more";
    for (let here = this.here(), moved = how === "out"; this.left > 0; moved = true) {
      if (here.scene.end) return "end";
      if (moved && here.line !== null && (how === "out" || here.line !== begin.line || this.where(here) !== from))
        return "there";
      if (how === "into") this.go({ forwards: { until: "into" } });
      else this.over(here);
      here = this.here();
    }
    return "more";
  }

  /** An instruction, with all of the calls that it makes. */
  private over(here: Here): void {
    const opcode = here.scene.next?.opcode ?? 0;
    const { frame } = here;
    if (CALLS.has(opcode)) {
      this.go({ forwards: { until: "over" } });
      return;
    }
    const mapped = frame && this.view.mapped(frame.codeHash);
    const jumpsIn = frame && opcode === JUMP && mapped?.entry(frame.pc)?.jump === "in";
    const returned = jumpsIn ? this.view.stackLayout(frame.codeHash, mapped).returnOf(frame.pc) : undefined;
    this.go({ forwards: { until: "into" } });
    if (returned === undefined || !frame) return;
    const inner = this.activations(this.here())[0];
    // What leads to a function before any of its statements is not a call that somebody wrote.
    if (here.line === null && inner?.function.declared) return;
    this.until(here, returned, (now) => {
      const [outer] = this.activations(now);
      // A function may call itself: the place to return to is right when its own beginning is no more on the stack.
      return !inner || !outer || outer.base < inner.base;
    });
  }

  /** Runs to a place in the same frame; if the frame ends before, to its end. */
  private until({ frame, scene }: Here, pc: number, right: (now: Here) => boolean): void {
    const end = scene.call === null ? undefined : this.whole.calls[scene.call]?.last;
    while (this.left > 0 && frame) {
      const arrived = this.go({ forwards: { until: "pc", pc, code: frame.codeAddress } });
      const now = this.here();
      if (arrived !== "there" || (end !== undefined && now.scene.position >= end)) {
        if (end !== undefined) this.go({ to: end });
        return;
      }
      if (now.frame?.entered === frame.entered && right(now)) return;
    }
  }

  /** Runs until the function at hand is left; of the outermost one, until the frame is. */
  private leave(here: Here): boolean {
    const activations = this.activations(here);
    const at = activations.findIndex(({ function: one }) => one.declared !== null);
    const inner = activations[at];
    const target = inner?.returns ?? null;
    if (inner && target !== null) {
      this.until(here, target, (now) => {
        const [outer] = this.activations(now);
        return !outer || outer.base < inner.base;
      });
    } else this.go({ forwards: { until: "out" } });
    return this.left > 0;
  }

  /** Backwards: to the beginning of the line before. */
  private back(how: LineTravel["line"]): Arrived {
    const begin = this.here();
    const from = this.where(begin);
    // At the end, and where calls are distributed, one is as if at the end of the function that was called last.
    const frames = Math.max(begin.scene.frames.length, 1);
    const functions = Math.max(this.depth(begin), 1);
    const outside = (here: Here) => {
      const [other, inner] = [here.scene.frames.length, this.depth(here)];
      return (
        how === "into" ||
        other < frames ||
        (other === frames && inner <= functions && (how === "over" || inner < functions))
      );
    };
    for (let { position } = begin.scene; position > 0 && this.left > 0; ) {
      position = this.before(position, how, begin);
      this.go({ to: position });
      const here = this.here();
      if (here.line === null || !outside(here)) continue;
      if (how !== "out" && here.line === begin.line && this.where(here) === from) continue;
      this.toBegin(here);
      return "there";
    }
    return this.left > 0 ? "end" : "more";
  }

  /** The position before one; before all of a call where calls are not looked into. */
  private before(position: number, how: LineTravel["line"], begin: Here): number {
    if (how === "into") return position - 1;
    // Of a call that ended just here, the one that made it.
    const call = this.whole.calls.find(
      ({ first, last, depth: nested }) =>
        first > 0 && last === position && first < position && nested >= begin.scene.frames.length,
    );
    return call ? call.first - 1 : position - 1;
  }

  /** Goes back to where a line begins that was come to from its end. */
  private toBegin(end: Here): void {
    this.go({ to: this.beginning(end) });
  }

  /** Where the line at hand was begun. */
  private beginning(end: Here): number {
    const where = this.where(end);
    let { position } = end.scene;
    let best = position;
    while (position > 0 && this.left > 0) {
      this.go({ to: --position });
      const here = this.here();
      const same = here.line === end.line && this.where(here) === where;
      if (same) best = position;
      else if (here.line !== null || here.frame?.entered !== end.frame?.entered) break;
    }
    return best;
  }
}
