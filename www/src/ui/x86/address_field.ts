import { html, nothing, unsafeCSS } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { store } from "../../client/start";
import type { TextError } from "../../protocol/inspection";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import fieldCss from "./address_field.css?inline";
import paneCss from "./pane.css?inline";

/** An address that a reader typed, as the engine understood it. */
export interface ChosenAddress {
  readonly text: string;
  readonly space: string;
  readonly offset: number;
  /** Of code: where it lies linearly. */
  readonly linear: number;
}

export type AddressChosen = CustomEvent<ChosenAddress>;

/** A field for an address in any form that the engine reads; what is wrong with it stands under it. */
@customElement("address-field")
export class AddressField extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(fieldCss)];

  @property() label = "";
  @property() hint = "";
  @property() value = "";
  /** The address is one of code: its linear address is wanted. */
  @property({ type: Boolean }) execute = false;
  @state() private error: TextError | null = null;
  @query("input") private readonly input!: HTMLInputElement;

  /** Takes the focus, ready to be overwritten. */
  take(): void {
    this.input.focus();
    this.input.select();
  }

  override render() {
    const { error } = this;
    return html`<form @submit=${this.submit}>
      <input aria-label=${this.label} title=${this.label} placeholder=${this.hint} .value=${this.value} autocomplete="off" spellcheck="false"
        aria-invalid=${error ? "true" : "false"} aria-describedby=${error ? "error" : nothing} @input=${() => (this.error = null)} />
      <p id="error" class="error" role="alert">${error ? html`<span aria-hidden="true">${" ".repeat(error.column)}^ </span>${error.message}` : nothing}</p>
    </form>`;
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    try {
      const found = await store.inspect("parseAddress", text);
      if ("error" in found) this.error = found.error;
      else await this.choose(text, found.space, found.offset);
    } catch (error) {
      this.error = { column: 0, length: text.length, message: error instanceof Error ? error.message : String(error) };
    }
  };

  private async choose(text: string, space: string, offset: number): Promise<void> {
    let linear: number | null = offset;
    if (this.execute && space !== "linear") {
      const found = await store.inspect("translate", space, offset, "execute", 1, -1);
      linear = found.linear;
      if (linear === null) {
        this.error = { column: 0, length: text.length, message: found.fault?.reason ?? found.steps.at(-1)?.text ?? "" };
        return;
      }
    }
    const detail: ChosenAddress = { text, space, offset, linear: linear >>> 0 };
    this.dispatchEvent(new CustomEvent("address", { detail }));
  }
}
