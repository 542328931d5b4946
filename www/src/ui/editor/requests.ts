import type { PaneId } from "../../examples/lesson";

/** Asks the page to bring a pane to the front. */
export class PaneRequestEvent extends CustomEvent<PaneId> {
  constructor(pane: PaneId) {
    super("pane-request", { detail: pane, bubbles: true, composed: true });
  }
}
