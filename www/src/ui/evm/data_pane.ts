import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import type { Decoded } from "../../protocol/evm/whole";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { decoded } from "./decoded";
import { EvmController } from "./evm_controller";
import { asciiOf, wordsOf } from "./evm_text";
import paneCss from "./pane.css?inline";

const WORDS = EVM.data;

/** What the call was given, what its last callee returned, and at the end what the transaction gave back. */
@customElement("evm-data")
export class DataPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss)];

  private readonly evm = new EvmController(this);

  override render() {
    const { scene, selected, summary, index } = this.evm.value;
    if (!scene) return html`<p class="note">${EVM.nothing}</p>`;
    const call = scene.call === null ? null : (selected?.calls[scene.call] ?? null);
    if (scene.end) {
      const size = summary?.transactions[index]?.outputSize ?? 0;
      return this.section(WORDS.output, scene.end.output, size, false, null);
    }
    return html`${this.section(WORDS.call, scene.callData, scene.callDataSize, scene.callDataSize % 32 === 4, call)}
      ${this.section(WORDS.returned, scene.returnData, scene.returnDataSize, false, null)}`;
  }

  /** Data in words of 32 bytes; after the selector where there is one. */
  private section(title: string, data: string, size: number, hasSelector: boolean, call: Decoded | null) {
    if (size === 0) return html`<h3>${title}</h3><p class="note">${WORDS.none}</p>`;
    const digits = data.slice(2);
    const selector = hasSelector ? digits.slice(0, 8) : "";
    const start = selector.length / 2;
    return html`<h3>${title} <small>${WORDS.bytes(size)}</small></h3>
      ${call ? html`<p>${decoded(call)}</p>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label=${title}><table class="mono"><tbody>
        ${selector ? html`<tr><th scope="row">0000</th><td>${selector}</td><td class="note">${WORDS.selector}</td></tr>` : nothing}
        ${wordsOf(digits.slice(selector.length)).map(
          (word, at) =>
            html`<tr><th scope="row">${(start + 32 * at).toString(16).padStart(4, "0")}</th><td>${word}</td><td class="note">${asciiOf(word)}</td></tr>`,
        )}
      </tbody></table></div>
      ${digits.length / 2 < size ? html`<p class="note">${WORDS.cut(digits.length / 2, size)}</p>` : nothing}`;
  }
}
