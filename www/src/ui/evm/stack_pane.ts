import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { evmStore } from "../../client/evm/start";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { EvmController } from "./evm_controller";
import { word } from "./evm_word";
import paneCss from "./pane.css?inline";

const WORDS = EVM.stack;

/** The stack of the innermost call, the top word first, with what the next instruction calls its words. */
@customElement("evm-stack")
export class StackPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss)];

  private readonly evm = new EvmController(this);

  override render() {
    const { scene, previous } = this.evm.value;
    if (!scene) return html`<p class="note">${EVM.nothing}</p>`;
    const before = previous?.call === scene.call ? previous.stack : undefined;
    const { stack } = scene;
    const removed = Math.max((before?.length ?? 0) - stack.length, 0);
    const gone = removed > 0 ? html`<p class="note">${WORDS.gone(removed)}</p>` : nothing;
    if (stack.length === 0) return html`<p class="note">${WORDS.empty}</p>${gone}`;
    const names = scene.next?.inputs.map(({ name }) => name) ?? [];
    return html`${gone}<div class="scroll" tabindex="0" role="region" aria-label=${EVM.panes.stack}><table>
      <thead><tr><th class="number">${WORDS.depth}</th><th>${WORDS.value}</th><th>${WORDS.name}</th><th></th></tr></thead>
      <tbody>${stack.map((_, depth) => this.row(stack.length - 1 - depth, depth, names[depth], before))}</tbody>
    </table></div>`;
  }

  private row(index: number, depth: number, name: string | undefined, before: readonly string[] | undefined) {
    const value = this.evm.value.scene?.stack[index] ?? "0x0";
    const old = before?.[index];
    return html`<tr>
      <td class="number note">${depth}</td>
      <td>${word(value, `${EVM.panes.stack} ${depth}`, old)}</td>
      <td class="mono">${name ? html`<span class="chip strong">${name}</span>` : nothing}</td>
      <td><button type="button" class="small" title=${WORDS.origin} aria-label=${`${WORDS.origin}: ${depth}`}
        @click=${() => evmStore.travel({ backwards: { until: "stackChanges", index } })}>↩</button></td>
    </tr>`;
  }
}
