import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { evmStore } from "../../client/evm/start";
import type { SlotScene, StorageVariable, TransientWord } from "../../protocol/evm/scene";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { marked } from "../frame/marked";
import { EvmController } from "./evm_controller";
import { shortenHex } from "./evm_text";
import { word } from "./evm_word";
import paneCss from "./pane.css?inline";
import storageCss from "./storage_pane.css?inline";

const WORDS = EVM.storage;

/** Rows in the order of their accounts' first appearance. */
function byAccount<T extends { readonly address: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(row.address, [...(groups.get(row.address) ?? []), row]);
  return groups;
}

/** Storage and transient storage: before the transaction, and now. */
@customElement("evm-storage")
export class StoragePane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(storageCss)];

  private readonly evm = new EvmController(this);

  override render() {
    const { scene } = this.evm.value;
    if (!scene) return html`<p class="note">${EVM.nothing}</p>`;
    return html`
      <h3>${WORDS.persistent}</h3>
      ${scene.slots.length === 0 ? html`<p class="note">${WORDS.none}</p>` : nothing}
      ${[...byAccount(scene.slots)].map(([address, rows]) => this.account(address, rows))}
      <h3>${WORDS.transient}</h3>
      ${scene.transient.length === 0 ? html`<p class="note">${WORDS.noneTransient}</p>` : nothing}
      ${[...byAccount(scene.transient)].map(([address, rows]) => this.words(address, rows))}`;
  }

  private account(address: string, rows: readonly SlotScene[]) {
    return html`<p class="mono">${address}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${`${WORDS.persistent} ${address}`}><table>
        <thead><tr><th>${WORDS.key}</th><th>${WORDS.before}</th><th>${WORDS.now}</th><th>${WORDS.access}</th><th></th></tr></thead>
        <tbody>${rows.map((row) => this.slotRow(row))}</tbody>
      </table></div>`;
  }

  private slotRow({ address, key, value, original, warm, variables = [] }: SlotScene) {
    const { previous } = this.evm.value;
    const before = previous?.slots.find((old) => old.key === key && old.address === address);
    const write = { until: "slotWritten", address, key } as const;
    const go = (label: string, text: string, travel: () => void) =>
      html`<button type="button" class="small" title=${label} aria-label=${`${label}: ${key}`} @click=${travel}>${text}</button>`;
    return html`${variables.map((one) => this.variable(one, before?.variables, previous !== null))}<tr class=${variables.length > 0 ? "slot" : ""}>
      <td>${word(key, WORDS.key)}</td><td>${word(original, WORDS.before)}</td>
      <td>${word(value, WORDS.now, before?.value ?? (previous ? original : null))}</td>
      <td><span class="chip ${warm ? "strong" : ""}">${warm ? WORDS.warm : WORDS.cold}</span></td>
      <td>${go(WORDS.origin, "↩", () => void evmStore.travel({ backwards: write }))}
        ${go(WORDS.forward, "↪", () => void evmStore.travel({ forwards: write }))}</td>
    </tr>`;
  }

  /** A variable above the slot that it is in: name and type, before the transaction and now. */
  private variable(one: StorageVariable, before: readonly StorageVariable[] | undefined, hasPrevious: boolean) {
    const { name, type, value, before: original, offset, size } = one;
    const old = before?.find((other) => other.name === name)?.value ?? (hasPrevious ? original : null);
    const place = size < 32 ? WORDS.bytes(offset, size) : "";
    return html`<tr class="variable">
      <th scope="row"><code title=${name}>${shortenHex(name)}</code> <span class="note">${type}</span></th>
      <td class="mono" title=${original}>${shortenHex(original)}</td>
      <td class="mono" title=${value}>${marked(shortenHex(value), old && shortenHex(old))}</td>
      <td class="note">${place}</td><td></td>
    </tr>`;
  }

  private words(address: string, rows: readonly TransientWord[]) {
    const old = this.evm.value.previous?.transient;
    const found = (key: string) => old?.find((one) => one.key === key && one.address === address);
    const before = (key: string) => old && (found(key)?.value ?? "0x0");
    return html`<p class="mono">${address}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${`${WORDS.transient} ${address}`}><table>
        <thead><tr><th>${WORDS.key}</th><th>${WORDS.before}</th><th>${WORDS.now}</th><th></th><th></th></tr></thead>
        <tbody>${rows.map(
          ({ key, value, variables = [] }) =>
            html`${variables.map((one) =>
              this.variable(one, found(key)?.variables, old !== undefined),
            )}<tr><td>${word(key, WORDS.key)}</td><td>${word("0x0", WORDS.before)}</td><td>${word(value, WORDS.now, before(key))}</td><td></td><td></td></tr>`,
        )}</tbody>
      </table></div>`;
  }
}
