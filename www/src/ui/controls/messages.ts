import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { store } from "../../client/start";
import type { Download } from "../../client/store";
import { GlassElement } from "../frame/element";
import { ViewController } from "../view_controller";
import controlsCss from "./controls.css?inline";
import messagesCss from "./messages.css?inline";

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
        ${state === "loading" ? html`<div class="message"><span>Loading ${message}…</span></div>` : nothing}
      </div>
      ${downloads.map((download) => this.download(download))}
      ${state === "running" ? this.booting(spec?.bootInstructions, speed?.instructions ?? 0, starting) : nothing}
    `;
  }

  private problem(problem: string) {
    return html`<div class="message bad">
      <span>${problem}</span>
      <button type="button" @click=${() => store.dismiss()}>Close</button>
    </div>`;
  }

  private lost(message: string) {
    return html`<div class="message bad">
      <span>The machine broke down: ${message}</span>
      <button type="button" class="primary" @click=${() => store.restart()}>Start it again</button>
      <button type="button" @click=${() => store.powerOff()}>Pick another</button>
    </div>`;
  }

  private ended(state: "stopped" | "paused", message: string) {
    if (!message) return nothing;
    return html`<div class="message ${state === "paused" ? "bad" : ""}">
      <span>${message}</span>
      ${
        state === "paused"
          ? html`<button type="button" @click=${() => store.send({ type: "retry" })}>Try again</button>`
          : html`<button type="button" @click=${() => store.send({ type: "reset" })}>Reset</button>`
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
      <span>Booting</span>
      <progress aria-label="Booting" max=${total} .value=${done}></progress>
      <span>${Math.floor((100 * done) / total)} %</span>
    </div>`;
  }

  private searching() {
    return html`<div class="download">
      <span>Booting</span>
      <progress aria-label="The BIOS looks for a system to boot"></progress>
      <span>BIOS</span>
    </div>`;
  }

  private download({ name, loaded, total }: Download) {
    const megabytes = (bytes: number) => (bytes / 1048576).toFixed(1);
    return html`<div class="download">
      <span>${name}</span>
      ${
        total === null
          ? html`<progress aria-label="Loading ${name}"></progress>`
          : html`<progress aria-label="Loading ${name}" max=${total} .value=${loaded}></progress>`
      }
      <span>${megabytes(loaded)}${total === null ? "" : ` of ${megabytes(total)}`} MB</span>
    </div>`;
  }
}
