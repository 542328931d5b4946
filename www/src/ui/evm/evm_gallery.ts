import { html, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { EVM_EXAMPLES } from "../../client/evm/examples";
import { evmSaved } from "../../client/evm/saved_start";
import { evmStore } from "../../client/evm/start";
import type { EvmExample } from "../../examples/evm/example";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import galleryCss from "../controls/gallery.css?inline";
import { GlassElement } from "../frame/element";
import { go } from "../frame/routes";

/** The EVM's programs to pick from. */
@customElement("evm-gallery")
export class EvmGallery extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(galleryCss)];

  override render() {
    return html`<section aria-labelledby="title">
      <h2 id="title">${EVM.gallery}</h2>
      <p class="note">${EVM.galleryNote}</p>
      <ul>${EVM_EXAMPLES.map((example) => this.card(example))}</ul>
    </section>`;
  }

  private card(example: EvmExample) {
    return html`<li><button type="button" class="card" data-example=${example.id} @click=${() => this.pick(example)}>
      <strong>${example.project.title}</strong><span>${example.summary}</span>
    </button></li>`;
  }

  private pick(example: EvmExample): void {
    evmSaved.leave();
    void evmStore.open(example.project);
    go("evm");
  }
}
