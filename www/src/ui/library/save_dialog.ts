import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { library } from "../../client/library/start";
import { LIBRARY } from "../../strings/library";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { giveFile, messageOf, momentFileName } from "./files";
import dialogCss from "./save_dialog.css?inline";

const WORDS = LIBRARY.save;

/** A saved moment, and what is said of how that went. */
export interface Saved {
  readonly id: string;
  readonly said: string;
}

/** What is saved. Failures are errors of one line. */
export interface SaveSubject {
  /** What the moment is called as long as nobody says otherwise. */
  readonly name: string;
  readonly save: (name: string, note: string) => Promise<Saved>;
  /** The moment as a file, where the browser keeps nothing. */
  readonly file: (name: string, note: string) => Promise<Blob>;
  /** It was deleted again. */
  readonly dropped?: (id: string) => void;
  /** Shows a failure on the page. */
  readonly report: (problem: string) => void;
}

/** Saves the machine at once, as it is at this instruction; then asks what the moment is to be called. */
@customElement("save-dialog")
export class SaveDialog extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(dialogCss)];

  @state() private saved: Saved | null = null;
  @state() private trouble = "";
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query("input") private readonly nameField!: HTMLInputElement;
  @query("textarea") private readonly noteField!: HTMLTextAreaElement;
  private subject!: SaveSubject;
  private name = "";

  /** Saves, and asks. */
  async save(subject: SaveSubject): Promise<void> {
    if (this.dialog?.open) return;
    this.subject = subject;
    this.name = subject.name;
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
        <div role="status">${this.trouble ? nothing : html`<p>${this.saved?.said ?? WORDS.saving}</p>`}</div>
        <div role="alert">${this.trouble ? html`<p class="bad">${WORDS.failed(this.trouble)}</p>` : nothing}</div>
        <label>${LIBRARY.nameLabel}
          <input name="name" required maxlength="200" autocomplete="off" .value=${this.name}></label>
        <label>${LIBRARY.noteLabel}<textarea name="note" rows="3" maxlength="10000"></textarea></label>
        <div class="buttons">${this.trouble ? this.remedies() : this.answers()}</div>
      </form>
    </dialog>`;
  }

  private answers() {
    return html`<button type="button" ?disabled=${!this.saved} @click=${this.discard}>${WORDS.discard}</button>
      <button type="submit" class="primary" ?disabled=${!this.saved}>${WORDS.done}</button>`;
  }

  private remedies() {
    return html`<button type="button" @click=${() => this.dialog.close()}>${LIBRARY.cancel}</button>
      <button type="button" @click=${this.attempt}>${WORDS.again}</button>
      <button type="button" class="primary" @click=${this.asFile}>${WORDS.asFile}</button>`;
  }

  private readonly attempt = async (): Promise<void> => {
    this.saved = null;
    this.trouble = "";
    try {
      this.saved = await this.subject.save(this.name, "");
    } catch (error) {
      this.trouble = messageOf(error);
    }
  };

  private readonly done = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { saved, nameField, noteField } = this;
    if (!saved) return;
    const [name, note] = [nameField.value.trim() || this.name, noteField.value.trim()];
    try {
      if (name !== this.name || note !== "") await library.describe(saved.id, name, note);
      this.dialog.close();
    } catch (error) {
      this.trouble = messageOf(error);
    }
  };

  private readonly discard = async (): Promise<void> => {
    const { saved, subject } = this;
    try {
      if (saved) await library.remove([saved.id]);
      if (saved) subject.dropped?.(saved.id);
    } catch (error) {
      subject.report(messageOf(error));
    }
    this.dialog.close();
  };

  private readonly asFile = async (): Promise<void> => {
    const [name, note] = [this.nameField.value.trim() || this.name, this.noteField.value.trim()];
    try {
      giveFile(momentFileName(name), await this.subject.file(name, note));
      this.dialog.close();
    } catch (error) {
      this.trouble = messageOf(error);
    }
  };

  private readonly closed = (): void => this.remove();
}

/** Saves something of this page, one thing at a time. */
export async function showSaveDialog(subject: SaveSubject): Promise<void> {
  if (document.querySelector("save-dialog")) return;
  const dialog = document.createElement("save-dialog") as SaveDialog;
  document.body.append(dialog);
  await dialog.save(subject);
}
