import { html, unsafeCSS } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { store } from "../../client/start";
import type { Frame } from "../../client/store";
import { PC } from "../../strings/pc";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { ViewController } from "../view_controller";
import { HostKeys } from "./host_keys";
import screenCss from "./machine_screen.css?inline";
import { fitPicture } from "./scaling";

const WHEEL_NOTCH = 100;

/** The machine's monitor, keyboard and mouse. */
@customElement("machine-screen")
export class MachineScreen extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(screenCss)];

  @query("canvas") private readonly canvas!: HTMLCanvasElement;
  @query(".frame") private readonly frame!: HTMLDivElement;
  /** Fills the room there is instead of repeating rows a whole number of times. */
  @property({ type: Boolean }) fill = false;
  @state() private captured = false;
  private readonly view = new ViewController(this, store);
  private readonly picture = document.createElement("canvas");
  private aspect: readonly [number, number] = [4, 3];
  private readonly keys = new HostKeys((code, pressed) => store.send({ type: "key", code, pressed }));
  private readonly resized = new ResizeObserver(() => this.draw());
  private wheel = 0;
  private ends: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerlockchange", this.lockChanged);
    this.resized.observe(this);
    void this.catchUp();
    this.ends = [
      store.listen("frame", (frame) => this.show(frame)),
      () => document.removeEventListener("pointerlockchange", this.lockChanged),
      () => this.resized.disconnect(),
    ];
  }

  /** A screen that was not there when the picture last changed. */
  private async catchUp(): Promise<void> {
    const { state } = store.view;
    if (state === "off" || state === "loading" || state === "lost") return;
    const pixels = await store.ask({ kind: "pixels" }).catch(() => null);
    if (pixels && this.isConnected) this.take(pixels.rgba, pixels);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.keys.releaseAll();
    for (const end of this.ends) end();
  }

  override firstUpdated(): void {
    // The wheel has to be refused to the page, which a passive listener cannot.
    this.frame.addEventListener("wheel", this.wheeled, { passive: false });
    this.frame.focus({ preventScroll: true });
  }

  override updated(): void {
    this.draw();
  }

  override render() {
    const resting = this.view.value.state !== "running" && this.view.value.state !== "waiting";
    return html`
      <div
        class="frame ${resting ? "dimmed" : ""}"
        tabindex="0"
        data-holds-keys
        role="application"
        aria-label=${PC.screen.label}
        @keydown=${this.keyDown}
        @keyup=${this.keyUp}
        @blur=${() => this.keys.releaseAll()}
        @pointerdown=${this.pointer}
        @pointerup=${this.pointer}
        @pointermove=${this.pointer}
        @contextmenu=${(event: Event) => event.preventDefault()}
      >
        <canvas width="640" height="400"></canvas>
      </div>
      <p class="hint">${this.captured ? PC.screen.captured : PC.screen.hint}</p>
    `;
  }

  private show(frame: Frame): void {
    const { width, height, buffer } = frame;
    if (width > 0 && height > 0) this.take(new Uint8ClampedArray(buffer), frame);
    store.send({ type: "frameShown", buffer }, [buffer]);
  }

  private take(rgba: Uint8ClampedArray<ArrayBuffer>, { width, height, aspect }: Omit<Frame, "type" | "buffer">): void {
    if (width === 0 || height === 0) return;
    if (this.picture.width !== width || this.picture.height !== height) {
      this.picture.width = width;
      this.picture.height = height;
    }
    this.aspect = aspect;
    this.picture.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
    this.draw();
  }

  private draw(): void {
    if (!this.canvas) return;
    const scale = devicePixelRatio;
    const full = document.fullscreenElement !== null;
    const room = { width: this.frame.clientWidth * scale, height: this.frame.clientHeight * scale };
    if (room.width === 0 || room.height === 0) return;
    const size = fitPicture(this.picture, this.aspect, room, full || this.fill);
    const [width, rows] = [this.picture.width * size.repeatX, this.picture.height * size.repeatY];
    if (this.canvas.width !== width || this.canvas.height !== rows) {
      this.canvas.width = width;
      this.canvas.height = rows;
    }
    this.canvas.style.width = `${size.width / scale}px`;
    this.canvas.style.height = `${size.height / scale}px`;
    const context = this.canvas.getContext("2d");
    if (!context) return;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.picture, 0, 0, width, rows);
  }

  private readonly keyDown = (event: KeyboardEvent): void => {
    if (event.code === "KeyG" && event.ctrlKey && event.altKey) {
      event.preventDefault();
      this.keys.releaseAll();
      document.exitPointerLock();
      this.frame.blur();
    } else if (this.keys.press(event)) event.preventDefault();
  };

  private readonly keyUp = (event: KeyboardEvent): void => {
    if (this.keys.release(event)) event.preventDefault();
  };

  private readonly pointer = (event: PointerEvent): void => {
    if (!this.holdsPointer) return;
    // The browser numbers buttons as PS/2 mice do: 1 left, 2 right, 4 middle.
    const [dx, dy] = [Math.round(event.movementX), Math.round(event.movementY)];
    store.send({ type: "mouse", dx, dy, wheel: 0, buttons: event.buttons & 7 });
    event.preventDefault();
  };

  private readonly wheeled = (event: WheelEvent): void => {
    if (!this.holdsPointer) return;
    event.preventDefault();
    this.wheel += event.deltaY;
    const notches = Math.trunc(this.wheel / WHEEL_NOTCH);
    this.wheel -= notches * WHEEL_NOTCH;
    if (notches !== 0) store.send({ type: "mouse", dx: 0, dy: 0, wheel: notches, buttons: event.buttons & 7 });
  };

  /** Whether the pointer is the machine's at this moment: events may come before it is told that it no longer is. */
  private get holdsPointer(): boolean {
    // To the document, the whole page's component has the pointer.
    return this.shadowRoot?.pointerLockElement === this.frame;
  }

  private readonly lockChanged = (): void => {
    this.captured = this.holdsPointer;
  };

  /** Where the picture is shown, and its size in the machine's own pixels. */
  get surface(): { readonly canvas: HTMLCanvasElement; readonly width: number; readonly height: number } {
    return { canvas: this.canvas, width: this.picture.width, height: this.picture.height };
  }

  /** The mouse goes into the machine, until Esc gives it back. */
  captureMouse(): void {
    this.frame.focus({ preventScroll: true });
    void this.frame.requestPointerLock();
  }

  /** The screen takes the whole display. */
  goFull(): void {
    this.frame.focus({ preventScroll: true });
    // Its events go to the element that asked, and to none within.
    void this.requestFullscreen();
  }
}
