import { html, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { exampleOf } from "../../client/evm/examples";
import type { EvmPaneId, Paragraph } from "../../examples/evm/example";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { EvmController } from "./evm_controller";
import lessonCss from "./lesson_pane.css?inline";
import paneCss from "./pane.css?inline";

/** A reader wants to see a pane that a text names. */
export class OpenPaneEvent extends CustomEvent<EvmPaneId> {
  constructor(pane: EvmPaneId) {
    super("evm-open-pane", { detail: pane, bubbles: true, composed: true });
  }
}

/** What the example is about, and what to try. */
@customElement("evm-lesson")
export class LessonPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(lessonCss)];

  private readonly evm = new EvmController(this);

  override render() {
    const example = exampleOf(this.evm.value.project);
    const back = html`<p><button type="button" class="small" @click=${this.leave}>${EVM.lesson.examples}</button></p>`;
    if (!example) return html`${back}<p class="note">${EVM.lesson.none}</p>`;
    return html`${back}
      <h2>${example.project.title}</h2>
      ${example.about.map((paragraph) => html`<p>${this.spans(paragraph)}</p>`)}
      <h3>${EVM.lesson.try}</h3>
      <ol>${example.tries.map((paragraph) => html`<li>${this.spans(paragraph)}</li>`)}</ol>`;
  }

  private spans(paragraph: Paragraph) {
    return paragraph.map((span) => {
      if (typeof span === "string") return span;
      if ("code" in span) return html`<code>${span.code}</code>`;
      return html`<button type="button" class="link" data-pane=${span.pane} @click=${() => this.dispatchEvent(new OpenPaneEvent(span.pane))}>${span.text}</button>`;
    });
  }

  private readonly leave = (): void => {
    this.dispatchEvent(new CustomEvent("evm-examples", { bubbles: true, composed: true }));
  };
}
