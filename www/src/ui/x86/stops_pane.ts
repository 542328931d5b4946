import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { stops, store } from "../../client/start";
import { stopSpec } from "../../client/stops";
import type { StopError, StopKind, StopSpec, StopView } from "../../protocol/stops";
import { PC } from "../../strings/pc";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import type { AddressTarget } from "../frame/number_value";
import { ViewController } from "../view_controller";
import { addressLink } from "./far_value";
import paneCss from "./pane.css?inline";
import stopsCss from "./stops_pane.css?inline";

const WORDS = PC.stops;
const KINDS = Object.keys(WORDS.kinds) as StopKind[];
const MEMORY: readonly StopKind[] = ["read", "write", "access", "change"];
/** Kinds whose place is an address. */
const PLACES: readonly StopKind[] = ["execute", ...MEMORY];
/** Symbols that are offered while one is written. */
const MOST_NAMES = 12;
const TEXT: readonly StopKind[] = ["screen", "serial"];

/** Stops: those that are set, with their hits, and a form for one more. */
@customElement("stops-pane")
export class StopsPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(stopsCss)];

  @state() private kind: StopKind = "execute";
  @state() private errors: readonly StopError[] = [];
  @state() private names: readonly string[] = [];
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
    const met = new Set(stop?.reason === "stopped" ? stop.hits.map((hit) => hit.id) : []);
    return html`
      ${list.length === 0 ? html`<p class="note">${WORDS.none}</p>` : html`<ul>${list.map((one, at) => this.line(one, at, met.has(one.id)))}</ul>`}
      ${this.form()}
      ${stopLog.length > 0 ? html`<h3>${WORDS.lines}</h3><pre tabindex="0" role="log" aria-label=${WORDS.lines}>${stopLog.join("\n")}</pre>` : nothing}
    `;
  }

  private line(one: StopView, at: number, met: boolean) {
    const { hits: _, ...spec } = one;
    const change = (event: Event) => this.put(at, { ...spec, enabled: (event.target as HTMLInputElement).checked });
    const title = stopTitle(one);
    const leads = placeOf(one);
    return html`<li class=${met ? "met" : ""}>
      <input type="checkbox" aria-label="${WORDS.enabled}: ${title}" .checked=${one.enabled} @change=${change} />
      <span class="what">${met ? html`<b aria-hidden="true">▶</b> ` : nothing}${WORDS.kinds[one.kind]}
        ${one.symbol ? html`<code class="symbol">${one.symbol}</code> ` : nothing}${leads ? html`${addressLink(one.at, leads)} <code>${restText(one)}</code>` : html`<code>${whereText(one)}</code>`}
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
      <datalist id="names">${this.names.map((name) => html`<option value=${name}></option>`)}</datalist>
      <div class="set"><button type="submit" class="primary" ?disabled=${!any} title=${any ? "" : WORDS.needsMachine}>${WORDS.set}</button></div>
    </form>`;
  }

  private field(name: keyof StopSpec, title: string, hint = "") {
    const error = this.errors.find(({ field }) => field === name);
    const text = name === "condition" || name === "log" ? "long" : "";
    return html`<label class=${text}>${title}
      <input name=${name} placeholder=${hint} autocomplete="off" spellcheck="false" aria-invalid=${error ? "true" : "false"}
        aria-describedby=${error ? `${name}-error` : nothing} list=${name === "at" ? "names" : nothing}
        @input=${(event: Event) => this.written(name, (event.target as HTMLInputElement).value)} />
      ${error ? html`<span class="error" id="${name}-error" role="alert"><span aria-hidden="true">${" ".repeat(error.column)}^ </span>${error.message}</span>` : nothing}
    </label>`;
  }

  private written(name: keyof StopSpec, text: string): void {
    this.errors = this.errors.filter(({ field }) => field !== name);
    if (name === "at") void this.complete(text);
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

  /** Symbols that begin as what is written. */
  private async complete(text: string): Promise<void> {
    const wanted = text.trim();
    if (!PLACES.includes(this.kind) || !/^[a-z_.$@?]/i.test(wanted)) return;
    const found = await store.inspect("searchSymbols", wanted, MOST_NAMES).catch(() => []);
    this.names = found.map(({ name }) => name);
  }
}

/** Where a stop on an address leads: code for execution, memory for all else. */
function placeOf({ kind, at }: StopView): AddressTarget | null {
  const [, before, digits] = /^(?:(\w+):)?(?:0x)?([0-9a-f]{1,9})h?$/i.exec(at) ?? [];
  if (!PLACES.includes(kind) || digits === undefined) return null;
  const spaces: Record<string, string> = { phys: "physical", p: "physical", linear: "linear", l: "linear" };
  const space = before === undefined ? "linear" : (spaces[before.toLowerCase()] ?? before.toLowerCase());
  return {
    space,
    address: BigInt(`0x${digits}`),
    pane: kind === "execute" && space !== "physical" ? "code" : "memory",
  };
}

const restText = ({ text, length, error }: StopView): string =>
  [text ? `"${text}"` : "", length > 1 ? `+${length}` : "", error].filter(Boolean).join(" ");

const whereText = (stop: StopView): string => [stop.at, restText(stop)].filter(Boolean).join(" ");

const stopTitle = (stop: StopView): string =>
  [WORDS.kinds[stop.kind], stop.symbol, whereText(stop)].filter(Boolean).join(" ");
