import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import controlsCss from "../controls/controls.css?inline";
import "../controls/touch_keyboard";
import { GlassElement } from "../frame/element";
import { PC } from "../strings/pc";
import "./machine_screen";
import paneCss from "./screen_pane.css?inline";

/** The machine's screen, with a keyboard to touch. */
@customElement("screen-pane")
export class ScreenPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss)];

  @state() private fill = false;
  @state() private keyboard = matchMedia("(pointer: coarse)").matches;

  override render() {
    return html`
      <machine-screen ?fill=${this.fill}></machine-screen>
      ${this.keyboard ? html`<touch-keyboard></touch-keyboard>` : nothing}
      <div class="tools" role="group" aria-label=${PC.screen.tools}>
        <button type="button" aria-pressed=${this.keyboard} @click=${this.toggleKeyboard}>${PC.screen.keyboard}</button>
        <button type="button" aria-pressed=${this.fill} @click=${this.toggleFill}>${PC.screen.fill}</button>
      </div>
    `;
  }

  private readonly toggleKeyboard = (): void => {
    this.keyboard = !this.keyboard;
  };

  private readonly toggleFill = (): void => {
    this.fill = !this.fill;
  };
}
