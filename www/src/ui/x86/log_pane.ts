import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { looker } from "../../client/start";
import type { EventLog, InterruptEvent } from "../../protocol/inspection";
import { INSIDE } from "../../strings/inside";
import controlsCss from "../controls/controls.css?inline";
import { hex } from "../frame/number_text";
import { LookController } from "../look_controller";
import { cell } from "./cells";
import { EventLogPane, SHOWN } from "./event_log";
import { placeLink } from "./far_value";
import insideCss from "./inside.css?inline";
import paneCss from "./pane.css?inline";
import recordsCss from "./records.css?inline";

const WORDS = INSIDE.log;
const SOURCES = ["exception", "external", "software"] as const;
type Source = (typeof SOURCES)[number];

/** Interrupts and exceptions as they were delivered, the newest first. */
@customElement("log-pane")
export class LogPane extends EventLogPane {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(recordsCss), unsafeCSS(insideCss)];

  protected override readonly which = "interrupts";
  @state() private source: Source | "" = "";
  private readonly log = new LookController(this, looker, "interruptLog", () => [
    { count: SHOWN, ...this.range, ...(this.source ? { source: this.source } : {}) },
  ]);

  override render() {
    const log = this.log.value;
    if (!log) return this.noMachine;
    return html`${this.bar(log, WORDS.filter, this.sources())} ${this.nothingToShow(log) ?? this.list(log)}`;
  }

  protected override ask(): void {
    this.log.refresh();
  }

  private sources() {
    return html`<label>${WORDS.source} <select @change=${this.choose}>
      <option value="">${WORDS.all}</option>
      ${SOURCES.map((source) => html`<option value=${source} ?selected=${source === this.source}>${WORDS.sources[source]}</option>`)}
    </select></label>`;
  }

  private list({ events }: EventLog<InterruptEvent>) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${INSIDE.panes.log}><table>
      <thead><tr><th>${WORDS.instruction}</th><th>${WORDS.vector}</th><th>${WORDS.source}</th><th>${WORDS.error}</th><th>${WORDS.from}</th><th>${WORDS.handler}</th></tr></thead>
      <tbody>${[...events].reverse().map((event) => this.event(event))}</tbody>
    </table></div>`;
  }

  private event({ instruction, vector, name, source, errorCode, from, handler, failed, cr2 }: InterruptEvent) {
    const reached = handler ? placeLink(handler, WORDS.handler) : WORDS.failed(failed === null ? "?" : hex(failed, 2));
    return html`<tr>
      <td>${instruction.toLocaleString("en")}</td>
      <td>${hex(vector, 2)} ${name}</td>
      <td><span class="tag ${source === "exception" ? "interrupt-frame" : source === "external" ? "return-address" : ""}">${WORDS.sources[source]}</span></td>
      <td>${errorCode === null ? nothing : hex(errorCode, 4)}${cr2 === null ? nothing : html` ${INSIDE.translation.cr2} ${cell(cr2, { name: INSIDE.translation.cr2, space: "linear" })}`}</td>
      <td>${placeLink(from, WORDS.from)}</td><td class=${handler ? "" : "bad"}>${reached}</td>
    </tr>`;
  }

  private readonly choose = (event: Event): void => {
    this.source = (event.target as HTMLSelectElement).value as Source | "";
    this.log.refresh();
  };
}
