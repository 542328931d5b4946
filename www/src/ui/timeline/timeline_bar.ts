import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { store } from "../../client/start";
import { targetOf, timeText } from "../../client/timeline/point_text";
import type { Past } from "../../protocol/timeline";
import { type MarkKind, TIMELINE } from "../../strings/timeline";
import controlsCss from "../controls/controls.css?inline";
import { BACK, BACK_TO, PAUSE, PLAY, STEP } from "../controls/icons";
import { GlassElement } from "../frame/element";
import { perform } from "../frame/keys";
import { storage } from "../frame/settings";
import { ViewController } from "../view_controller";
import { FOLD, TO_END, TO_START, UNFOLD } from "./icons";
import { hiddenKinds, toggleKind } from "./mark_shapes";
import { TimelineController, timeline } from "./start";
import barCss from "./timeline_bar.css?inline";
import "./timeline_branches";
import "./timeline_panel";
import type { KindToggled } from "./timeline_panel";
import "./timeline_track";

const FOLDED = "glassbox.timeline.folded";
const NARROW = "(max-width:44rem)";
const ZOOM = 2;

/** The time that the machine was recorded, under its panes: where it stands, and all ways through it. */
@customElement("machine-timeline")
export class TimelineBar extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(barCss)];

  @state() private folded =
    storage.get(FOLDED) === "yes" || (storage.get(FOLDED) === null && matchMedia(NARROW).matches);
  @state() private panel = false;
  @state() private hiddenKinds = hiddenKinds();
  /** The name of the bookmark that is being set. */
  @state() private naming: string | null = null;
  @state() private bad = false;
  @query(".name") private readonly nameField!: HTMLInputElement | null;
  private readonly view = new ViewController(this, store);

  constructor() {
    super();
    new TimelineController(this);
  }

  override render() {
    const { past } = timeline;
    return html`<section aria-label=${TIMELINE.title} class=${this.folded ? "folded" : ""}>
      ${this.folded ? nothing : html`<div class="controls">${this.ways(past)} ${this.where(past)} ${this.tools(past)}</div>`}
      <div class="line">
        <timeline-track ?slim=${this.folded} .hiddenKinds=${this.hiddenKinds}></timeline-track>
        ${this.folded ? html`${this.where(past)} ${this.fold()}` : nothing}
      </div>
      ${this.folded ? nothing : html`<timeline-branches></timeline-branches>`}
      ${!this.folded && this.panel ? html`<timeline-panel .hiddenKinds=${this.hiddenKinds} @kind-toggled=${this.toggleKind}></timeline-panel>` : nothing}
    </section>`;
  }

  private ways(past: Past | null) {
    const { state } = this.view.value;
    const resting = state === "paused" || state === "stopped";
    const running = state === "running" || state === "waiting";
    const none = !past;
    const start = () => past && timeline.go({ time: past.start.time });
    const end = () => past && timeline.go({ time: past.end.time });
    return html`<div class="ways" role="group" aria-label=${TIMELINE.ways}>
      ${this.way(TIMELINE.toStart, TO_START, start, none)}
      ${this.way(TIMELINE.backTo, BACK_TO, () => perform("backTo"), none || !resting)}
      ${this.way(TIMELINE.back, BACK, () => perform("back"), none || !resting)}
      ${this.way(TIMELINE.step, STEP, () => perform("into"), state !== "paused")}
      ${running ? this.way(state === "waiting" ? TIMELINE.end : TIMELINE.pause, PAUSE, () => perform("run"), false) : this.way(TIMELINE.run, PLAY, () => perform("run"), state !== "paused")}
      ${this.way(TIMELINE.toEnd, TO_END, end, none || !past.isPast)}
    </div>`;
  }

  private way(title: string, icon: unknown, act: () => void, disabled: boolean) {
    return html`<button type="button" title=${title} aria-label=${title} ?disabled=${disabled} @click=${act}>${icon}</button>`;
  }

  private where(past: Past | null) {
    if (!past) return nothing;
    const { state, instructions } = this.view.value;
    const searching =
      state === "waiting" ? html`<span role="status">${TIMELINE.searching(instructions)}</span>` : nothing;
    return html`<p class="where"><b>${timeText(past.here.time)}</b>
      <span class="instruction">${TIMELINE.instruction} ${past.here.instruction.toLocaleString("en")}</span>
      ${past.isPast ? html`<span class="past">${TIMELINE.past}</span>` : nothing} ${searching}</p>`;
  }

  private tools(past: Past | null) {
    const zoom = (factor: number) => () => past && timeline.zoom(factor, past.here.time);
    return html`<div class="tools">
      ${this.naming === null ? this.going(past) : this.namingForm(this.naming)}
      <button type="button" title=${TIMELINE.zoomOut} aria-label=${TIMELINE.zoomOut} ?disabled=${!timeline.isPart} @click=${zoom(1 / ZOOM)}>−</button>
      <button type="button" title=${TIMELINE.zoomIn} aria-label=${TIMELINE.zoomIn} ?disabled=${!past} @click=${zoom(ZOOM)}>+</button>
      <button type="button" title=${TIMELINE.allHint} ?disabled=${!timeline.isPart} @click=${() => timeline.showAll()}>${TIMELINE.all}</button>
      <button type="button" title=${TIMELINE.marksHint} aria-expanded=${this.panel} @click=${this.togglePanel}>${TIMELINE.marks}</button>
      <button type="button" title=${TIMELINE.compareHint} @click=${this.compare}>${TIMELINE.compare}</button>
      ${this.fold()}
    </div>`;
  }

  private going(past: Past | null) {
    return html`<input type="text" class="go" spellcheck="false" autocomplete="off" maxlength="40" placeholder=${TIMELINE.goToHint}
        title=${this.bad ? TIMELINE.goToBad : TIMELINE.goToLabel} aria-label=${TIMELINE.goToLabel} aria-invalid=${this.bad} ?disabled=${!past}
        @input=${() => {
          this.bad = false;
        }} @keydown=${this.goKey} />
      ${this.bad ? html`<span class="bad" role="alert">${TIMELINE.goToBad}</span>` : nothing}
      <button type="button" title=${TIMELINE.bookmarkHint} ?disabled=${!past} @click=${this.beginNaming}>${TIMELINE.bookmark}</button>`;
  }

  private namingForm(name: string) {
    return html`<input type="text" class="name" aria-label=${TIMELINE.name} maxlength="80" autocomplete="off" .value=${name} @keydown=${this.nameKey} />
      <button type="button" @click=${this.keepName}>${TIMELINE.keep}</button>`;
  }

  private fold() {
    const title = this.folded ? TIMELINE.unfold : TIMELINE.fold;
    return html`<button type="button" class="fold" title=${title} aria-label=${title} aria-expanded=${!this.folded}
      @click=${this.toggleFold}>${this.folded ? UNFOLD : FOLD}</button>`;
  }

  private readonly toggleFold = async (): Promise<void> => {
    this.folded = !this.folded;
    storage.set(FOLDED, this.folded ? "yes" : "no");
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".fold")?.focus();
  };

  private readonly togglePanel = (): void => {
    this.panel = !this.panel;
  };

  private readonly compare = (): void => {
    void import("../library/compare_dialog").then(({ compareNow }) => compareNow(this));
  };

  private readonly toggleKind = (event: KindToggled): void => {
    this.hiddenKinds = toggleKind(this.hiddenKinds as ReadonlySet<MarkKind>, event.detail);
  };

  private readonly goKey = (event: KeyboardEvent): void => {
    const { past } = timeline;
    if (event.key !== "Enter" || !past) return;
    const target = targetOf((event.target as HTMLInputElement).value, past);
    this.bad = target === null;
    if (target) timeline.go(target);
  };

  private readonly beginNaming = async (): Promise<void> => {
    const count = timeline.view?.bookmarks.filter(({ saved }) => !saved).length ?? 0;
    this.naming = TIMELINE.bookmarkName(count + 1);
    await this.updateComplete;
    this.nameField?.select();
  };

  private readonly nameKey = (event: KeyboardEvent): void => {
    if (event.key === "Enter") this.keepName();
    if (event.key === "Escape") this.naming = null;
  };

  private readonly keepName = (): void => {
    const name = this.nameField?.value.trim();
    if (name) timeline.mark(name);
    this.naming = null;
  };
}
