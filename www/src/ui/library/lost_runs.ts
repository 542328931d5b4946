import { html, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { library } from "../../client/library/start";
import type { MomentView } from "../../protocol/moments";
import { LIBRARY } from "../../strings/library";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { messageOf } from "./files";
import libraryCss from "./moment_library.css?inline";
import "./opening_question";
import type { OpeningQuestion } from "./opening_question";

/** Machines that ran when their tab ended: one may go on from where they were kept. */
@customElement("lost-runs")
export class LostRuns extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(libraryCss)];

  @state() private trouble = "";
  @query("opening-question") private readonly question!: OpeningQuestion;
  private end: () => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.end = library.watch(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end();
  }

  override render() {
    return html`<div role="status">${library.lost.map((moment) => this.offer(moment))}</div>
      <div role="alert">${this.trouble ? html`<p class="message bad">${this.trouble}</p>` : ""}</div>
      <opening-question></opening-question>`;
  }

  private offer(moment: MomentView) {
    const { id, machine, instruction, date } = moment;
    return html`<p class="message" data-run=${id}><span>${LIBRARY.lost(machine, instruction, LIBRARY.when(date))}</span>
      <button type="button" class="primary" @click=${() => this.guarded(() => this.question.open(moment))}>${LIBRARY.goOn}</button>
      <button type="button" @click=${() => this.guarded(() => library.remove([id]))}>${LIBRARY.throwAway}</button></p>`;
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    this.trouble = "";
    try {
      await work();
    } catch (error) {
      this.trouble = messageOf(error);
    }
  }
}
