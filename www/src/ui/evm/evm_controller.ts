import type { ReactiveController, ReactiveControllerHost } from "lit";
import { evmStore } from "../../client/evm/start";
import type { EvmView } from "../../client/evm/store";

/** Renders an element again, at most once a frame, when what the EVM shows has changed. */
export class EvmController implements ReactiveController {
  private end: (() => void) | undefined;
  private frame = 0;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get value(): EvmView {
    return evmStore.view;
  }

  hostConnected(): void {
    this.end = evmStore.watch(() => {
      this.frame ||= requestAnimationFrame(() => {
        this.frame = 0;
        this.host.requestUpdate();
      });
    });
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.end?.();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }
}
