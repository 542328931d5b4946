import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import type { AccountScene, AccountState } from "../../protocol/evm/scene";
import type { AccountDiff } from "../../protocol/evm/whole";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { marked } from "../frame/marked";
import { EvmController } from "./evm_controller";
import { grouped, shortAddress } from "./evm_text";
import { word } from "./evm_word";
import paneCss from "./pane.css?inline";

const WORDS = EVM.accounts;

const wei = (state: AccountState | null): string | null => (state ? grouped(BigInt(state.balance)) : null);

/** Accounts as they are now, and what the whole transaction changes in them. */
@customElement("evm-accounts")
export class AccountsPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss)];

  private readonly evm = new EvmController(this);

  override render() {
    const { scene, selected } = this.evm.value;
    if (!scene || !selected) return html`<p class="note">${EVM.nothing}</p>`;
    const changed = selected.whole.accounts;
    // Precompiled contracts are warm from the beginning, but mostly no accounts.
    const there = scene.accounts.filter(({ before, now, created }) => before || now || created);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${EVM.panes.accounts}><table>
        <thead><tr><th>${WORDS.address}</th><th class="number">${WORDS.nonce}</th>
          <th class="number">${WORDS.code}</th><th>${WORDS.state}</th><th>${WORDS.balance}</th></tr></thead>
        <tbody>${there.map((account) => this.account(account))}</tbody>
      </table></div>
      <h3>${WORDS.after}</h3>
      ${changed.length === 0 ? html`<p class="note">${WORDS.unchanged}</p>` : changed.map((diff) => this.diff(diff))}`;
  }

  private account({ address, before, now, warm, created, destroyed }: AccountScene) {
    const old = before ? wei(before) : null;
    const chip = (text: string, kind: string) => html`<span class="chip ${kind}">${text}</span> `;
    return html`<tr>
      <td class="mono" title=${address}>${shortAddress(address)}</td>
      <td class="number">${now ? marked(String(now.nonce), before ? String(before.nonce) : null) : nothing}</td>
      <td class="number">${now?.codeSize ? grouped(now.codeSize) : nothing}</td>
      <td>${warm ? chip(WORDS.warm, "strong") : nothing}${created ? chip(WORDS.created, "strong") : nothing}${
        destroyed ? chip(WORDS.destroyed, "bad") : nothing
      }${now?.delegation ? chip(`${WORDS.delegates} ${shortAddress(now.delegation)}`, "strong") : nothing}</td>
      <td class="mono">${now ? marked(wei(now) ?? "", old) : html`<span class="note">${WORDS.absent}</span>`}</td>
    </tr>`;
  }

  private diff({ address, before, after, storage }: AccountDiff) {
    const line = (name: string, old: string | null, now: string | null) =>
      old === now
        ? nothing
        : html`<tr><th scope="row">${name}</th><td class="mono">${old ?? WORDS.absent} → ${now ?? WORDS.absent}</td></tr>`;
    const count = (state: AccountState | null, key: "nonce" | "codeSize") => (state ? grouped(state[key]) : null);
    return html`<table><caption class="mono" style="text-align:left">${address}</caption><tbody>
      ${line(WORDS.balance, wei(before), wei(after))} ${line(WORDS.nonce, count(before, "nonce"), count(after, "nonce"))}
      ${line(WORDS.code, count(before, "codeSize"), count(after, "codeSize"))}
      ${storage.map(
        (slot) => html`<tr><th scope="row">${EVM.storage.key} ${word(slot.key, EVM.storage.key)}</th>
        <td>${word(slot.before, EVM.storage.before)} → ${word(slot.after, EVM.storage.now)}</td></tr>`,
      )}
    </tbody></table>`;
  }
}
