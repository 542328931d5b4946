import { html, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { store } from "../../client/start";
import { PC } from "../../strings/pc";
import { GlassElement } from "../frame/element";
import { RowChanges } from "./row_changes";
import textCss from "./screen_text.css?inline";

const LOOK_MS = 250;

/**
 * The text screen for those who hear it: a log of the rows that changed, of which a screen reader says what is new. Not
 * more than twenty rows a second, because speech cannot keep up with more.
 */
@customElement("screen-text")
export class ScreenText extends GlassElement {
  static override styles = [unsafeCSS(textCss)];

  private readonly changes = new RowChanges();
  private timer: ReturnType<typeof setInterval> | undefined;
  private asking = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(() => void this.look(), LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  override render() {
    return html`<div role="log" aria-live="polite" aria-relevant="additions text" aria-label=${PC.screen.text}>
      ${this.changes.shown.map(({ key, text }) => html`<p data-row=${key}>${text}</p>`)}
    </div>`;
  }

  private async look(): Promise<void> {
    const { state } = store.view;
    if (this.asking || document.hidden || state === "off" || state === "lost" || state === "loading") return;
    this.asking = true;
    try {
      const screen = await store.ask({ kind: "textScreen" });
      if (this.changes.take(screen?.rows ?? [], performance.now())) this.requestUpdate();
    } catch {
      // The machine went away while it was asked.
    }
    this.asking = false;
  }
}
