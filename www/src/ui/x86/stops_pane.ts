import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { stops, store } from "../../client/start";
import { stopSpec } from "../../client/stops";
import type { StopError, StopKind, StopSpec, StopView } from "../../protocol/stops";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { OpenAddressEvent } from "../frame/number_value";
import { PC } from "../strings/pc";
import { ViewController } from "../view_controller";
import paneCss from "./pane.css?inline";
import stopsCss from "./stops_pane.css?inline";

const WORDS = PC.stops;
const KINDS = Object.keys(WORDS.kinds) as StopKind[];
const MEMORY: readonly StopKind[] = ["read", "write", "access", "change"];
const TEXT: readonly StopKind[] = ["screen", "serial"];

/** Stops: those that are set, with their hits, and a form for one more. */
@customElement("stops-pane")
export class StopsPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(stopsCss)];

  @state() private kind: StopKind = "execute";
  @state() private errors: readonly StopError[] = [];
  private readonly view = new ViewController(this, store);
  private end: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.end = stops.watch(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end?.();
  }

  override render() {
    const { list } = stops;
    const { stop, stopLog } = this.view.value;
    const met = new Set(stop?.reason === "stopped" ? stop.hits.map((hit) => hit.stop) : []);
    return html`
      ${list.length === 0 ? html`<p class="note">${WORDS.none}</p>` : html`<ul>${list.map((one, at) => this.line(one, at, met.has(at)))}</ul>`}
      ${this.form()}
      ${stopLog.length > 0 ? html`<h3>${WORDS.lines}</h3><pre tabindex="0" role="log" aria-label=${WORDS.lines}>${stopLog.join("\n")}</pre>` : nothing}
    `;
  }

  private line(one: StopView, at: number, met: boolean) {
    const { hits: _, ...spec } = one;
    const change = (event: Event) => this.put(at, { ...spec, enabled: (event.target as HTMLInputElement).checked });
    const title = stopTitle(one);
    const leads = one.kind === "execute" && /^[0-9a-f]{1,8}$/i.test(one.at);
    return html`<li class=${met ? "met" : ""}>
      <input type="checkbox" aria-label="${WORDS.enabled}: ${title}" .checked=${one.enabled} @change=${change} />
      <span class="what">${met ? html`<b aria-hidden="true">▶</b> ` : nothing}${WORDS.kinds[one.kind]}
        ${leads ? html`<button type="button" class="link" @click=${() => this.show(one.at)}>${one.at}</button>` : html`<code>${whereText(one)}</code>`}
        ${one.condition ? html`<span class="note">${WORDS.condition.toLowerCase()}</span> <code>${one.condition}</code>` : nothing}
        ${one.from > 1 ? html`<span class="note">${WORDS.from.toLowerCase()}</span> ${one.from}` : nothing}
        ${one.log ? html`<span class="note">→</span> <code>${one.log}</code>` : nothing}
      </span>
      <span class="hits">${one.hits === 1 ? WORDS.hit : WORDS.hits(one.hits)}</span>
      <button type="button" aria-label="${WORDS.remove}: ${title}" title=${WORDS.remove} @click=${() => this.take(at)}>✕</button>
    </li>`;
  }

  private form() {
    const { kind } = this;
    const any = this.view.value.state !== "off";
    return html`<form @submit=${this.submit} aria-label=${WORDS.add}>
      <label>${WORDS.kind}<select name="kind" @change=${this.choose}>
        ${KINDS.map((one) => html`<option value=${one} ?selected=${one === kind}>${WORDS.kinds[one]}</option>`)}
      </select></label>
      ${kind === "screen" ? nothing : this.field("at", WORDS.at, WORDS.hints[kind])}
      ${TEXT.includes(kind) ? this.field("text", WORDS.text) : nothing}
      ${MEMORY.includes(kind) ? this.field("length", WORDS.length, "1") : nothing}
      ${kind === "exception" ? this.field("error", WORDS.error) : nothing}
      ${this.field("condition", WORDS.condition, WORDS.conditionHint)}
      ${this.field("from", WORDS.from, "1")}
      ${this.field("log", WORDS.log, WORDS.logHint)}
      <div class="set"><button type="submit" class="primary" ?disabled=${!any} title=${any ? "" : WORDS.needsMachine}>${WORDS.set}</button></div>
    </form>`;
  }

  private field(name: keyof StopSpec, title: string, hint = "") {
    const error = this.errors.find(({ field }) => field === name);
    const text = name === "condition" || name === "log" ? "long" : "";
    return html`<label class=${text}>${title}
      <input name=${name} placeholder=${hint} autocomplete="off" spellcheck="false" aria-invalid=${error ? "true" : "false"}
        aria-describedby=${error ? `${name}-error` : nothing} @input=${() => this.forget(name)} />
      ${error ? html`<span class="error" id="${name}-error" role="alert"><span aria-hidden="true">${" ".repeat(error.column)}^ </span>${error.message}</span>` : nothing}
    </label>`;
  }

  private forget(name: keyof StopSpec): void {
    this.errors = this.errors.filter(({ field }) => field !== name);
  }

  private readonly choose = (event: Event): void => {
    this.kind = (event.target as HTMLSelectElement).value as StopKind;
    this.errors = [];
  };

  private readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const text = (name: keyof StopSpec): string => String(data.get(name) ?? "");
    const spec = stopSpec({
      kind: this.kind,
      at: text("at").trim(),
      text: text("text"),
      error: text("error").trim(),
      condition: text("condition").trim(),
      log: text("log"),
      length: Number(text("length")) || 1,
      from: Number(text("from")) || 1,
    });
    const at = stops.list.length;
    const errors = await this.tried(() => stops.add(spec));
    this.errors = errors.filter((error) => error.stop === at);
    if (errors.length === 0) form.reset();
    const other = errors.find((error) => error.stop !== at || !form.elements.namedItem(error.field));
    if (other) store.report(other.message);
  };

  private put(at: number, spec: StopSpec): void {
    void this.tried(() => stops.replace(at, spec));
  }

  private take(at: number): void {
    void this.tried(() => stops.remove(at));
  }

  private async tried(set: () => Promise<readonly StopError[]>): Promise<readonly StopError[]> {
    try {
      return await set();
    } catch (error) {
      store.report(error instanceof Error ? error.message : String(error));
      return [];
    }
  }

  private show(at: string): void {
    this.dispatchEvent(new OpenAddressEvent({ space: "linear", address: BigInt(`0x${at}`), pane: "code" }));
  }
}

const whereText = ({ at, text, length, error }: StopView): string =>
  [at, text ? `"${text}"` : "", length > 1 ? `+${length}` : "", error].filter(Boolean).join(" ");

const stopTitle = (stop: StopView): string => `${WORDS.kinds[stop.kind]} ${whereText(stop)}`.trim();
