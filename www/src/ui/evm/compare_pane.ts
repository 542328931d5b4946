import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { evmStore } from "../../client/evm/start";
import type { Scene } from "../../protocol/evm/scene";
import type { Comparison, Outcome } from "../../protocol/evm/whole";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { EvmController } from "./evm_controller";
import { grouped, shortHex } from "./evm_text";
import paneCss from "./pane.css?inline";

const WORDS = EVM.compare;

/** The same transaction under two forks, or before and after a change of the run, side by side, at the first step that differs. */
@customElement("evm-compare")
export class ComparePane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss)];

  private readonly evm = new EvmController(this);
  @state() private fork = "";

  override render() {
    const { summary, forks, comparison, busy, before } = this.evm.value;
    if (!summary) return html`<p class="note">${EVM.nothing}</p>`;
    const others = forks.filter((fork) => fork !== summary.fork);
    const chosen = this.fork || others.at(-1) || "";
    return html`
      <form @submit=${(event: Event) => this.go(event, chosen)}>
        <label>${WORDS.with} <select name="fork" style="width:auto" @change=${(event: Event) => {
          this.fork = (event.target as HTMLSelectElement).value;
        }}>${others.map((fork) => html`<option value=${fork} ?selected=${fork === chosen}>${fork}</option>`)}</select></label>
        <button type="submit" ?disabled=${busy}>${WORDS.go}</button>
        ${
          before
            ? html`<button type="button" title=${WORDS.beforeHint} ?disabled=${busy} @click=${() => evmStore.compareBefore()}>${WORDS.before}</button>`
            : nothing
        }
      </form>
      ${comparison ? this.result(comparison) : nothing}`;
  }

  private result(found: Comparison) {
    const { summary, index, against } = this.evm.value;
    const forks = against === "fork";
    const outcome = summary?.transactions[index];
    if (!summary || !outcome) return nothing;
    const at = found.flow ?? found.gas;
    const verdict =
      found.outcome.refused !== null
        ? WORDS.refused
        : at === null
          ? found.same
            ? forks
              ? WORDS.same
              : WORDS.sameRuns
            : WORDS.sameSteps
          : `${found.flow === null ? WORDS.gas : WORDS.flow}: ${grouped(at)}`;
    return html`<h3>${verdict} ${
      at === null
        ? nothing
        : html`<button type="button" class="small" @click=${() => evmStore.travel({ to: at })}>${WORDS.goThere}</button>`
    }</h3>
      <div class="scroll" tabindex="0" role="region" aria-label=${EVM.panes.compare}><table>
        <thead><tr><th>${forks ? WORDS.fork : WORDS.run}</th><th>${forks ? summary.fork : WORDS.now}</th><th>${
          forks ? found.fork : WORDS.earlier
        }</th><th></th></tr></thead>
        <tbody>
          ${this.line(WORDS.result, resultOf(outcome), resultOf(found.outcome))}
          ${this.line(WORDS.gasUsed, grouped(outcome.gasUsed ?? 0), grouped(found.outcome.gasUsed ?? 0))}
          ${found.here && found.there ? this.moments(found.here, found.there) : nothing}
        </tbody></table></div>`;
  }

  private moments(here: Scene, there: Scene) {
    const next = ({ next }: Scene) => (next ? `${next.text} @ 0x${next.pc.toString(16)}` : EVM.code.end);
    const cost = ({ next }: Scene) =>
      next ? `${grouped(next.cost.total)}${next.failure ? ` (${next.failure})` : ""}` : "";
    const left = (scene: Scene) => grouped(scene.frames.at(-1)?.gas ?? 0);
    const top = ({ stack }: Scene) => (stack.length > 0 ? shortHex(BigInt(stack.at(-1) ?? 0)) : "");
    return html`${this.line(WORDS.next, next(here), next(there))} ${this.line(WORDS.cost, cost(here), cost(there))}
      ${this.line(WORDS.left, left(here), left(there))} ${this.line(WORDS.top, top(here), top(there))}`;
  }

  private line(name: string, here: string, there: string) {
    return html`<tr><th scope="row">${name}</th><td class="words">${here}</td><td class="words">${there}</td><td>${
      here === there ? nothing : html`<span class="chip bad">≠ ${WORDS.differs}</span>`
    }</td></tr>`;
  }

  private go(event: Event, fork: string): void {
    event.preventDefault();
    void evmStore.compare(fork);
  }
}

function resultOf({ refused, success, why }: Outcome): string {
  if (refused !== null) return `${EVM.outcome.refused}: ${refused}`;
  return success ? EVM.outcome.ok : `${EVM.outcome.failed}: ${why ?? ""}`;
}
