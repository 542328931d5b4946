import type { Arrived, Travel } from "../../../protocol/evm/message";
import type { Whole } from "../../../protocol/evm/whole";
import type { Moment, Moments } from "./moments";

type How = Extract<Travel, { readonly line: unknown }>["line"];

/** Movements backwards by the lines of Solidity sources. */
export class LineBack {
  constructor(
    private readonly moments: Moments,
    private readonly whole: Whole,
  ) {}

  /** Goes to the beginning of the line before. */
  step(how: How): Arrived {
    const { moments } = this;
    const begin = moments.here();
    const from = moments.where(begin);
    // At the end, and where calls are distributed, one is as if at the end of the function that was called last.
    const frames = Math.max(begin.scene.frames.length, 1);
    const functions = Math.max(moments.depth(begin), 1);
    const outside = (here: Moment) => {
      const [other, inner] = [here.scene.frames.length, moments.depth(here)];
      return other < frames || (other === frames && inner <= functions && (how === "over" || inner < functions));
    };
    for (let here = begin; here.scene.position > 0 && !moments.spent; ) {
      here = this.before(here, how === "into");
      if (here.line === null || !(how === "into" || outside(here))) continue;
      if (how !== "out" && here.line === begin.line && moments.where(here) === from) continue;
      moments.go({ to: this.beginning(here, how === "into") });
      return "there";
    }
    return moments.spent ? "more" : "end";
  }

  /** Where the line at hand was begun; looking `into` what it calls it was begun again after each call. */
  beginning(end: Moment, into: boolean): number {
    const { moments } = this;
    const where = moments.where(end);
    let best = end.scene.position;
    for (let here = end; here.scene.position > 0 && !moments.spent; ) {
      here = this.before(here, into);
      const same = here.line === end.line && moments.where(here) === where;
      if (same) best = here.scene.position;
      else if (here.line !== null || here.scene.frames.length < end.scene.frames.length) break;
    }
    return best;
  }

  /** The moment before; where calls are not looked `into`, the one before all of a call. */
  private before(here: Moment, into: boolean): Moment {
    const { position, frames } = here.scene;
    // Of a call that ended just here, the one that made it.
    const call = this.whole.calls.find(
      ({ first, last, depth }) => first > 0 && last === position && first < position && depth >= frames.length,
    );
    if (call && !into) this.moments.go({ to: call.first - 1 });
    else if (!this.beforeJump(here, into)) this.moments.go({ to: position - 1 });
    return this.moments.here();
  }

  /** Goes back to the jump into the function that was left just here; false if none was, or it is to be looked into. */
  private beforeJump(here: Moment, into: boolean): boolean {
    const { moments } = this;
    const { frame, code } = here;
    const call = frame && code?.layout.callBefore(frame.pc);
    if (!frame || !call) return false;
    // What distributes calls is not what one came from: the function that it called is looked into.
    if (!moments.isOwn(call) && (into || moments.depth(here) === 0)) return false;
    const [caller] = moments.activations(here);
    const back = { backwards: { until: "pc", pc: call.pc, code: frame.codeAddress } };
    while (!moments.spent && moments.go(back) === "there") {
      const jump = moments.here();
      const [same] = moments.activations(jump);
      if (jump.frame?.entered === frame.entered && same?.base === caller?.base) return true;
    }
    return false;
  }
}
