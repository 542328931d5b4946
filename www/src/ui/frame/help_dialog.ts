import { html, unsafeCSS } from "lit";
import { customElement, query } from "lit/decorators.js";
import { FRAME } from "../../strings/frame";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "./element";
import helpCss from "./help_dialog.css?inline";
import { type ActionName, chordText, KEYS, register } from "./keys";

/** All keys of the page. */
@customElement("help-dialog")
export class HelpDialog extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(helpCss)];

  @query("dialog") private readonly dialog!: HTMLDialogElement;
  private end: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.end = register({ help: () => this.show() });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end?.();
  }

  show(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  override render() {
    const names = Object.keys(KEYS) as ActionName[];
    const line = (chord: string, title: string) =>
      html`<dt>${chord.split(", ").map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${title}</dd>`;
    return html`<dialog aria-labelledby="title">
      <h2 id="title">${FRAME.help.title}</h2>
      <dl>
        ${names.map((name) => line(chordText(KEYS[name]), FRAME.actions[name]))}
        ${FRAME.help.others.map(([chord, title]) => line(chord, title))}
      </dl>
      <p>${FRAME.help.note}</p>
      <form method="dialog"><button class="primary">${FRAME.help.close}</button></form>
    </dialog>`;
  }
}
