import { html, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { looker } from "../../client/start";
import { whoWrote } from "../../client/wrote";
import type { EventLog, PortEvent } from "../../protocol/inspection";
import { INSIDE } from "../../strings/inside";
import { WROTE } from "../../strings/wrote";
import controlsCss from "../controls/controls.css?inline";
import { LookController } from "../look_controller";
import { cell } from "./cells";
import { EventLogPane, SHOWN } from "./event_log";
import { placeLink } from "./far_value";
import insideCss from "./inside.css?inline";
import paneCss from "./pane.css?inline";
import recordsCss from "./records.css?inline";

const WORDS = INSIDE.log;
const WAYS = ["read", "write"] as const;
type Way = (typeof WAYS)[number];

/** Accesses to I/O ports, the newest first. */
@customElement("ports-pane")
export class PortsPane extends EventLogPane {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(recordsCss), unsafeCSS(insideCss)];

  protected override readonly which = "ports";
  @state() private way: Way | "" = "";
  private readonly log = new LookController(this, looker, "portLog", () => [
    { count: SHOWN, ...this.range, ...(this.way ? { write: this.way === "write" } : {}) },
  ]);

  override render() {
    const log = this.log.value;
    if (!log) return this.noMachine;
    return html`${this.bar(log, WORDS.portFilter, this.ways())} ${this.nothingToShow(log) ?? this.list(log)}`;
  }

  protected override ask(): void {
    this.log.refresh();
  }

  private ways() {
    const { first, last } = this.range;
    const wrote = () => whoWrote("port", `${first?.toString(16)}-${last?.toString(16)}`);
    return html`<button type="button" title=${WROTE.port} ?disabled=${first === undefined} @click=${wrote}>${WROTE.write}</button>
      <label>${WORDS.directions} <select @change=${this.choose}>
      <option value="">${WORDS.all}</option>
      ${WAYS.map((way) => html`<option value=${way} ?selected=${way === this.way}>${WORDS[way]}</option>`)}
    </select></label>`;
  }

  private list({ events }: EventLog<PortEvent>) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${INSIDE.panes.ports}><table>
      <thead><tr><th>${WORDS.instruction}</th><th>${WORDS.direction}</th><th>${WORDS.port}</th><th>${INSIDE.value}</th><th>${WORDS.from}</th></tr></thead>
      <tbody>${[...events].reverse().map(
        ({ instruction, write, port, value, size, from }) => html`<tr>
          <td>${instruction.toLocaleString("en")}</td>
          <td><span class="tag ${write ? "interrupt-frame" : "return-address"}">${write ? WORDS.write : WORDS.read}</span></td>
          <td>${cell(port, { name: WORDS.port, bits: 16 })}</td><td>${cell(value, { name: INSIDE.value, bits: size * 8 })}</td><td>${placeLink(from, WORDS.from)}</td>
        </tr>`,
      )}</tbody>
    </table></div>`;
  }

  private readonly choose = (event: Event): void => {
    this.way = (event.target as HTMLSelectElement).value as Way | "";
    this.log.refresh();
  };
}
