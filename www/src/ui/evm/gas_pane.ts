import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import type { OpcodeUse, Outcome, SourceFileView } from "../../protocol/evm/whole";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { EvmController } from "./evm_controller";
import { grouped, shortAddress } from "./evm_text";
import gasCss from "./gas_pane.css?inline";
import paneCss from "./pane.css?inline";

const WORDS = EVM.gas;

/** Where the gas went: the bill, by opcode, by line; refunds and what is warm. */
@customElement("evm-gas")
export class GasPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(gasCss)];

  private readonly evm = new EvmController(this);

  override render() {
    const { selected, summary, index, code } = this.evm.value;
    const outcome = summary?.transactions[index];
    if (!selected || !outcome) return html`<p class="note">${EVM.nothing}</p>`;
    const total = selected.whole.opcodes.reduce((sum, { gas, lost }) => sum + gas + lost, 0);
    return html`
      <h3>${WORDS.overview}</h3>${this.bill(outcome)}
      <h3>${WORDS.opcodes}</h3>
      <div class="scroll" tabindex="0" role="region" aria-label=${WORDS.opcodes}><table>
        <thead><tr><th>${WORDS.opcode}</th><th class="number">${WORDS.count}</th><th class="number">${WORDS.gas}</th>
          <th class="number">${WORDS.lost}</th><th>${WORDS.share}</th></tr></thead>
        <tbody>${selected.whole.opcodes.map((row) => this.opcode(row, total))}</tbody>
      </table></div>
      <h3>${WORDS.lines} <small>${code?.source?.contract ?? code?.source?.name ?? ""}</small></h3>
      ${
        code?.source
          ? code.source.files.filter(({ uses }) => uses.length > 0).map((file) => this.lines(file))
          : html`<p class="note">${WORDS.noLines}</p>`
      }
      ${this.warm()}`;
  }

  private bill({ intrinsicGas = 0, floorGas = 0, gasUsed = 0, gasRefunded = 0, gasLimit = 0 }: Outcome) {
    const { scene } = this.evm.value;
    const line = (name: string, gas: number) => html`<dt>${name}</dt><dd>${grouped(gas)}</dd>`;
    const execution = Math.max(gasUsed + gasRefunded - intrinsicGas, 0);
    const left = scene?.frames.at(-1)?.gas;
    return html`<dl>${line(WORDS.intrinsic, intrinsicGas)} ${line(WORDS.execution, execution)} ${gasRefunded > 0 ? line(WORDS.refunded, -gasRefunded) : nothing}
      ${floorGas > intrinsicGas ? line(WORDS.floor, floorGas) : nothing} ${line(WORDS.used, gasUsed)} ${line(WORDS.limit, gasLimit)}
      ${left === undefined ? nothing : line(WORDS.left, left)} ${scene ? line(WORDS.here, scene.refund) : nothing}</dl>`;
  }

  private opcode({ mnemonic, opcode, count, gas, lost }: OpcodeUse, total: number) {
    const share = total > 0 ? (100 * (gas + lost)) / total : 0;
    return html`<tr><td class="mono">${mnemonic ?? `0x${opcode.toString(16)}`}</td><td class="number">${grouped(count)}</td>
      <td class="number">${grouped(gas)}</td><td class="number">${lost > 0 ? html`<span class="bad">${grouped(lost)}</span>` : nothing}</td>
      <td class="share"><span style="width:${share}%"></span><em>${share.toFixed(1)} %</em></td></tr>`;
  }

  private lines({ name, text, uses }: SourceFileView) {
    const lines = text.split("\n");
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${`${WORDS.lines}: ${name}`}><table>
      <thead><tr><th class="number">${WORDS.line}</th><th>${WORDS.text}</th><th class="number">${WORDS.count}</th><th class="number">${WORDS.gas}</th></tr></thead>
      <tbody>${uses.map(
        ([
          line,
          count,
          gas,
        ]) => html`<tr><td class="number note">${line}</td><td class="mono line">${(lines[line - 1] ?? "").trim()}</td>
          <td class="number">${grouped(count)}</td><td class="number">${grouped(gas)}</td></tr>`,
      )}</tbody></table></div>`;
  }

  private warm() {
    const { scene } = this.evm.value;
    if (!scene) return nothing;
    const accounts = scene.accounts.filter(({ warm }) => warm);
    const slots = scene.slots.filter(({ warm }) => warm);
    return html`<h3>${WORDS.warm} <small>${accounts.length}</small></h3>
      <p class="mono">${accounts.map(({ address }) => html`<span class="chip" title=${address}>${shortAddress(address)}</span> `)}</p>
      <h3>${WORDS.warmSlots} <small>${slots.length}</small></h3>
      <p class="mono">${slots.map(({ address, key }) => html`<span class="chip" title=${key}>${shortAddress(address)} ${shortAddress(key)}</span> `)}</p>`;
  }
}
