import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { DeskView } from "./desk";
import { evmDesk } from "./desk_start";

/** Renders an element again when what is being written has changed. */
export class DeskController implements ReactiveController {
  private end: (() => void) | undefined;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get value(): DeskView {
    return evmDesk.view;
  }

  hostConnected(): void {
    this.end = evmDesk.watch(() => this.host.requestUpdate());
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.end?.();
  }
}
