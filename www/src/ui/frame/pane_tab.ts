import type { ITabRenderer, TabPartInitParameters } from "dockview-core";
import { FRAME } from "../../strings/frame";

/**
 * What stands on a tab: the pane's title, and a cross for the mouse. A tab may hold no button of its own; the keyboard
 * closes a pane with Delete, or by the menu beside the tabs.
 */
export class PaneTab implements ITabRenderer {
  readonly element = document.createElement("div");
  private readonly title = document.createElement("span");

  constructor() {
    this.element.className = "pane-tab";
  }

  init({ title, api }: TabPartInitParameters): void {
    this.title.textContent = title;
    const cross = document.createElement("span");
    cross.className = "cross";
    cross.textContent = "✕";
    cross.title = FRAME.bench.close;
    cross.setAttribute("aria-hidden", "true");
    // Before the tab takes it for the beginning of a drag.
    cross.addEventListener("pointerdown", (event) => event.preventDefault());
    cross.addEventListener("click", (event) => {
      event.preventDefault();
      api.close();
    });
    this.element.replaceChildren(this.title, cross);
  }
}
