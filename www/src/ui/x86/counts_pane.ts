import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { looker, store } from "../../client/start";
import type { Hottest } from "../../protocol/inspection";
import { INSIDE } from "../../strings/inside";
import { PC } from "../../strings/pc";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { LookController } from "../look_controller";
import { cell } from "./cells";
import countsCss from "./counts_pane.css?inline";
import insideCss from "./inside.css?inline";
import paneCss from "./pane.css?inline";
import recordsCss from "./records.css?inline";

const WORDS = INSIDE.counts;
/** Instructions shown. */
const SHOWN = 100;

/** Switches the counting of instructions. */
export async function setCounting(on: boolean): Promise<void> {
  try {
    await store.inspect("setCounting", on);
  } catch (error) {
    store.report(error instanceof Error ? error.message : String(error));
  }
  looker.refresh();
}

/** Which instructions ran most often. */
@customElement("counts-pane")
export class CountsPane extends GlassElement {
  static override styles = [
    unsafeCSS(controlsCss),
    unsafeCSS(paneCss),
    unsafeCSS(recordsCss),
    unsafeCSS(insideCss),
    unsafeCSS(countsCss),
  ];

  private readonly hottest = new LookController(this, looker, "hottest", () => [SHOWN]);

  override render() {
    const hottest = this.hottest.value;
    if (!hottest) return html`<p class="note">${PC.noMachine}</p>`;
    const { on, total } = hottest;
    return html`<div class="bar">
        <button type="button" aria-pressed=${on} @click=${() => void setCounting(!on)}>${on ? WORDS.stop : WORDS.start}</button>
        <span class="push">${on ? WORDS.total(total) : nothing}</span>
      </div>
      ${on ? this.list(hottest) : html`<p class="note">${WORDS.off}</p>`}`;
  }

  private list({ total, lines }: Hottest) {
    if (lines.length === 0) return html`<p class="note">${WORDS.none}</p>`;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${WORDS.hottest}><table>
      <caption>${WORDS.hottest}</caption>
      <thead><tr><th>${INSIDE.address}</th><th>${WORDS.ran}</th><th colspan="2">${WORDS.share}</th><th>${WORDS.symbol}</th></tr></thead>
      <tbody>${lines.map(({ linear, count, symbol }) => {
        const percent = (100 * count) / Math.max(total, 1);
        return html`<tr>
          <td>${cell(linear, { name: INSIDE.address, space: "linear", pane: "code" })}</td>
          <td class="number">${count.toLocaleString("en")}</td><td class="number">${percent.toFixed(1)} %</td>
          <td><span class="share" aria-hidden="true" style="width: ${(percent / 10).toFixed(2)}rem"></span></td>
          <td class="symbol">${symbol ?? nothing}</td>
        </tr>`;
      })}</tbody>
    </table></div>`;
  }
}
