import { html, nothing, unsafeCSS } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { store } from "../../client/start";
import { timeText } from "../../client/timeline/point_text";
import { partOf, ticksOf, timeAt } from "../../client/timeline/span";
import { inOrder } from "../../client/timeline/timeline";
import type { Past } from "../../protocol/timeline";
import { type MarkKind, TIMELINE } from "../../strings/timeline";
import { GlassElement } from "../frame/element";
import { perform } from "../frame/keys";
import { type AnyMark, markShape, marksOf } from "./mark_shapes";
import marksCss from "./marks.css?inline";
import { TimelineController, timeline } from "./start";
import trackCss from "./timeline_track.css?inline";
import "./time_hint";
import type { TimeHint } from "./time_hint";

/** So near to a mark, in pixels, the mark is meant. */
const NEAR_PX = 5;
const ZOOM = 2;
const TICK_PX = 110;
/** Percent of the track where a time's text would stand over its end. */
const EDGE = 3;

/** The time that can be walked, where the machine stands in it, and what happened when. */
@customElement("timeline-track")
export class TimelineTrack extends GlassElement {
  static override styles = [unsafeCSS(marksCss), unsafeCSS(trackCss)];

  @property({ attribute: false }) hiddenKinds: ReadonlySet<MarkKind> = new Set();
  /** Without marks and times: on a phone, or folded. */
  @property({ type: Boolean, reflect: true }) slim = false;
  @state() private pixels = 800;
  @query(".track") private readonly track!: HTMLElement | null;
  @query("time-hint") private readonly hint!: TimeHint;
  private dragging = false;
  private readonly resized = new ResizeObserver(() => {
    this.pixels = this.clientWidth;
  });

  constructor() {
    super();
    new TimelineController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  override firstUpdated(): void {
    // The wheel has to be refused to the page, which a passive listener cannot.
    this.addEventListener("wheel", this.wheeled, { passive: false });
  }

  override render() {
    const { past } = timeline;
    if (!past) return html`<p>${timeline.view?.budget === 0 ? TIMELINE.off : TIMELINE.nothing}</p>`;
    const { from, to } = timeline.span;
    const here = this.position(past);
    return html`
      <div class="track" role="slider" tabindex="0" aria-label=${TIMELINE.slider} aria-valuemin=${from / 1e6} aria-valuemax=${to / 1e6}
        aria-valuenow=${Math.min(Math.max(here, from), to) / 1e6}
        aria-valuetext=${TIMELINE.place(timeText(past.here.time), past.here.instruction, past.isPast)}
        @keydown=${this.key} @blur=${() => this.hint.hide()} @pointerdown=${this.down} @pointermove=${this.moved}
        @pointerup=${this.up} @pointercancel=${this.up} @pointerleave=${this.left}>
        ${this.slim ? nothing : html`<div class="marks">${this.marks().map((mark) => this.mark(mark))}</div>`}
        <div class="rail"><div class="walked" style=${this.stretch(past.start.time, past.end.time)}></div>
          <div class="gone" style=${this.stretch(past.start.time, here)}></div></div>
        <div class="thumb ${past.isPast ? "past" : ""}" style="left: ${this.percent(here)}%"></div>
        ${this.slim ? nothing : this.ticks()}
      </div>
      <time-hint></time-hint>
    `;
  }

  /** Where the machine stands or is to stand. */
  private position(past: Past): number {
    const { aim } = timeline;
    return aim && "time" in aim ? aim.time : past.here.time;
  }

  private percent(time: number): number {
    return Math.min(Math.max(100 * partOf(time, timeline.span), 0), 100);
  }

  private stretch(from: number, to: number): string {
    const [left, right] = [this.percent(from), this.percent(to)];
    return `left:${left}%;width:${Math.max(right - left, 0)}%`;
  }

  private marks(): readonly AnyMark[] {
    const { from, to } = timeline.span;
    const { marks = [], bookmarks = [] } = timeline.view ?? {};
    return marksOf(marks, bookmarks, this.hiddenKinds).filter(({ time }) => time >= from && time <= to);
  }

  private mark({ kind, time }: AnyMark) {
    return html`<span style="left: ${this.percent(time)}%">${markShape(kind)}</span>`;
  }

  private ticks() {
    const times = ticksOf(timeline.span, Math.floor(this.pixels / TICK_PX));
    return html`<div class="ticks" aria-hidden="true">${times.map(
      (time) => html`<span class=${this.edge(time)} style="left: ${this.percent(time)}%">${timeText(time)}</span>`,
    )}</div>`;
  }

  /** A time at an edge is written inside it. */
  private edge(time: number): string {
    const percent = this.percent(time);
    return percent < EDGE ? "first" : percent > 100 - EDGE ? "last" : "";
  }

  private timeOf({ clientX }: MouseEvent): number {
    const { left, width } = (this.track as HTMLElement).getBoundingClientRect();
    return timeAt(Math.min(Math.max((clientX - left) / Math.max(width, 1), 0), 1), timeline.span);
  }

  private markAt(event: MouseEvent): AnyMark | undefined {
    if (this.slim) return undefined;
    const time = this.timeOf(event);
    const near = NEAR_PX * ((timeline.span.to - timeline.span.from) / Math.max(this.pixels, 1));
    const distance = (mark: AnyMark) => Math.abs(mark.time - time);
    return this.marks()
      .filter((mark) => distance(mark) <= near)
      .sort((one, other) => distance(one) - distance(other))[0];
  }

  private readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const mark = this.markAt(event);
    if (mark) return timeline.go({ time: mark.time });
    this.dragging = true;
    this.track?.setPointerCapture(event.pointerId);
    timeline.go({ time: this.timeOf(event) }, true);
  };

