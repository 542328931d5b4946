import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Look, Looker } from "../client/looker";
import type { Inspection, InspectionMethod } from "../protocol/inspection";

/** One thing that a component shows of the machine: asked for while the component is connected, rendered when it changes. */
export class LookController<Method extends InspectionMethod> implements ReactiveController {
  /** What the machine answered last; null before the first answer, and without a machine. */
  value: ReturnType<Inspection[Method]> | null = null;
  /** The answer to the same question at the stop before. */
  previous: ReturnType<Inspection[Method]> | null = null;
  private look: Look | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly looker: Looker,
    private readonly method: Method,
    private readonly args: () => Parameters<Inspection[Method]> | null,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.look = this.looker.look({
      method: this.method,
      args: this.args,
      show: (answer, previous) => {
        this.value = answer;
        this.previous = previous;
        this.host.requestUpdate();
      },
    });
  }

  hostDisconnected(): void {
    this.look?.end();
  }

  /** Asks again: the question is another. */
  refresh(): void {
    this.look?.refresh();
  }
}
