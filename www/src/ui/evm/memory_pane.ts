import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { evmStore } from "../../client/evm/start";
import { EVM } from "../../strings/evm";
import { FRAME } from "../../strings/frame";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { EvmController } from "./evm_controller";
import { asciiOf, pairsOf } from "./evm_text";
import memoryCss from "./memory_pane.css?inline";
import paneCss from "./pane.css?inline";

const WORDS = EVM.memory;
/** Bytes shown at a time: as many as a scene brings. */
const WINDOW = 2048;

/** The memory of the innermost call, in rows of 32 bytes. */
@customElement("evm-memory")
export class MemoryPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(memoryCss)];

  private readonly evm = new EvmController(this);
  @state() private from = 0;

  override render() {
    const { scene, previous } = this.evm.value;
    if (!scene) return html`<p class="note">${EVM.nothing}</p>`;
    if (scene.memorySize === 0) return html`<p class="note">${WORDS.empty}</p>`;
    const same = previous?.call === scene.call && previous.memoryFrom === scene.memoryFrom;
    const digits = scene.memory.slice(2);
    const before = same ? previous.memory.slice(2) : null;
    const rows = Array.from({ length: Math.ceil(digits.length / 64) }, (_, at) => at);
    return html`
      <div class="head"><span class="note">${WORDS.size(scene.memorySize)}</span>${this.pager(scene.memorySize)}</div>
      <div class="scroll" tabindex="0" role="region" aria-label=${EVM.panes.memory}><table class="mono">
        <thead><tr><th>${WORDS.offset}</th><th>${WORDS.bytes}</th><th>${WORDS.text}</th><th></th></tr></thead>
        <tbody>${rows.map((row) => this.row(scene.memoryFrom + 32 * row, digits.slice(64 * row, 64 * row + 64), before?.slice(64 * row, 64 * row + 64)))}</tbody>
      </table></div>`;
  }

  private pager(size: number) {
    if (size <= WINDOW) return nothing;
    return html`<span class="pager">
      <button type="button" class="small" aria-label=${WORDS.earlier} ?disabled=${this.from === 0} @click=${() => this.show(this.from - WINDOW)}>‹</button>
      <label>${WORDS.from} <input size="8" .value=${`0x${this.from.toString(16)}`} @change=${this.typed}></label>
      <button type="button" class="small" aria-label=${WORDS.later} ?disabled=${this.from + WINDOW >= size} @click=${() => this.show(this.from + WINDOW)}>›</button>
    </span>`;
  }

  private row(offset: number, digits: string, before: string | undefined) {
    const old = before === undefined ? undefined : pairsOf(before.padEnd(64, "0"));
    const bytes = pairsOf(digits).map((pair, at) => {
      const changed = old !== undefined && old[at] !== pair;
      const kind = changed ? "changed" : pair === "00" ? "zero" : "";
      const gap = at % 8 === 7 && at < 31 ? "gap" : "";
      return html`<span class="byte ${kind} ${gap}" title=${changed ? `${FRAME.was} ${old[at]}` : nothing}>${pair}</span>`;
    });
    const origin = () => evmStore.travel({ backwards: { until: "memoryChanges", offset, size: 32 } });
    return html`<tr>
      <th scope="row">${offset.toString(16).padStart(4, "0")}</th><td>${bytes}</td><td class="text">${asciiOf(digits)}</td>
      <td><button type="button" class="small" title=${WORDS.origin} aria-label=${`${WORDS.origin}: ${offset}`} @click=${origin}>↩</button></td>
    </tr>`;
  }

  private readonly typed = (event: Event): void => {
    const at = Number((event.target as HTMLInputElement).value);
    if (Number.isSafeInteger(at)) this.show(at);
  };

  private show(from: number): void {
    const size = this.evm.value.scene?.memorySize ?? 0;
    this.from = Math.floor(Math.max(0, Math.min(from, size - 1)) / 32) * 32;
    void evmStore.lookAtMemory(this.from, WINDOW);
  }
}
