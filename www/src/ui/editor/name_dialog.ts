import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { LONGEST_NAME } from "../../client/shelf";
import { NAMING } from "../../strings/naming";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import dialogCss from "./name_dialog.css?inline";

/** What the dialog asks. */
type Question =
  /** `done` says why the name cannot be taken; nothing if it was. */
  | { readonly kind: "rename"; readonly name: string; readonly done: (name: string) => string }
  | { readonly kind: "remove"; readonly name: string; readonly done: () => void };

/** Asks for a new name, or whether a program or source is to be deleted. */
@customElement("name-dialog")
export class NameDialog extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(dialogCss)];

  @state() private question: Question | null = null;
  @state() private why = "";
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query("input") private readonly input!: HTMLInputElement | null;

  askName(name: string, done: (name: string) => string): void {
    void this.ask({ kind: "rename", name, done });
  }

  askRemove(name: string, done: () => void): void {
    void this.ask({ kind: "remove", name, done });
  }

  override render() {
    return html`<dialog aria-labelledby="question" @close=${this.closed}>
      <form @submit=${this.answer}>${this.body()}</form>
    </dialog>`;
  }

  private body() {
    const { question } = this;
    if (!question) return nothing;
    const rename = question.kind === "rename";
    return html`
      ${
        rename
          ? html`<label id="question">${NAMING.newName}
              <input name="name" required maxlength=${LONGEST_NAME} autocomplete="off" spellcheck="false" .value=${question.name}></label>
            <p role="alert">${this.why}</p>`
          : html`<p id="question">${NAMING.removeAsk(question.name)}</p>`
      }
      <div class="buttons">
        <button type="button" @click=${() => this.dialog.close()}>${NAMING.cancel}</button>
        <button type="submit" class="primary">${rename ? NAMING.renameDone : NAMING.removeDone}</button>
      </div>
    `;
  }

  private async ask(question: Question): Promise<void> {
    this.question = question;
    this.why = "";
    await this.updateComplete;
    this.dialog.showModal();
    this.input?.select();
  }

  private readonly answer = (event: Event): void => {
    event.preventDefault();
    const { question, input } = this;
    if (question?.kind === "rename" && input) this.why = question.done(input.value);
    if (question?.kind === "remove") question.done();
    if (this.why === "") this.dialog.close();
  };

  private readonly closed = (): void => {
    this.question = null;
  };
}
