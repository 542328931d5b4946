import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { timeText } from "../../client/timeline/point_text";
import { partOf } from "../../client/timeline/span";
import type { Branch } from "../../protocol/timeline";
import { TIMELINE } from "../../strings/timeline";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { TimelineController, timeline } from "./start";
import branchesCss from "./timeline_branches.css?inline";

/** The other futures, each a track from where it parts: to walk, or to throw away. */
@customElement("timeline-branches")
export class TimelineBranches extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(branchesCss)];

  /** The branch of which is asked whether it is to go. */
  @state() private asked: number | null = null;

  constructor() {
    super();
    new TimelineController(this);
  }

  override render() {
    const branches = timeline.view?.branches ?? [];
    if (branches.length === 0) return nothing;
    return html`<ul aria-label=${TIMELINE.branches}>${branches.map((branch) => this.branch(branch))}</ul>`;
  }

  private branch({ id, from, end, inputs }: Branch) {
    const [left, right] = [this.percent(from.time), this.percent(end.time)];
    return html`<li title=${TIMELINE.branchHint(timeText(from.time), timeText(end.time))}>
      <div class="line" style="left: calc(0.6rem + (100% - 1.2rem) * ${left / 100}); width: calc((100% - 1.2rem) * ${(right - left) / 100})"></div>
      <span>${TIMELINE.branch(id, inputs)}</span>
      <button type="button" @click=${() => timeline.switchBranch(id)}>${TIMELINE.switch}</button>
      <button type="button" title=${TIMELINE.compareBranchHint(id)} @click=${() => this.compare(id)}>${TIMELINE.compareBranch}</button>
      ${this.asked === id ? this.question(id) : html`<button type="button" @click=${() => this.ask(id)}>${TIMELINE.drop}</button>`}
    </li>`;
  }

  private compare(id: number): void {
    void import("../library/compare_dialog").then(({ compareBranch }) => compareBranch(id, this));
  }

  private question(id: number) {
    return html`<span class="question" role="group" aria-label=${TIMELINE.really} @keydown=${this.key}>${TIMELINE.really}
      <button type="button" class="danger" @click=${() => this.drop(id)}>${TIMELINE.dropNow}</button>
      <button type="button" class="leave" @click=${() => this.ask(null)}>${TIMELINE.leave}</button>
    </span>`;
  }

  private percent(time: number): number {
    return Math.min(Math.max(100 * partOf(time, timeline.span), 0), 100);
  }

  private async ask(id: number | null): Promise<void> {
    this.asked = id;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".leave")?.focus();
  }

  private drop(id: number): void {
    this.asked = null;
    timeline.dropBranch(id);
  }

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") void this.ask(null);
  };
}
