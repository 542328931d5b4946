import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { timeText } from "../../client/timeline/point_text";
import type { Thumbnail } from "../../protocol/timeline";
import { TIMELINE } from "../../strings/timeline";
import { GlassElement } from "../frame/element";
import hintCss from "./time_hint.css?inline";

/** What the screen showed at a time, and what happened there: above the point of the track that is meant. */
@customElement("time-hint")
export class TimeHint extends GlassElement {
  static override styles = unsafeCSS(hintCss);

  @state() private time = 0;
  @state() private text = "";
  @state() private picture: Thumbnail | null = null;
  @query("[popover]") private readonly box!: HTMLElement;
  @query("canvas") private readonly canvas!: HTMLCanvasElement | null;
  private drawn = 0;

  override render() {
    const { picture } = this;
    return html`<div popover="manual" aria-hidden="true">
      ${picture ? html`<canvas width=${picture.width} height=${picture.height} title=${TIMELINE.picture(timeText(picture.time))}></canvas>` : nothing}
      <b>${timeText(this.time)}</b>${this.text ? html`<span>${this.text}</span>` : nothing}
    </div>`;
  }

  override updated(): void {
    if (!this.picture) {
      this.drawn = 0;
      return;
    }
    if (this.picture.id === this.drawn) return;
    const { id, width, height, rgba } = this.picture;
    this.drawn = id;
    this.canvas?.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
  }

  /** Shows it above the whole timeline, at a part of an element's width. */
  async show(over: HTMLElement, part: number, time: number, text: string, picture: Thumbnail | null): Promise<void> {
    this.time = time;
    this.text = text;
    this.picture = picture;
    if (!this.box.matches(":popover-open")) this.box.showPopover();
    await this.updateComplete;
    const { left, width } = over.getBoundingClientRect();
    const track = (this.getRootNode() as ShadowRoot).host;
    const bar = (track.getRootNode() as ShadowRoot).host ?? track;
    const { top } = bar.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.box;
    const most = this.ownerDocument.documentElement.clientWidth - offsetWidth - 4;
    this.box.style.left = `${Math.max(Math.min(left + part * width - offsetWidth / 2, most), 4)}px`;
    this.box.style.top = `${Math.max(top - offsetHeight - 4, 0)}px`;
  }

  hide(): void {
    if (this.box.matches(":popover-open")) this.box.hidePopover();
  }
}
