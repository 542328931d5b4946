import { html, nothing, unsafeCSS } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { FRAME } from "../../strings/frame";
import { GlassElement } from "./element";
import { type ByteOrder, NUMBER_FORMS, type NumberForm, numberText } from "./number_text";
import numberCss from "./number_value.css?inline";

/** Where an address leads. */
export interface AddressTarget {
  /** What the number is an address of: `linear`, `physical`, a segment's name such as `ss`, or a space of the EVM's. */
  readonly space: string;
  readonly address: bigint;
  /** Which pane the click asks for. */
  readonly pane: "memory" | "code";
}

/** Where a number leads: to itself as an address, or to the one that it stands for. */
export type NumberTarget = Omit<AddressTarget, "address"> & { readonly address?: bigint };

/** A reader followed an address; the page opens the pane. */
export class OpenAddressEvent extends CustomEvent<AddressTarget> {
  constructor(target: AddressTarget) {
    super("open-address", { detail: target, bubbles: true, composed: true });
  }
}

/**
 * A number: in its form, with all other forms at hand when it is pointed at, focused or clicked; marked, with the previous
 * value beside it, when it changed since the last stop; a link when it is an address.
 */
@customElement("number-value")
export class NumberValue extends GlassElement {
  static override styles = [unsafeCSS(numberCss)];

  @property({ attribute: false }) value: number | bigint = 0;
  /** What it was at the previous stop. */
  @property({ attribute: false }) previous: number | bigint | null | undefined;
  @property({ type: Number }) bits = 32;
  @property() form: NumberForm = "hex";
  @property() order: ByteOrder = "little";
  /** What the number is, for those who hear it: `EAX`. */
  @property() name = "";
  /** Where it leads, for addresses. */
  @property({ attribute: false }) target: NumberTarget | undefined;
  @state() private shown = false;
  @query("[popover]") private readonly hint!: HTMLElement;

  private get changed(): boolean {
    return this.previous !== undefined && this.previous !== null && BigInt(this.previous) !== BigInt(this.value);
  }

  protected text(value: number | bigint): string {
    const word = BigInt(value);
    return numberText(word, this.bits, this.form, this.order) ?? numberText(word, this.bits, "hex") ?? "";
  }

  override render() {
    const text = this.text(this.value);
    return html`<button type="button" class=${this.changed ? "changed" : ""} aria-label=${this.label(text)}
        data-link=${this.target ? "yes" : nothing}
        @pointerenter=${this.show} @focus=${this.show} @pointerleave=${this.hide} @blur=${this.hide}
        @click=${this.follow} @keydown=${this.key}>${text}</button
      >${
        this.changed
          ? html`<span class="was" aria-hidden="true"><i>${FRAME.was}</i> ${this.text(this.previous ?? 0)}</span>`
          : nothing
      }<div popover="manual" role="tooltip" aria-hidden="true">${this.shown ? this.forms() : nothing}</div>`;
  }

  private label(text: string): string {
    const was = this.changed ? `, ${FRAME.changed}, ${FRAME.was} ${this.text(this.previous ?? 0)}` : "";
    return `${this.name} ${text}${was}`.trim();
  }

  private forms() {
    const word = BigInt(this.value);
    return html`<dl>${NUMBER_FORMS.map((form) => {
      const text = numberText(word, this.bits, form, this.order);
      return text === null ? nothing : html`<dt>${FRAME.forms[form]}</dt><dd>${text}</dd>`;
    })}</dl>`;
  }

  private readonly show = async (): Promise<void> => {
    this.shown = true;
    await this.updateComplete;
    if (!this.shown || !this.isConnected || this.hint.matches(":popover-open")) return;
    this.hint.showPopover();
    const { left, bottom, top } = this.getBoundingClientRect();
    const { clientWidth, clientHeight } = this.ownerDocument.documentElement;
    const { offsetWidth, offsetHeight } = this.hint;
    this.hint.style.left = `${Math.max(Math.min(left, clientWidth - offsetWidth - 4), 0)}px`;
    this.hint.style.top = `${bottom + offsetHeight + 4 > clientHeight ? Math.max(top - offsetHeight - 4, 0) : bottom + 4}px`;
  };

  private readonly hide = (): void => {
    if (this.hint.matches(":popover-open")) this.hint.hidePopover();
    this.shown = false;
  };

  private readonly follow = (): void => {
    if (this.target) this.dispatchEvent(new OpenAddressEvent({ address: BigInt(this.value), ...this.target }));
    else void this.show();
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.hide();
  };
}
