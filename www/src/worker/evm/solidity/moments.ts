import type { FrameScene, Scene } from "../../../protocol/evm/scene";
import type { Mapped } from "./mapped";
import type { CallSite, StackLayout } from "./stack_layout";
import type { Activation } from "./unwind";
import type { SolidityView, World } from "./view";

/** A moment, as far as lines need it. */
export interface Moment {
  readonly scene: Scene;
  readonly frame: FrameScene | undefined;
  /** Code and stack of the frame, where it comes from a source. */
  readonly code: { readonly mapped: Mapped; readonly layout: StackLayout } | undefined;
  /** File and line of a statement; null between statements. */
  readonly line: string | null;
}

/** Moments of a run one after the other, by a bounded number of movements. */
export class Moments {
  constructor(
    readonly view: SolidityView,
    private readonly world: World,
    private left: number,
  ) {}

  /** True if no more movements are allowed. */
  get spent(): boolean {
    return this.left <= 0;
  }

  /** Goes somewhere, and says how that ended. */
  go(to: object): string {
    this.left--;
    return this.world.travel(to);
  }

  here(): Moment {
    const scene = this.world.scene(0, 0);
    const frame = scene.frames.at(-1);
    const mapped = frame && this.view.mapped(frame.codeHash);
    const code = frame && mapped ? { mapped, layout: this.view.stackLayout(frame.codeHash, mapped) } : undefined;
    const stop = frame && mapped?.stop(frame.pc);
    return { scene, frame, code, line: stop ? `${stop.file}:${stop.line}` : null };
  }

  /** Functions of the innermost frame that are open; none where nothing is known of them. */
  activations({ scene, frame }: Moment): readonly Activation[] {
    return frame ? this.view.activations(frame, scene.stack) : [];
  }

  /** How many functions of the source are open in the innermost frame. */
  depth(moment: Moment): number {
    const creates = moment.code?.mapped.found.creation;
    return this.activations(moment).filter(({ function: one }) => one.declared || (creates && one.entry === 0)).length;
  }

  /** The function at a moment, told from others and from its own other activations. */
  where(moment: Moment): string {
    const [inner] = this.activations(moment).filter(({ function: one }) => one.declared || one.entry === 0);
    return `${moment.frame?.entered} ${inner?.function.entry} ${inner?.base}`;
  }

  /** True if a call is one of a function of the compiler's own: there are no lines in it, nor in what it calls. */
  isOwn(call: CallSite | undefined): boolean {
    return Boolean(call?.callee && call.callee.declared === null);
  }
}
