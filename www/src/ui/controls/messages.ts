import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { store } from "../../client/start";
import type { Download } from "../../client/store";
import { PC } from "../../strings/pc";
import { GlassElement } from "../frame/element";
import { ViewController } from "../view_controller";
import controlsCss from "./controls.css?inline";
import messagesCss from "./messages.css?inline";

const WORDS = PC.messages;

/** What happened, what failed, and what is being loaded. */
@customElement("machine-messages")
export class Messages extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(messagesCss)];

  private readonly view = new ViewController(this, store);

  override render() {
    const { state, message, problem, downloads, spec, speed, starting } = this.view.value;
    return html`
      <div role="alert">${problem ? this.problem(problem) : nothing} ${state === "lost" ? this.lost(message) : nothing}</div>
      <div role="status">
        ${state === "stopped" || state === "paused" ? this.ended(state, message) : nothing}
        ${state === "loading" ? html`<div class="message"><span>${WORDS.loading(message)}</span></div>` : nothing}
      </div>
      ${downloads.map((download) => this.download(download))}
      ${state === "running" ? this.booting(spec?.bootInstructions, speed?.instructions ?? 0, starting) : nothing}
    `;
  }

  private problem(problem: string) {
    return html`<div class="message bad">
      <span>${problem}</span>
      <button type="button" @click=${() => store.dismiss()}>${WORDS.close}</button>
    </div>`;
  }

  private lost(message: string) {
    return html`<div class="message bad">
      <span>${WORDS.lost(message)}</span>
      <button type="button" class="primary" @click=${() => store.restart()}>${WORDS.again}</button>
      <button type="button" @click=${() => store.powerOff()}>${WORDS.another}</button>
    </div>`;
  }

  private ended(state: "stopped" | "paused", message: string) {
    if (!message) return nothing;
    return html`<div class="message ${state === "paused" ? "bad" : ""}">
      <span>${message}</span>
      ${
        state === "paused"
          ? html`<button type="button" @click=${() => store.send({ type: "retry" })}>${WORDS.retry}</button>`
          : html`<button type="button" @click=${() => store.send({ type: "reset" })}>${PC.toolbar.reset}</button>`
      }
    </div>`;
  }

  /**
   * How far a guest of the gallery has come: runs repeat, so the way to its prompt is known. Of the user's own images we
   * know only when the BIOS has found one to boot.
   */
  private booting(total: number | undefined, done: number, starting: boolean) {
    if (total === undefined) return starting ? this.searching() : nothing;
    if (done >= total) return nothing;
    return html`<div class="download">
      <span>${WORDS.booting}</span>
      <progress aria-label=${WORDS.booting} max=${total} .value=${done}></progress>
      <span>${WORDS.percent(Math.floor((100 * done) / total))}</span>
    </div>`;
  }

  private searching() {
    return html`<div class="download">
      <span>${WORDS.booting}</span>
      <progress aria-label=${WORDS.searching}></progress>
      <span>${WORDS.bios}</span>
    </div>`;
  }

  private download({ name, loaded, total }: Download) {
    const megabytes = (bytes: number) => (bytes / 1048576).toFixed(1);
    return html`<div class="download">
      <span>${name}</span>
      ${
        total === null
          ? html`<progress aria-label=${WORDS.loadingFile(name)}></progress>`
          : html`<progress aria-label=${WORDS.loadingFile(name)} max=${total} .value=${loaded}></progress>`
      }
      <span>${WORDS.loaded(megabytes(loaded), total === null ? "" : megabytes(total))}</span>
    </div>`;
  }
}
