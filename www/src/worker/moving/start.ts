import type { Event } from "../../protocol/event";
import type { MachineSpec } from "../../protocol/machine_spec";
import type { MovingCommand, MovingState } from "../../protocol/moving";
import type { StopSpec } from "../../protocol/stops";
import { MOVE } from "../../strings/worker/moving";
import type { Assembled } from "../assembly";
import type { KeptMachine, Moments } from "../moments/start";
import { messageOf, type Session } from "../session";
import { Source } from "./source";
import { takeIn } from "./target";
import { Talk } from "./wire";

/** What a machine is begun with. */
interface Begun {
  readonly spec: MachineSpec;
  readonly site: string;
  readonly record?: number;
  readonly paused: boolean;
}

/** What moving needs of the worker. */
export interface MovingHost {
  readonly post: (event: Event) => void;
  /** The machine that is here, if there is one. */
  readonly source: () =>
    | (KeptMachine & { readonly moments: Promise<Moments>; readonly session: Session; readonly letGo: () => void })
    | undefined;
  readonly assemble: (spec: MachineSpec) => Promise<Assembled>;
  /** The machine takes the place of the one that was there. */
  readonly begin: (machine: Assembled, about: Begun, stops: readonly StopSpec[]) => Promise<void>;
  readonly crashed: (error: WebAssembly.RuntimeError) => void;
}

/** The one move that this worker takes part in. */
export class Moving {
  private talk: Talk | undefined;
  private agree: () => void = () => undefined;

  constructor(private readonly host: MovingHost) {}

  async handle(command: MovingCommand): Promise<void> {
    switch (command.type) {
      case "moveEnd":
        return this.talk?.end(MOVE.ended);
      case "moveAgreed":
        return this.agree();
      case "moveAway":
        return this.attempt(new Talk(command.wire), (talk) => this.away(talk, command.wire.kind === "channel"));
      case "moveHere":
        return this.attempt(new Talk(command.wire), (talk) => this.here(talk, command));
    }
  }

  private async attempt(talk: Talk, go: (talk: Talk) => Promise<void>): Promise<void> {
    this.talk?.end(MOVE.ended);
    this.talk = talk;
    try {
      await go(talk);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) return this.host.crashed(error);
      const why = messageOf(error);
      talk.end(why);
      if (this.talk === talk) this.tell({ phase: "failed", why });
    }
  }

  private readonly tell = (state: MovingState): void => this.host.post({ type: "moving", moving: state });

  private async away(talk: Talk, within: boolean): Promise<void> {
    const found = this.host.source();
    if (!found) throw new Error(MOVE.none);
    const { session, moments, ...kept } = found;
    const mover = {
      ...kept,
      stops: () => session.stops(),
      hold: () => session.hold(),
      release: (ran: boolean) => {
        if (ran) session.handle({ type: "run" });
      },
      alone: async <T>(work: () => Promise<T>) => (await moments).alone(work),
    };
    await new Source(mover, talk, this.tell).go(within);
  }

  private async here(talk: Talk, { site, record }: Extract<MovingCommand, { type: "moveHere" }>): Promise<void> {
    const agreed = new Promise<void>((resolve) => {
      this.agree = resolve;
    });
    const { post, assemble, begin } = this.host;
    const host = { site, tell: this.tell, agreed: () => agreed, assemble };
    const { machine, spec, last, rounds, sure } = await takeIn(talk, host);
    post({ type: "coming", spec });
    await begin(machine, { spec, site, record, paused: !(sure && last.runs) }, last.stops);
    const downtime = performance.timeOrigin + performance.now() - last.paused;
    talk.done();
    if (sure) this.tell({ phase: "moved", rounds, downtime });
    else this.tell({ phase: "failed", why: MOVE.unsure });
  }
}
