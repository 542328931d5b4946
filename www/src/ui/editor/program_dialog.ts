import { html, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { LONGEST_NAME } from "../../client/shelf";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { EDITOR } from "../strings/editor";
import dialogCss from "./program_dialog.css?inline";

/** What the dialog asks. */
type Question =
  | { readonly kind: "rename"; readonly name: string; readonly done: (name: string) => void }
  | { readonly kind: "remove"; readonly name: string; readonly done: () => void };

/** Asks for a new name, or whether a program is to be deleted. */
@customElement("program-dialog")
export class ProgramDialog extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(dialogCss)];

  @state() private question: Question | null = null;
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query("input") private readonly input!: HTMLInputElement | null;

  askName(name: string, done: (name: string) => void): void {
    void this.ask({ kind: "rename", name, done });
  }

  askRemove(name: string, done: () => void): void {
    void this.ask({ kind: "remove", name, done });
  }

  override render() {
    return html`<dialog aria-labelledby="question" @close=${this.closed}>
      <form method="dialog" @submit=${this.answer}>${this.body()}</form>
    </dialog>`;
  }

  private body() {
    const { question } = this;
    if (!question) return "";
    const rename = question.kind === "rename";
    return html`
      ${
        rename
          ? html`<label id="question">${EDITOR.newName}
              <input name="name" required maxlength=${LONGEST_NAME} autocomplete="off" .value=${question.name}></label>`
          : html`<p id="question">${EDITOR.removeAsk(question.name)}</p>`
      }
      <div class="buttons">
        <button type="button" @click=${() => this.dialog.close()}>${EDITOR.cancel}</button>
        <button type="submit" class="primary">${rename ? EDITOR.renameDone : EDITOR.removeDone}</button>
      </div>
    `;
  }

  private async ask(question: Question): Promise<void> {
    this.question = question;
    await this.updateComplete;
    this.dialog.showModal();
    this.input?.select();
  }

  private readonly answer = (): void => {
    const { question, input } = this;
    if (question?.kind === "rename" && input) question.done(input.value);
    if (question?.kind === "remove") question.done();
  };

  private readonly closed = (): void => {
    this.question = null;
  };
}
