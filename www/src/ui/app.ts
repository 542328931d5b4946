import { html, LitElement, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { ROLE_HEAD_BYTES, roleOf } from "../client/drop_roles";
import { store } from "../client/start";
import appCss from "./app.css?inline";
import controlsCss from "./controls/controls.css?inline";
import "./controls/gallery";
import "./controls/machine_form";
import type { MachineForm } from "./controls/machine_form";
import "./controls/messages";
import "./controls/toolbar";
import "./controls/touch_keyboard";
import "./panels/cpu_panel";
import "./panels/serial_terminal";
import "./screen/machine_screen";
import { ViewController } from "./view_controller";

type Panel = "serial" | "cpu";

/** The page: pick a machine, or the machine that runs. */
@customElement("glassbox-app")
export class App extends LitElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(appCss)];

  @state() private fill = false;
  @state() private dragging = false;
  @state() private panels: readonly Panel[] = innerWidth >= 1150 ? ["serial"] : [];
  @state() private keyboard = matchMedia("(pointer: coarse)").matches;
  private readonly view = new ViewController(this, store);
  private lastState = "off";

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("dragover", this.dragOver);
    addEventListener("dragleave", this.dragLeave);
    addEventListener("drop", this.drop);
    if (typeof WebAssembly === "undefined") {
      store.report("This browser has no WebAssembly: use a current Firefox, Chrome, Edge or Safari, or allow it.");
    } else {
      store.connect();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("dragover", this.dragOver);
    removeEventListener("dragleave", this.dragLeave);
    removeEventListener("drop", this.drop);
  }

  /** A machine that stops shows where it stands; the button takes the panel away again. */
  override willUpdate(): void {
    const { state } = this.view.value;
    const stopped = state === "paused" || state === "stopped";
    if (stopped && state !== this.lastState && !this.panels.includes("cpu")) this.panels = ["cpu", ...this.panels];
    this.lastState = state;
  }

  override render() {
    const { state, spec } = this.view.value;
    return html`
      <header>
        <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 2h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2m0 2v6h10V4zm2 9h6v1.5H5z" />
        </svg>
        <h1>Glassbox</h1>
        <p>A PC made of glass</p>
        ${state !== "off" && spec ? html`<span class="title">${spec.title}</span>` : nothing}
      </header>
      <main>
        <machine-messages></machine-messages>
        ${state === "off" ? this.choice() : this.machine()}
      </main>
      ${this.dragging ? html`<div class="drop">Drop a floppy, disk, CD or kernel</div>` : nothing}
    `;
  }

  private choice() {
    return html`<machine-gallery></machine-gallery><machine-form></machine-form>`;
  }

  private machine() {
    return html`
      <div class="machine ${this.panels.length > 0 ? "panels" : ""}">
        <div class="stage">
          <machine-toolbar></machine-toolbar>
          <machine-screen ?fill=${this.fill}></machine-screen>
          <div class="tabs" role="group" aria-label="Panels">
            ${this.panelButton("serial", "Serial terminal")} ${this.panelButton("cpu", "CPU")}
            <button type="button" aria-pressed=${this.keyboard} @click=${this.toggleKeyboard}>On-screen keyboard</button>
            <button type="button" aria-pressed=${this.fill} @click=${this.toggleFill}>Fill the space</button>
          </div>
          ${this.keyboard ? html`<touch-keyboard></touch-keyboard>` : nothing}
        </div>
        ${
          this.panels.length > 0
            ? html`<div class="side">
                ${this.panels.includes("cpu") ? html`<cpu-panel></cpu-panel>` : nothing}
                ${this.panels.includes("serial") ? html`<serial-terminal></serial-terminal>` : nothing}
              </div>`
            : nothing
        }
      </div>
    `;
  }

  private panelButton(panel: Panel, title: string) {
    const shown = this.panels.includes(panel);
    const toggle = () => {
      this.panels = shown ? this.panels.filter((other) => other !== panel) : [...this.panels, panel];
    };
    return html`<button type="button" aria-pressed=${shown} @click=${toggle}>${title}</button>`;
  }

  private readonly toggleKeyboard = (): void => {
    this.keyboard = !this.keyboard;
  };

  private readonly toggleFill = (): void => {
    this.fill = !this.fill;
  };

  private readonly dragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.dragging = true;
  };

  private readonly dragLeave = (event: DragEvent): void => {
    if (event.relatedTarget === null) this.dragging = false;
  };

  private readonly drop = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.dragging = false;
    void this.take([...event.dataTransfer.files]);
  };

  /** A floppy or CD goes into the machine that runs; everything else into the form for a new one. */
  private async take(files: readonly File[]): Promise<void> {
    for (const file of files) {
      try {
        const head = new Uint8Array(await file.slice(0, ROLE_HEAD_BYTES).arrayBuffer());
        const role = roleOf(file.name, file.size, head);
        if (this.view.value.state === "off") await this.intoForm(role, file);
        else if (role === "fda" || role === "cdrom") store.insert(role, { kind: "file", file });
        else store.report(`${file.name}: only floppies and CDs go into a running machine; switch it off first`);
      } catch {
        store.report(`${file.name}: cannot be read; drop a file, not a folder`);
      }
    }
  }

  private async intoForm(role: ReturnType<typeof roleOf>, file: File): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<MachineForm>("machine-form")?.give(role, file);
  }
}
