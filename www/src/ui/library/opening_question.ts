import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { library } from "../../client/library/start";
import type { ImageRole, MissingImage, MomentView } from "../../protocol/moments";
import { LIBRARY } from "../../strings/library";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { messageOf } from "./files";
import libraryCss from "./moment_library.css?inline";

/** Opens moments, and asks before what only the reader knows: which files its images are, whether other sites may be asked. */
@customElement("opening-question")
export class OpeningQuestion extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(libraryCss)];

  @state() private moment: MomentView | null = null;
  @state() private missing: readonly MissingImage[] = [];
  @state() private trouble = "";
  private files: Partial<Record<ImageRole, File>> = {};

  /**
   * Opens a moment, or asks.
   * @throws an error of one line
   */
  async open(moment: MomentView): Promise<void> {
    this.files = {};
    this.missing = [];
    this.trouble = "";
    this.moment = moment;
    if (moment.imported && moment.foreign.length > 0) return this.focusFirst();
    await this.go();
  }

  override render() {
    const { moment } = this;
    if (!moment) return nothing;
    return html`<div class="message ask" role="group" aria-label=${moment.name}>
      ${
        this.missing.length > 0
          ? html`<span>${LIBRARY.missing(moment.name)}</span>${this.missing.map((image) => this.image(image))}`
          : html`<span>${LIBRARY.foreign(moment.name, moment.foreign.join(", "))}</span>
            <button type="button" class="primary" @click=${this.again}>${LIBRARY.openAnyway}</button>`
      }
      ${this.trouble ? html`<p role="alert">${this.trouble}</p>` : nothing}
      <button type="button" @click=${this.close}>${LIBRARY.cancel}</button>
    </div>`;
  }

  private image({ role, name, size, wrong }: MissingImage) {
    const chosen = (event: Event) => {
      const file = (event.target as HTMLInputElement).files?.[0];
      if (file) this.files[role] = file;
      if (this.missing.every((image) => this.files[image.role])) void this.again();
    };
    return html`<label class="file">${LIBRARY.image(role, name, size)}
      <input type="file" data-role=${role} @change=${chosen}>${wrong ? html`<span role="alert">${LIBRARY.wrong}</span>` : nothing}</label>`;
  }

  private readonly again = async (): Promise<void> => {
    this.trouble = "";
    try {
      await this.go();
    } catch (error) {
      this.trouble = messageOf(error);
    }
  };

  private readonly close = (): void => {
    this.moment = null;
  };

  private async go(): Promise<void> {
    const { moment } = this;
    if (!moment) return;
    try {
      const opened = await library.open(moment.id, this.files);
      if (opened.kind === "missing") {
        this.missing = opened.images;
        return this.focusFirst();
      }
      if (opened.kind === "evm") await (await import("./evm_opening")).openRun(moment.id, opened.place);
    } catch (error) {
      if (this.missing.length === 0) this.moment = null;
      throw error;
    }
    this.moment = null;
  }

  private async focusFirst(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("input, button")?.focus();
  }
}
