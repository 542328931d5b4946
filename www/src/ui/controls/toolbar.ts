import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { speaker, store } from "../../client/start";
import { SCANCODES } from "../../host/keyboard.mjs";
import type { DriveName } from "../../protocol/machine_spec";
import { GlassElement } from "../frame/element";
import { ViewController } from "../view_controller";
import controlsCss from "./controls.css?inline";
import { DISK, FULL, MOUSE, PAUSE, PLAY, POWER, RESET, SOUND, STEP } from "./icons";
import toolbarCss from "./toolbar.css?inline";

/** What the toolbar asks of the screen beside it. */
export type ScreenRequest = "fullscreen" | "mouse";

/** Buttons for the machine as a whole, and its speed. */
@customElement("machine-toolbar")
export class Toolbar extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(toolbarCss)];

  @state() private sound = false;
  private readonly view = new ViewController(this, store);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    speaker.off();
    this.sound = false;
  }

  override render() {
    const { state } = this.view.value;
    const running = state === "running" || state === "waiting";
    const present = running || state === "paused" || state === "stopped";
    return html`
      <div class="group" role="group" aria-label="Machine">
        ${
          running
            ? this.button("Pause", PAUSE, () => store.send({ type: "pause" }))
            : this.button("Run", PLAY, () => store.send({ type: "run" }), state !== "paused")
        }
        ${this.button("Step", STEP, () => store.send({ type: "step", count: 1 }), state !== "paused")}
        ${this.button("Reset", RESET, () => store.send({ type: "reset" }), !present)}
        ${this.button("Power off", POWER, () => store.powerOff())}
      </div>
      <div class="group" role="group" aria-label="Keys and screen">
        ${this.button("Ctrl+Alt+Del", nothing, () => this.press(["ControlLeft", "AltLeft", "Delete"]), !present)}
        <select aria-label="Press a function key" .value=${""} @change=${this.functionKey} ?disabled=${!present}>
          <option value="">F keys</option>
          ${Array.from({ length: 12 }, (_, index) => html`<option value="F${index + 1}">F${index + 1}</option>`)}
        </select>
        ${this.button("Mouse", MOUSE, () => this.request("mouse"), !present, "Capture the mouse; Esc gives it back")}
        ${this.button("Full screen", FULL, () => this.request("fullscreen"), !present)}
        <button type="button" aria-pressed=${this.sound} @click=${this.toggleSound}>${SOUND}Sound</button>
        ${this.medium("fda", "Floppy")} ${this.medium("cdrom", "CD")} ${this.saving()}
      </div>
      ${this.speed()}
    `;
  }

  private button(title: string, icon: unknown, click: () => void, disabled = false, hint = title) {
    return html`<button type="button" title=${hint} ?disabled=${disabled} @click=${click}>${icon}${title}</button>`;
  }

  private medium(drive: "fda" | "cdrom", title: string) {
    const change = (event: Event) => {
      const input = event.target as HTMLInputElement;
      const file = input.files?.[0];
      if (file) store.insert(drive, { kind: "file", file });
      input.value = "";
    };
    return html`<label class="button" title="Change the ${title}">
      ${DISK}${title}<input type="file" aria-label="Change the ${title}" @change=${change} />
    </label>`;
  }

  /** The drives whose contents can be saved. */
  private saving() {
    const drives = this.view.value.spec?.drives ?? {};
    const writable = (["fda", "fdb", "hda", "hdb"] as const).filter((drive) => drives[drive]);
    if (writable.length === 0) return nothing;
    return html`<select aria-label="Save a disk" .value=${""} @change=${this.save}>
      <option value="">Save…</option>
      ${writable.map((drive) => html`<option value=${drive}>${drive}</option>`)}
    </select>`;
  }

  private readonly save = async (event: Event): Promise<void> => {
    const select = event.target as HTMLSelectElement;
    const drive = select.value as DriveName;
    select.value = "";
    try {
      const image = (await store.ask({ kind: "diskImage", drive })) as Blob;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(image);
      link.download = `${drive}.img`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (error) {
      store.report(error instanceof Error ? error.message : String(error));
    }
  };

  private speed() {
    const { speed, state } = this.view.value;
    if (!speed || state !== "running") return html`<span class="speed">${state}</span>`;
    const mips = speed.mips.toFixed(speed.mips < 10 ? 1 : 0);
    const title = `${speed.instructions} instructions, ${speed.seconds.toFixed(1)} s of guest time`;
    const idle = speed.halted && speed.mips < 5 ? "idle · " : "";
    return html`<span class="speed" title=${title}>${idle}${mips} MIPS · ${speed.percent.toFixed(0)} % of real time</span>`;
  }

  private press(names: readonly string[]): void {
    const codes = names.flatMap((name) => SCANCODES[name] ?? []);
    for (const code of codes) store.send({ type: "key", code, pressed: true });
    for (const code of codes.reverse()) store.send({ type: "key", code, pressed: false });
  }

  private readonly functionKey = (event: Event): void => {
    const select = event.target as HTMLSelectElement;
    if (select.value) this.press([select.value]);
    select.value = "";
  };

  private readonly toggleSound = (): void => {
    this.sound = !this.sound;
    if (this.sound) speaker.on();
    else speaker.off();
  };

  private request(what: ScreenRequest): void {
    this.dispatchEvent(
      new CustomEvent<ScreenRequest>("screen-request", { detail: what, bubbles: true, composed: true }),
    );
  }
}
