import { html, nothing, unsafeCSS } from "lit";
import { customElement, query } from "lit/decorators.js";
import { store } from "../../client/start";
import controlsCss from "../controls/controls.css?inline";
import "../controls/gallery";
import "../controls/machine_form";
import type { MachineForm } from "../controls/machine_form";
import "../controls/saved_work";
import type { OpenMachineEvent } from "../controls/saved_work";
import "../editor/pc_examples";
import "../library/moment_library";
import { PC } from "../../strings/pc";
import { GlassElement } from "../frame/element";
import { MomentEvent } from "../frame/moment";
import { go } from "../frame/routes";
import { ViewController } from "../view_controller";
import pageCss from "./page.css?inline";

/** The EVM's own part of the gallery, in builds that have it. */
const EVM_EXAMPLES = Object.values(import.meta.glob("../evm/evm_gallery.ts"))[0];

/** Where one begins: saved work, machines, examples, own images. */
@customElement("gallery-page")
export class GalleryPage extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(pageCss)];

  @query("machine-form") private readonly form!: MachineForm;
  private readonly view = new ViewController(this, store);

  override connectedCallback(): void {
    super.connectedCallback();
    this.dispatchEvent(new MomentEvent(null));
    void EVM_EXAMPLES?.();
  }

  override render() {
    const { state, spec } = this.view.value;
    return html`<div class="choice" @open-machine=${this.fill}>
      ${
        state !== "off" && spec
          ? html`<p class="running"><span>${PC.stillRuns}</span>
              <button type="button" class="primary" @click=${() => go("x86")}>${PC.goOn(spec.title)}</button></p>`
          : nothing
      }
      <moment-library></moment-library>
      <saved-work></saved-work>
      <machine-gallery></machine-gallery>
      <pc-examples></pc-examples>
      ${EVM_EXAMPLES ? html`<evm-gallery></evm-gallery>` : nothing}
      <machine-form></machine-form>
    </div>`;
  }

  private readonly fill = ({ detail }: OpenMachineEvent): void => void this.form.fill(detail);
}
