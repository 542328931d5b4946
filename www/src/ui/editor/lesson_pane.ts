import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { desk, lessons } from "../../client/nasm_start";
import type { Lesson, PaneReference, Paragraph, Span } from "../../examples/lesson";
import { loadPcExample, PC_EXAMPLES } from "../../examples/pc/catalog";
import { LESSONS } from "../../strings/lessons";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { OpenAddressEvent } from "../frame/number_value";
import { X86_PANES } from "../x86/panes";
import lessonCss from "./lesson_pane.css?inline";
import { PaneRequestEvent } from "./requests";

/** The text that belongs to the program in the editor: what it shows, and what to try. */
@customElement("lesson-pane")
export class LessonPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(lessonCss)];

  @state() private lesson: Lesson | null = null;
  /** The example whose lesson is shown or being loaded. */
  private name: string | null = null;
  private end: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.end = desk.watch(() => void this.follow());
    void desk.begin();
    void this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end?.();
  }

  override render() {
    const { lesson, name } = this;
    return html`
      <label class="choose"><span>${LESSONS.lesson.choose}</span>
        <select @change=${this.choose}>
          ${name === null ? html`<option value="" .selected=${true}></option>` : nothing}
          ${PC_EXAMPLES.map((example) => html`<option value=${example.name} .selected=${example.name === name}>${example.title}</option>`)}
        </select>
      </label>
      ${lesson && name !== null ? this.text(name, lesson) : html`<p class="note">${LESSONS.lesson.none}</p>`}
    `;
  }

  private text(name: string, lesson: Lesson) {
    const example = PC_EXAMPLES.find((other) => other.name === name);
    const done = lessons.stepsDone(name);
    const finished = lesson.steps.filter((_, index) => done.has(index)).length;
    return html`<article lang="en">
      <h2>${example?.title}</h2>
      <p class="summary">${example?.summary}</p>
      ${lesson.about.map((paragraph) => html`<p>${this.paragraph(paragraph)}</p>`)}
      <h3>${LESSONS.lesson.steps} <small>${LESSONS.lesson.progress(finished, lesson.steps.length)}</small></h3>
      <ol>
        ${lesson.steps.map((step, index) => this.step(name, step, index, done.has(index)))}
      </ol>
    </article>`;
  }

  /** The box stands beside the text, not around it: the text has buttons of its own. */
  private step(name: string, step: Paragraph, index: number, done: boolean) {
    const mark = (event: Event) => {
      lessons.mark(name, index, (event.target as HTMLInputElement).checked);
      this.requestUpdate();
    };
    return html`<li class=${done ? "done" : ""}>
      <input type="checkbox" aria-labelledby="step${index}" .checked=${done} @change=${mark}>
      <span id="step${index}">${this.paragraph(step)}</span>
    </li>`;
  }

  private paragraph(paragraph: Paragraph) {
    return paragraph.map((span) => this.span(span));
  }

  private span(span: Span) {
    if (typeof span === "string") return span;
    if ("code" in span) return html`<code>${span.code}</code>`;
    if ("pane" in span) {
      if (!X86_PANES.some(({ id }) => id === span.pane)) return html`<em>${span.text}</em>`;
      return html`<button type="button" class="pane" title=${LESSONS.lesson.open(span.pane)}
        @click=${() => this.open(span)}>${span.text}</button>`;
    }
    return this.label(span.label);
  }

  private label(label: string) {
    const line = this.lineOf(label);
    const set = line !== undefined && desk.view.breakpoints.includes(line);
    return html`<button type="button" class="label" aria-pressed=${set} title=${LESSONS.lesson.breakAt(label)}
      ?disabled=${line === undefined} @click=${() => line !== undefined && desk.toggleBreakpoint(line)}>${label}</button>`;
  }

  /** The line of the first instruction behind a label; undefined if the program as it is has no such label. */
  private lineOf(label: string): number | undefined {
    const { map } = desk;
    const linear = map?.label(label);
    return linear === undefined ? undefined : map?.at(linear)?.line;
  }

  private open({ pane, address }: PaneReference): void {
    if (address !== undefined && pane === "memory") {
      this.dispatchEvent(new OpenAddressEvent({ space: "linear", address: BigInt(address), pane }));
    } else {
      this.dispatchEvent(new PaneRequestEvent(pane));
    }
  }

  /** Shows the lesson of the program that is open. */
  private async follow(): Promise<void> {
    const { example } = desk.view;
    this.requestUpdate();
    if (example === this.name) return;
    this.name = example;
    const lesson = example === null ? null : (await loadPcExample(example)).lesson;
    if (example === this.name) this.lesson = lesson;
  }

  private readonly choose = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    if (value !== "") void desk.openExample(value);
  };
}
