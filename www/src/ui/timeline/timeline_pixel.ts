import { html, unsafeCSS } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { whoWrote } from "../../client/wrote";
import { WROTE } from "../../strings/wrote";
import { GlassElement } from "../frame/element";
import pixelCss from "./timeline_pixel.css?inline";

const FAST = 10;
const WAYS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Lies over the machine's picture while a pixel of it is chosen; then goes back to what drew it. */
@customElement("pixel-picker")
export class PixelPicker extends GlassElement {
  static override styles = unsafeCSS(pixelCss);

  @property({ attribute: false }) surface!: { canvas: HTMLCanvasElement; width: number; height: number };
  @state() private x = 0;
  @state() private y = 0;
  @query(".over") private readonly over!: HTMLElement;

  override firstUpdated(): void {
    this.x = Math.floor(this.surface.width / 2);
    this.y = Math.floor(this.surface.height / 2);
    this.over.focus({ preventScroll: true });
  }

  override updated(): void {
    const { left, top, width, height } = this.surface.canvas.getBoundingClientRect();
    Object.assign(this.over.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  }

  override render() {
    const { width, height } = this.surface;
    return html`<div class="over" tabindex="0" role="application" aria-label=${WROTE.pick} title=${WROTE.pick} data-holds-keys
      @pointermove=${this.point} @click=${this.pick} @keydown=${this.key}>
      <i class="column" style="left: ${(100 * (this.x + 0.5)) / width}%"></i>
      <i class="row" style="top: ${(100 * (this.y + 0.5)) / height}%"></i>
      <output aria-live="polite">${WROTE.at(this.x, this.y)}</output>
    </div>`;
  }

  private readonly point = ({ clientX, clientY }: PointerEvent): void => {
    const { left, top, width, height } = this.over.getBoundingClientRect();
    this.place(
      Math.floor(((clientX - left) * this.surface.width) / width),
      Math.floor(((clientY - top) * this.surface.height) / height),
    );
  };

  private place(x: number, y: number): void {
    this.x = Math.min(Math.max(x, 0), this.surface.width - 1);
    this.y = Math.min(Math.max(y, 0), this.surface.height - 1);
  }

  private readonly pick = (event: Event): void => {
    if (event instanceof PointerEvent && event.pointerType !== "") this.point(event);
    whoWrote("pixel", `${this.x},${this.y}`);
    this.end();
  };

  private readonly key = (event: KeyboardEvent): void => {
    const by = WAYS[event.key];
    if (by) this.place(this.x + by[0] * (event.shiftKey ? FAST : 1), this.y + by[1] * (event.shiftKey ? FAST : 1));
    else if (event.key === "Enter") this.pick(event);
    else if (event.key === "Escape") this.end();
    else return;
    event.preventDefault();
  };

  private readonly end = (): void => {
    this.dispatchEvent(new Event("ended"));
  };
}
