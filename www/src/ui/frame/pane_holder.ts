import type { GroupPanelPartInitParameters, IContentRenderer } from "dockview-core";
import { FRAME } from "../../strings/frame";
import type { PaneKind, StatefulPane } from "./pane";

/** Holds one pane in the dock: loads its code, gives it what the layout remembers, and keeps what it says. */
export class PaneHolder implements IContentRenderer {
  readonly element = document.createElement("div");
  private state: unknown;

  constructor(private readonly kind: PaneKind | undefined) {
    this.element.className = "pane";
  }

  init({ api, params }: GroupPanelPartInitParameters): void {
    this.element.addEventListener("pane-state", (event) => {
      api.updateParameters({ state: (event as CustomEvent<unknown>).detail });
    });
    this.element.textContent = FRAME.bench.loading;
    this.state = params.state;
    void this.fill();
  }

  update({ params }: { params: Record<string, unknown> }): void {
    this.state = params.state;
    const pane = this.element.firstElementChild as StatefulPane | null;
    if (pane) pane.paneState = params.state;
  }

  private async fill(): Promise<void> {
    const { kind } = this;
    if (!kind) return;
    try {
      await kind.load?.();
      const pane: StatefulPane = document.createElement(kind.tag);
      if (this.state !== undefined) pane.paneState = this.state;
      this.element.replaceChildren(pane);
    } catch {
      this.element.textContent = FRAME.loadFailed(kind.title);
    }
  }
}
