import type { ReactiveController, ReactiveControllerHost } from "lit";
import { store } from "../../client/start";
import { Timeline } from "../../client/timeline/timeline";

/** The past of this page's machine. */
export const timeline = new Timeline(store);

/** Renders a component again whenever there is something new on the timeline, and has it asked for meanwhile. */
export class TimelineController implements ReactiveController {
  private end: (() => void) | undefined;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.end = timeline.watch(() => this.host.requestUpdate());
  }

  hostDisconnected(): void {
    this.end?.();
  }
}
