import { html, nothing, svg, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { evmStore } from "../../client/evm/start";
import type { CallUse } from "../../protocol/evm/whole";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import callsCss from "./calls_pane.css?inline";
import { decoded } from "./decoded";
import { EvmController } from "./evm_controller";
import { grouped, shortAddress } from "./evm_text";
import { type Bar, flame } from "./flame";
import paneCss from "./pane.css?inline";

const WORDS = EVM.calls;
const WIDTH = 1000;
const ROW = 26;
/** Rows of the tree, at most. */
const MOST = 500;

/** The tree of calls with the gas of each, as a flame chart and as a table. */
@customElement("evm-calls")
export class CallsPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(callsCss)];

  private readonly evm = new EvmController(this);

  override render() {
    const { selected } = this.evm.value;
    if (!selected) return html`<p class="note">${EVM.nothing}</p>`;
    const { calls } = selected.whole;
    return html`${this.chart(calls)}
      <div class="scroll" tabindex="0" role="region" aria-label=${WORDS.tree}><table>
        <thead><tr><th>${WORDS.call}</th><th class="number">${WORDS.gas}</th><th class="number">${WORDS.own}</th>
          <th class="number">${WORDS.steps}</th><th>${WORDS.result}</th></tr></thead>
        <tbody>${calls.slice(0, MOST).map((call, at) => this.row(call, at))}</tbody>
      </table></div>
      ${calls.length > MOST ? html`<p class="note">${WORDS.more(calls.length - MOST)}</p>` : nothing}`;
  }

  private chart(calls: readonly CallUse[]) {
    const bars = flame(calls);
    const depth = Math.max(...bars.map((bar) => bar.depth), 0) + 1;
    return html`<svg class="flame" viewBox="0 0 ${WIDTH} ${depth * ROW}" preserveAspectRatio="none" role="img"
      aria-label=${WORDS.flame} style="height:${depth * ROW}px">${bars.map((bar) => this.bar(bar, calls))}</svg>
      <div class="names" aria-hidden="true" style="height:${depth * ROW}px">${bars.map((bar) => this.name(bar, calls))}</div>`;
  }

  private bar({ call, depth, left, width }: Bar, calls: readonly CallUse[]) {
    const one = calls[call];
    if (!one) return nothing;
    const here = call === this.evm.value.scene?.call;
    return svg`<rect class="${one.success ? "" : "failed"} ${here ? "here" : ""}" x=${left * WIDTH} y=${depth * ROW} width=${width * WIDTH} height=${ROW - 2}
      @click=${() => this.go(one)}><title>${this.describe(one)}</title></rect>`;
  }

  /** Names lie over the chart, which is stretched, so that letters are not. */
  private name({ call, depth, left, width }: Bar, calls: readonly CallUse[]) {
    const one = calls[call];
    if (!one || width < 0.05) return nothing;
    return html`<span style="left:${left * 100}%;width:${width * 100}%;top:${depth * ROW}px">${this.short(one, call)}</span>`;
  }

  private short({ kind, to, gasUsed, success }: CallUse, at: number): string {
    const known = this.evm.value.selected?.calls[at];
    const name = known ? known.signature.slice(0, known.signature.indexOf("(")) : kind;
    return `${success ? "" : "✕ "}${shortAddress(to)} ${name} · ${grouped(gasUsed)}`;
  }

  private describe({ kind, to, gasUsed, failure }: CallUse): string {
    return `${kind} ${to}: ${EVM.outcome.gas(gasUsed)}${failure ? `; ${failure}` : ""}`;
  }

  private row(call: CallUse, at: number) {
    const here = at === this.evm.value.scene?.call;
    const known = this.evm.value.selected?.calls[at];
    return html`<tr class=${here ? "here" : ""}>
      <td style="padding-left:${call.depth * 1.1}rem"><button type="button" class="link" title=${call.to} @click=${() => this.go(call)}
        ><span class="chip">${call.kind}</span> <span class="mono">${shortAddress(call.to)}</span></button>
        ${known ? decoded(known) : nothing} ${here ? html`<span class="chip strong">${WORDS.here}</span>` : nothing}</td>
      <td class="number">${grouped(call.gasUsed)}</td><td class="number">${grouped(call.ownGas)}</td>
      <td class="number">${grouped(call.steps)}</td>
      <td>${call.success ? WORDS.ok : html`<span class="bad">✕ ${call.failure}</span>`}</td>
    </tr>`;
  }

  private go({ first }: CallUse): void {
    void evmStore.travel({ to: first });
  }
}
