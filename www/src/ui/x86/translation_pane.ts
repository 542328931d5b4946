import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { looker } from "../../client/start";
import type { FaultView, ParsedAddress, TranslationStep, TranslationView } from "../../protocol/inspection";
import { INSIDE } from "../../strings/inside";
import { PC } from "../../strings/pc";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { hex } from "../frame/number_text";
import { PaneStateEvent } from "../frame/pane";
import { LookController } from "../look_controller";
import { cell } from "./cells";
import insideCss from "./inside.css?inline";
import paneCss from "./pane.css?inline";
import recordsCss from "./records.css?inline";
import { fieldList, registerRow } from "./register_fields";

const WORDS = INSIDE.translation;
const ACCESSES = ["read", "write", "execute"] as const;
const SIZES = [1, 2, 4, 6, 8, 10, 16, 28, 108, 512] as const;
/** The ring of the code that runs. */
const CURRENT = -1;
/** Longest text that is asked about. */
const MOST_CHARACTERS = 200;

/** What the pane keeps with the layout. */
interface Choice {
  readonly text: string;
  readonly access: (typeof ACCESSES)[number];
}

/** How an address becomes a place in memory, or which exception comes instead. */
@customElement("translation-pane")
export class TranslationPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(recordsCss), unsafeCSS(insideCss)];

  @state() private text = "cs:eip";
  @state() private access: Choice["access"] = "read";
  @state() private size: number = 1;
  @state() private ring = CURRENT;
  private readonly parsed = new LookController(this, looker, "parseAddress", () => [this.text]);
  private readonly translation = new LookController(this, looker, "translate", () => {
    const place = placeOf(this.parsed.value);
    return place ? [place.space, place.offset, this.access, this.size, this.ring] : null;
  });
  private asked = "";

  /** Kept with the layout, and not to be trusted. */
  set paneState(kept: unknown) {
    const { text, access } = Object(kept) as Partial<Choice>;
    if (typeof text === "string") this.text = text.slice(0, MOST_CHARACTERS);
    if (access && ACCESSES.includes(access)) this.access = access;
  }

  /** The address is read anew at each stop: registers may stand in it. */
  override updated(): void {
    const place = placeOf(this.parsed.value);
    const asked = JSON.stringify([place, this.access, this.size, this.ring]);
    if (asked === this.asked) return;
    this.asked = asked;
    this.translation.refresh();
  }

  override render() {
    const parsed = this.parsed.value;
    const place = placeOf(parsed);
    return html`
      ${this.bar()}
      ${!parsed ? html`<p class="note">${PC.noMachine}</p>` : nothing}
      ${parsed && "error" in parsed ? html`<p class="bad" role="alert">${parsed.error.message}</p>` : nothing}
      ${place && this.translation.value ? this.result(this.translation.value) : nothing}
    `;
  }

  private bar() {
    const option = (value: string | number, title: string, chosen: boolean) =>
      html`<option value=${value} ?selected=${chosen}>${title}</option>`;
    return html`<div class="bar">
      <span class="grow"><input type="text" spellcheck="false" autocomplete="off" maxlength=${MOST_CHARACTERS}
        aria-label=${WORDS.text} placeholder=${WORDS.text} .value=${this.text} @input=${this.write} /></span>
      <label>${WORDS.access} <select @change=${this.chooseAccess}>
        ${ACCESSES.map((access) => option(access, WORDS.accesses[access], access === this.access))}</select></label>
      <label>${WORDS.size} <select @change=${this.chooseSize}>
        ${SIZES.map((size) => option(size, String(size), size === this.size))}</select></label>
      <label>${WORDS.ring} <select @change=${this.chooseRing}>
        ${[CURRENT, 0, 1, 2, 3].map((ring) => option(ring, ring === CURRENT ? WORDS.current : String(ring), ring === this.ring))}</select></label>
    </div>`;
  }

  private result({ steps, fault, linear, physical, parts }: TranslationView) {
    return html`
      <ol class="steps" aria-label=${WORDS.steps}>${steps.map((step) => this.step(step))}</ol>
      ${fault ? this.fault(fault) : this.place(linear, physical)}
      ${parts.length > 1 || (fault && parts.length > 0) ? this.parts(parts) : nothing}
    `;
  }

  /** Both ends of an access that lies in two pages; of one that fails in the second, the first. */
  private parts(parts: TranslationView["parts"]) {
    return html`<dl class="result parts" aria-label=${WORDS.parts}>${parts.map(
      ({ linear, length, physical }) => html`<dt>${WORDS.part(length)}</dt>
        <dd>${cell(linear, { name: WORDS.linear, space: "linear" })} → ${cell(physical, { name: WORDS.physical, space: "physical" })}</dd>`,
    )}</dl>`;
  }

  private step({ kind, text, address, entry, ok }: TranslationStep) {
    const space = kind === "descriptor" || kind === "selector" ? "linear" : "physical";
    return html`<li class=${ok ? "" : "bad"}>
      <span class="step">${kind}</span> ${ok ? nothing : html`<span class="bad">${WORDS.fails}</span>`}
      <div>${text}</div>
      ${address === null ? nothing : html`<div>${INSIDE.address} ${cell(address, { name: INSIDE.address, space })}</div>`}
      ${entry ? html`<dl>${registerRow(entry, undefined)}</dl>${fieldList(entry, undefined)}` : nothing}
    </li>`;
  }

  private fault({ name, errorCode, code, cr2, reason, section }: FaultView) {
    return html`<div class="fault" role="status"><strong>${name}</strong> ${reason}
      <dl>
        ${errorCode === null ? nothing : html`<dt>${WORDS.errorCode}</dt><dd>${hex(errorCode, 4)} ${code ? fieldList(code, undefined) : nothing}</dd>`}
        ${cr2 === null ? nothing : html`<dt>${WORDS.cr2}</dt><dd>${cell(cr2, { name: WORDS.cr2, space: "linear" })}</dd>`}
        <dt>${WORDS.section}</dt><dd>${section}</dd>
      </dl></div>`;
  }

  private place(linear: number | null, physical: number | null) {
    return html`<div role="status"><dl class="result">
      ${linear === null ? nothing : html`<dt>${WORDS.linear}</dt><dd>${cell(linear, { name: WORDS.linear, space: "linear" })}</dd>`}
      ${physical === null ? nothing : html`<dt>${WORDS.physical}</dt><dd>${cell(physical, { name: WORDS.physical, space: "physical" })}</dd>`}
    </dl><p>${WORDS.noFault}</p></div>`;
  }

  private readonly write = (event: Event): void => {
    this.text = (event.target as HTMLInputElement).value;
    this.parsed.refresh();
    this.keep();
  };

  private readonly chooseAccess = (event: Event): void => {
    this.access = (event.target as HTMLSelectElement).value as Choice["access"];
    this.keep();
  };

  private readonly chooseSize = (event: Event): void => {
    this.size = Number((event.target as HTMLSelectElement).value);
  };

  private readonly chooseRing = (event: Event): void => {
    this.ring = Number((event.target as HTMLSelectElement).value);
  };

  private keep(): void {
    this.dispatchEvent(new PaneStateEvent({ text: this.text, access: this.access } satisfies Choice));
  }
}

const placeOf = (parsed: ParsedAddress | null) => (parsed && !("error" in parsed) ? parsed : null);