  private readonly moved = (event: PointerEvent): void => {
    const time = this.timeOf(event);
    if (this.dragging) timeline.go({ time }, true);
    const mark = this.dragging ? undefined : this.markAt(event);
    this.tell(mark?.time ?? time, mark?.text);
  };

  private readonly up = (event: PointerEvent): void => {
    if (!this.dragging) return;
    this.dragging = false;
    timeline.go({ time: this.timeOf(event) });
  };

  private readonly left = (): void => {
    if (!this.dragging) this.hint.hide();
  };

  private tell(time: number, text = ""): void {
    this.hint.show(this.track as HTMLElement, this.percent(time) / 100, time, text, timeline.pictureAt(time));
  }

  private readonly wheeled = (event: WheelEvent): void => {
    if (!timeline.past || (!event.ctrlKey && !timeline.isPart && event.deltaX === 0 && event.deltaY > 0)) return;
    event.preventDefault();
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      return timeline.shift(Math.sign(event.deltaX || event.deltaY) * 0.1);
    }
    timeline.zoom(ZOOM ** -Math.sign(event.deltaY), this.timeOf(event));
  };

  private readonly key = (event: KeyboardEvent): void => {
    const { past } = timeline;
    if (!past || event.altKey || event.metaKey) return;
    const act = event.ctrlKey ? this.jump(event.key, past) : this.act(event.key, past);
    if (!act) return;
    event.preventDefault();
    act();
    const { aim } = timeline;
    if (aim && "time" in aim) this.tell(aim.time);
  };

  private act(key: string, past: Past): (() => void) | undefined {
    const { from, to } = timeline.span;
    const by = (part: number) => () => {
      const time = this.position(past) + part * (to - from);
      timeline.go({ time: Math.round(Math.min(Math.max(time, past.start.time), past.end.time)) });
    };
    const zoom = (factor: number) => () => timeline.zoom(factor, past.here.time);
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => perform("back"),
      ArrowDown: () => perform("back"),
      ArrowRight: () => step(past),
      ArrowUp: () => step(past),
      PageUp: by(0.1),
      PageDown: by(-0.1),
      Home: () => timeline.go({ time: past.start.time }),
      End: () => timeline.go({ time: past.end.time }),
      "+": zoom(ZOOM),
      "-": zoom(1 / ZOOM),
      "0": () => timeline.showAll(),
      Escape: () => this.hint.hide(),
    };
    return acts[key];
  }

  /** From mark to mark. */
  private jump(key: string, { here }: Past): (() => void) | undefined {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return undefined;
    const marks = inOrder(this.marks());
    const next =
      key === "ArrowRight"
        ? marks.find(({ time }) => time > here.time)
        : marks.findLast(({ time }) => time < here.time);
    return () => {
      if (!next) return;
      timeline.go({ time: next.time });
      this.tell(next.time, next.text);
    };
  }
}

/** One instruction on: what was done is done again, at the end something new. */
function step({ here, isPast }: Past): void {
  if (isPast) timeline.go({ instruction: here.instruction + 1 });
  else if (store.view.state === "paused") perform("into");
}
