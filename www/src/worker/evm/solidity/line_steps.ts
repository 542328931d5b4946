import type { Arrived, Travel } from "../../../protocol/evm/message";
import type { Whole } from "../../../protocol/evm/whole";
import { SOURCES } from "../../../strings/worker/sources";
import { LineBack } from "./line_back";
import type { Mapped } from "./mapped";
import { type Moment, Moments } from "./moments";
import { CALLS, JUMPDEST } from "./stack_effect";
import type { SolidityView, World } from "./view";

/** Movements of the engine that one movement by lines may take. */
const MOST = 8000;

type LineTravel = Extract<Travel, { readonly line: unknown }>;
type ToLineTravel = Extract<Travel, { readonly toLine: unknown }>;

/** Movements by the lines of Solidity sources. */
export class LineSteps {
  private readonly moments: Moments;
  private readonly back: LineBack;

  constructor(
    private readonly view: SolidityView,
    world: World,
    private readonly whole: Whole,
  ) {
    this.moments = new Moments(view, world, MOST);
    this.back = new LineBack(this.moments, whole);
  }

  /** Goes to another line. Where there is none it ends at the end, or at the beginning. */
  step({ line, backwards = false }: LineTravel): Arrived {
    return backwards ? this.back.step(line) : this.forwards(line);
  }

  /** Goes to the next time, or the last, that a line is reached. */
  to({ toLine, file, backwards = false }: ToLineTravel): Arrived {
    const id = this.view.program.compilation.files.find(({ name }) => name === file)?.id;
    const wanted = `${id}:${toLine}`;
    const places = this.beginnings(wanted);
    if (places.length === 0) throw new Error(SOURCES.notReached(toLine, file));
    const from = this.moments.here().scene.position;
    // Backwards, the beginning of the line at hand is no other time that it is reached.
    let position =
      backwards && this.moments.here().line === wanted ? this.back.beginning(this.moments.here(), false) : from;
    while (!this.moments.spent) {
      const next = this.nearest(position, places, backwards);
      if (next === null) {
        this.moments.go({ to: from });
        return "end";
      }
      position = next;
      this.moments.go({ to: position });
      if (!this.isFresh(this.moments.here())) continue;
      this.moments.go({ to: position });
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
  private isFresh(here: Moment): boolean {
    const { position } = here.scene;
    const where = this.moments.where(here);
    for (let at = position; at > 0 && !this.moments.spent; ) {
      this.moments.go({ to: --at });
      const before = this.moments.here();
      if (before.frame?.entered !== here.frame?.entered) return true;
      if (before.line !== null) return before.line !== here.line || this.moments.where(before) !== where;
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
      this.moments.go({ to: from });
      if (this.moments.go(backwards ? { backwards: search } : { forwards: search }) !== "there") continue;
      const { position } = this.moments.here().scene;
      if (best === null || (backwards ? position > best : position < best)) best = position;
    }
    return best;
  }

  private forwards(how: LineTravel["line"]): Arrived {
    const begin = this.moments.here();
    const from = this.moments.where(begin);
    if (how === "out" && !this.leave(begin)) return "more";
    for (let here = this.moments.here(), moved = how === "out"; !this.moments.spent; moved = true) {
      if (here.scene.end) return "end";
      if (
        moved &&
        here.line !== null &&
        (how === "out" || here.line !== begin.line || this.moments.where(here) !== from)
      )
        return "there";
      if (how === "into" && !this.moments.isOwn(this.call(here))) this.moments.go({ forwards: { until: "into" } });
      else this.over(here);
      here = this.moments.here();
    }
    return "more";
  }

  /** The jump into a function that is made here. */
  private call({ frame, code }: Moment) {
    return frame && code?.layout.callAt(frame.pc);
  }

  /** An instruction, with all of the calls that it makes. */
  private over(here: Moment): void {
    const opcode = here.scene.next?.opcode ?? 0;
    if (CALLS.has(opcode)) {
      this.moments.go({ forwards: { until: "over" } });
      return;
    }
    const call = this.call(here);
    this.moments.go({ forwards: { until: "into" } });
    if (!call) return;
    const inner = this.moments.activations(this.moments.here())[0];
    // What leads to a function before any of its statements is not a call that somebody wrote.
    if (here.line === null && inner?.function.declared) return;
    this.until(here, call.returned, (now) => {
      const [outer] = this.moments.activations(now);
      // A function may call itself: the place to return to is right when its own beginning is no more on the stack.
      return !inner || !outer || outer.base < inner.base;
    });
  }

  /** Runs to a place in the same frame; if the frame ends before, to its end. */
  private until({ frame, scene }: Moment, pc: number, right: (now: Moment) => boolean): void {
    const end = scene.call === null ? undefined : this.whole.calls[scene.call]?.last;
    while (!this.moments.spent && frame) {
      const arrived = this.moments.go({ forwards: { until: "pc", pc, code: frame.codeAddress } });
      const now = this.moments.here();
      if (arrived !== "there" || (end !== undefined && now.scene.position >= end)) {
        if (end !== undefined) this.moments.go({ to: end });
        return;
      }
      if (now.frame?.entered === frame.entered && right(now)) return;
    }
  }

  /** Runs until the function at hand is left; of the outermost one, until the frame is. */
  private leave(here: Moment): boolean {
    const activations = this.moments.activations(here);
    const at = activations.findIndex(({ function: one }) => one.declared !== null);
    const inner = activations[at];
    const target = inner?.returns ?? null;
    if (inner && target !== null) {
      this.until(here, target, (now) => {
        const [outer] = this.moments.activations(now);
        return !outer || outer.base < inner.base;
      });
    } else this.moments.go({ forwards: { until: "out" } });
    return !this.moments.spent;
  }
}
