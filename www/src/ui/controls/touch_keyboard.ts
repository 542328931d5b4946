import { html, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { store } from "../../client/start";
import { SCANCODES } from "../../host/keyboard.mjs";
import { PC } from "../../strings/pc";
import { GlassElement } from "../frame/element";
import controlsCss from "./controls.css?inline";
import keyboardCss from "./touch_keyboard.css?inline";

const { on: ON, names: NAMES } = PC.keys;

/** A key: its code, what is on it, and with Shift. */
type Key = readonly [code: string, plain: string, shifted?: string];

const letters = (row: string): Key[] =>
  [...row].map((letter) => [`Key${letter.toUpperCase()}`, letter, letter.toUpperCase()]);
const digits: Key[] = [..."1234567890"].map((digit, index) => [`Digit${digit}`, digit, [..."!@#$%^&*()"][index] ?? ""]);

const ROWS: readonly (readonly Key[])[] = [
  [["Escape", ON.Escape], ...Array.from({ length: 12 }, (_, index): Key => [`F${index + 1}`, `F${index + 1}`])],
  [["Backquote", "`", "~"], ...digits, ["Minus", "-", "_"], ["Equal", "=", "+"], ["Backspace", "⌫"]],
  [
    ["Tab", ON.Tab],
    ...letters("qwertyuiop"),
    ["BracketLeft", "[", "{"],
    ["BracketRight", "]", "}"],
    ["Backslash", "\\", "|"],
  ],
  [["CapsLock", ON.CapsLock], ...letters("asdfghjkl"), ["Semicolon", ";", ":"], ["Quote", "'", '"'], ["Enter", "⏎"]],
  [
    ["ShiftLeft", ON.ShiftLeft],
    ...letters("zxcvbnm"),
    ["Comma", ",", "<"],
    ["Period", ".", ">"],
    ["Slash", "/", "?"],
    ["ArrowUp", "↑"],
  ],
  [
    ["ControlLeft", ON.ControlLeft],
    ["AltLeft", ON.AltLeft],
    ["Space", ON.Space],
    ["Delete", ON.Delete],
    ["ArrowLeft", "←"],
    ["ArrowDown", "↓"],
    ["ArrowRight", "→"],
  ],
];

const HELD = ["ShiftLeft", "ControlLeft", "AltLeft"];
const WIDE = ["Backspace", "Tab", "CapsLock", "Enter", "ShiftLeft", "ControlLeft", "AltLeft"];

/** A keyboard for touch screens. Shift, Ctrl and Alt stay down until the next key. */
@customElement("touch-keyboard")
export class TouchKeyboard extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(keyboardCss)];

  @state() private held: readonly string[] = [];

  override render() {
    return html`${ROWS.map((row) => html`<div class="row">${row.map((key) => this.key(key))}</div>`)}`;
  }

  private key([code, plain, shifted]: Key) {
    const text = this.held.includes("ShiftLeft") ? (shifted ?? plain) : plain;
    const size = code === "Space" ? "space" : WIDE.includes(code) ? "wide" : "";
    const pressed = this.held.includes(code) ? "true" : "false";
    return html`<button
      type="button"
      class=${size}
      aria-label=${(NAMES as Readonly<Record<string, string>>)[code] ?? text}
      aria-pressed=${HELD.includes(code) ? pressed : "false"}
      @click=${() => this.press(code)}
    >
      ${text}
    </button>`;
  }

  private press(code: string): void {
    if (HELD.includes(code)) {
      const down = !this.held.includes(code);
      this.send(code, down);
      this.held = down ? [...this.held, code] : this.held.filter((other) => other !== code);
      return;
    }
    this.send(code, true);
    this.send(code, false);
    for (const modifier of this.held) this.send(modifier, false);
    this.held = [];
  }

  private send(name: string, pressed: boolean): void {
    const code = SCANCODES[name];
    if (code !== undefined) store.send({ type: "key", code, pressed });
  }
}
