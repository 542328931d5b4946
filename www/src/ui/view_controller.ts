import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Store, View } from "../client/store";

/** Renders a component again whenever the store's view changes. */
export class ViewController implements ReactiveController {
  private end: (() => void) | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly store: Store,
  ) {
    host.addController(this);
  }

  get value(): View {
    return this.store.view;
  }

  hostConnected(): void {
    this.end = this.store.watch(() => this.host.requestUpdate());
  }

  hostDisconnected(): void {
    this.end?.();
  }
}
