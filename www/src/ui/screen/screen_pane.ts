import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { speaker, store } from "../../client/start";
import { SCANCODES } from "../../host/keyboard.mjs";
import controlsCss from "../controls/controls.css?inline";
import { FULL, MOUSE, SOUND } from "../controls/icons";
import "../controls/touch_keyboard";
import { PC } from "../../strings/pc";
import { WROTE } from "../../strings/wrote";
import { GlassElement } from "../frame/element";
import { ViewController } from "../view_controller";
import "./machine_screen";
import type { MachineScreen } from "./machine_screen";
import paneCss from "./screen_pane.css?inline";
import "./screen_text";

const FUNCTION_KEYS = Array.from({ length: 12 }, (_, index) => `F${index + 1}`);

/** The machine's screen, with what its keyboard lacks on a host, the mouse and the sound. */
@customElement("screen-pane")
export class ScreenPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss)];

  @state() private fill = false;
  @state() private keyboard = matchMedia("(pointer: coarse)").matches;
  @state() private sound = speaker.sound().on;
  /** A pixel is being chosen, to ask who drew it. */
  @state() private picking = false;
  @query(".pick") private readonly pickButton!: HTMLButtonElement;
  @query("machine-screen") private readonly screen!: MachineScreen;
  private readonly view = new ViewController(this, store);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    speaker.off();
    this.sound = false;
  }

  override render() {
    const { state } = this.view.value;
    const resting = state === "paused" || state === "stopped";
    const present = state !== "off" && state !== "loading" && state !== "lost";
    return html`
      <machine-screen ?fill=${this.fill}></machine-screen>
      <screen-text></screen-text>
      ${this.picking && resting ? html`<pixel-picker .surface=${this.screen.surface} @ended=${this.togglePicking}></pixel-picker>` : nothing}
      ${this.keyboard ? html`<touch-keyboard></touch-keyboard>` : nothing}
      <div class="tools" role="group" aria-label=${PC.screen.tools}>
        <button type="button" title=${PC.screen.mouseHint} ?disabled=${!present} @click=${() => this.screen.captureMouse()}>
          ${MOUSE}${PC.screen.mouse}
        </button>
        <button type="button" ?disabled=${!present} @click=${() => this.screen.goFull()}>${FULL}${PC.screen.full}</button>
        <button type="button" aria-pressed=${this.sound} @click=${this.toggleSound}>${SOUND}${PC.screen.sound}</button>
        <button type="button" title=${PC.screen.keyboardHint} aria-pressed=${this.keyboard} @click=${this.toggleKeyboard}>${PC.screen.keyboard}</button>
        <button type="button" title=${PC.screen.fillHint} aria-pressed=${this.fill} @click=${this.toggleFill}>${PC.screen.fill}</button>
        <button type="button" class="pick" title=${WROTE.pixelHint} aria-pressed=${this.picking && resting} ?disabled=${!resting} @click=${this.togglePicking}>${WROTE.pixel}</button>
        <button type="button" ?disabled=${!present} @click=${() => press(["ControlLeft", "AltLeft", "Delete"])}>
          ${PC.screen.reset}
        </button>
        <select aria-label=${PC.screen.functionKey} .value=${""} @change=${this.functionKey} ?disabled=${!present}>
          <option value="">${PC.screen.functionKeys}</option>
          ${FUNCTION_KEYS.map((name) => html`<option value=${name}>${name}</option>`)}
        </select>
      </div>
    `;
  }

  private readonly toggleKeyboard = (): void => {
    this.keyboard = !this.keyboard;
  };

  private readonly togglePicking = async (): Promise<void> => {
    await import("../timeline/timeline_pixel");
    this.picking = !this.picking;
    if (!this.picking) this.pickButton.focus();
  };

  private readonly toggleFill = (): void => {
    this.fill = !this.fill;
  };

  private readonly toggleSound = (): void => {
    this.sound = !this.sound;
    if (this.sound) speaker.on();
    else speaker.off();
  };

  private readonly functionKey = (event: Event): void => {
    const select = event.target as HTMLSelectElement;
    if (select.value) press([select.value]);
    select.value = "";
  };
}

/** Presses keys together on the machine's keyboard, and lets them go. */
function press(names: readonly string[]): void {
  const codes = names.flatMap((name) => SCANCODES[name] ?? []);
  for (const code of codes) store.send({ type: "key", code, pressed: true });
  for (const code of codes.reverse()) store.send({ type: "key", code, pressed: false });
}
