import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { evmStore } from "../../client/evm/start";
import type { LogEntry } from "../../protocol/evm/whole";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { decoded } from "./decoded";
import { EvmController } from "./evm_controller";
import { shortAddress } from "./evm_text";
import logsCss from "./logs_pane.css?inline";
import paneCss from "./pane.css?inline";

const WORDS = EVM.logs;

/** All logs of the transaction: those that were, those still to come, those undone. */
@customElement("evm-logs")
export class LogsPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(logsCss)];

  private readonly evm = new EvmController(this);

  override render() {
    const { selected } = this.evm.value;
    if (!selected) return html`<p class="note">${EVM.nothing}</p>`;
    const { logs } = selected.whole;
    if (logs.length === 0) return html`<p class="note">${WORDS.none}</p>`;
    return html`<ol>${logs.map((log, at) => this.log(log, at))}</ol>`;
  }

  private log(log: LogEntry, at: number) {
    const { scene, selected } = this.evm.value;
    const known = selected?.logs[at];
    const later = (scene?.position ?? 0) <= log.position;
    return html`<li class=${later ? "later" : ""}>
      <div class="line">
        <span class="mono" title=${log.address}>${shortAddress(log.address)}</span>
        ${known ? decoded(known) : nothing}
        ${log.undone ? html`<span class="chip bad">${WORDS.undone}</span>` : nothing}
        ${later ? html`<span class="chip">${WORDS.notYet}</span>` : nothing}
        <button type="button" class="small" @click=${() => evmStore.travel({ to: log.position })}>${WORDS.go}</button>
      </div>
      <dl class="mono">
        ${log.topics.map((topic, index) => html`<dt>${index}</dt><dd>${topic}</dd>`)}
        ${log.dataSize > 0 ? html`<dt>${WORDS.data}</dt><dd>${log.data}</dd>` : nothing}
      </dl>
    </li>`;
  }
}
