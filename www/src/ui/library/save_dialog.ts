import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { library } from "../../client/library/start";
import { store } from "../../client/start";
import type { SaveReport } from "../../protocol/moments";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { LIBRARY } from "../strings/library";
import { giveFile, messageOf, momentFileName } from "./files";
import dialogCss from "./save_dialog.css?inline";

const WORDS = LIBRARY.save;

/** Saves the machine at once, as it is at this instruction; then asks what the moment is to be called. */
@customElement("save-dialog")
export class SaveDialog extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(dialogCss)];

  @state() private report: SaveReport | null = null;
  @state() private trouble = "";
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query("input") private readonly nameField!: HTMLInputElement;
  @query("textarea") private readonly noteField!: HTMLTextAreaElement;
  private name = "";

  /** Saves, and asks. */
  async save(): Promise<void> {
    if (this.dialog?.open) return;
    this.name = store.view.spec?.title ?? "";
    const saved = this.attempt();
    await this.updateComplete;
    this.dialog.showModal();
    this.nameField.select();
    await saved;
  }

  override render() {
    return html`<dialog aria-labelledby="title" @close=${this.closed}>
      <form @submit=${this.done}>
        <h2 id="title">${WORDS.title}</h2>
        <div role="status">${this.trouble ? nothing : html`<p>${this.told()}</p>`}</div>
        <div role="alert">${this.trouble ? html`<p class="bad">${WORDS.failed(this.trouble)}</p>` : nothing}</div>
        <label>${LIBRARY.nameLabel}
          <input name="name" required maxlength="200" autocomplete="off" .value=${this.name}></label>
        <label>${LIBRARY.noteLabel}<textarea name="note" rows="3" maxlength="10000"></textarea></label>
        <div class="buttons">${this.trouble ? this.remedies() : this.answers()}</div>
      </form>
    </dialog>`;
  }

  private told(): string {
    const { report } = this;
    return report ? WORDS.saved(report.instruction, report.bytes, report.total / 1000) : WORDS.saving;
  }

  private answers() {
    return html`<button type="button" ?disabled=${!this.report} @click=${this.discard}>${WORDS.discard}</button>
      <button type="submit" class="primary" ?disabled=${!this.report}>${WORDS.done}</button>`;
  }

  private remedies() {
    return html`<button type="button" @click=${() => this.dialog.close()}>${LIBRARY.cancel}</button>
      <button type="button" @click=${this.attempt}>${WORDS.again}</button>
      <button type="button" class="primary" @click=${this.asFile}>${WORDS.asFile}</button>`;
  }

  private readonly attempt = async (): Promise<void> => {
    this.report = null;
    this.trouble = "";
    try {
      this.report = await library.save(this.name, "");
    } catch (error) {
      this.trouble = messageOf(error);
    }
  };

  private readonly done = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { report, nameField, noteField } = this;
    if (!report) return;
    const [name, note] = [nameField.value.trim() || this.name, noteField.value.trim()];
    try {
      if (name !== this.name || note !== "") await library.describe(report.id, name, note);
      this.dialog.close();
    } catch (error) {
      this.trouble = messageOf(error);
    }
  };

  private readonly discard = async (): Promise<void> => {
    if (this.report) await library.remove([this.report.id]).catch((error) => store.report(messageOf(error)));
    this.dialog.close();
  };

  private readonly asFile = async (): Promise<void> => {
    const [name, note] = [this.nameField.value.trim() || this.name, this.noteField.value.trim()];
    try {
      giveFile(momentFileName(name), await library.file(name, note));
      this.dialog.close();
    } catch (error) {
      this.trouble = messageOf(error);
    }
  };

  private readonly closed = (): void => this.remove();
}

/** Saves the machine of this page as it is now. */
export async function saveMoment(): Promise<void> {
  if (document.querySelector("save-dialog")) return;
  const dialog = document.createElement("save-dialog") as SaveDialog;
  document.body.append(dialog);
  await dialog.save();
}
