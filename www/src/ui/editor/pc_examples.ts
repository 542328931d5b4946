import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { desk, lessons } from "../../client/nasm_start";
import { type Difficulty, PC_EXAMPLES, type PcExample } from "../../examples/pc/catalog";
import { LESSONS } from "../../strings/lessons";
import controlsCss from "../controls/controls.css?inline";
import galleryCss from "../controls/gallery.css?inline";
import { GlassElement } from "../frame/element";
import examplesCss from "./pc_examples.css?inline";

const DIFFICULTIES: readonly Difficulty[] = [1, 2, 3];

/** The programs that teach, for the gallery: one click assembles one, boots it, and shows its lesson. */
@customElement("pc-examples")
export class PcExamples extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(galleryCss), unsafeCSS(examplesCss)];

  private end: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.end = desk.watch(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end?.();
  }

  override render() {
    return html`<section aria-labelledby="title">
      <h2 id="title">${LESSONS.gallery.title}</h2>
      <p class="note">${LESSONS.gallery.text}
        <button type="button" @click=${this.own}>${LESSONS.gallery.own}</button></p>
      ${DIFFICULTIES.map((difficulty) => this.group(difficulty))}
    </section>`;
  }

  private group(difficulty: Difficulty) {
    return html`<h3>${LESSONS.difficulties[difficulty]}</h3>
      <ul>${PC_EXAMPLES.filter((example) => example.difficulty === difficulty).map((example) => this.card(example))}</ul>`;
  }

  private card({ name, title, summary, steps }: PcExample) {
    const done = lessons.stepsDone(name).size;
    return html`<li>
      <button type="button" class="card" data-example=${name} @click=${() => this.open(name)}>
        <strong>${title}</strong>
        <span>${summary}</span>
        ${done > 0 ? html`<span class="parts">${LESSONS.gallery.done(done, steps)}</span>` : nothing}
      </button>
    </li>`;
  }

  private async open(name: string): Promise<void> {
    await desk.openExample(name);
    await desk.start();
  }

  private readonly own = async (): Promise<void> => {
    const { EDITOR } = await import("../../strings/editor");
    desk.add(EDITOR.untitled, EDITOR.template);
    await desk.start();
  };
}
