import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CodePlace } from "../../protocol/inspection";
import { type AddressTarget, NumberValue, OpenAddressEvent } from "../frame/number_value";
import { farText } from "./cells";

/** Code by selector and offset: a link to where that is linearly, with that number in all forms. */
@customElement("far-value")
export class FarValue extends NumberValue {
  @property({ type: Number }) selector = 0;
  @property({ type: Number }) offset = 0;

  protected override text(): string {
    return farText(this.selector, this.offset);
  }
}

/** A place in code, with its symbol. */
export const placeLink = (place: Pick<CodePlace, "cs" | "eip" | "linear" | "symbol">, name: string) =>
  html`<far-value .name=${name} .selector=${place.cs} .offset=${place.eip} .value=${place.linear >>> 0}
    .target=${{ space: "linear", pane: "code" }}></far-value>${place.symbol ? html` <span class="symbol">${place.symbol}</span>` : ""}`;

/** A text that leads to an address. */
export const addressLink = (text: string, target: AddressTarget, title = "") =>
  html`<button type="button" class="link" title=${title || nothing} @click=${(event: Event) => event.target?.dispatchEvent(new OpenAddressEvent(target))}>${text}</button>`;
