import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { store } from "../../client/start";
import type { DriveName } from "../../protocol/machine_spec";
import { GlassElement } from "../frame/element";
import { type ActionName, chordText, KEYS, perform } from "../frame/keys";
import "../frame/menu_button";
import type { WorkBench } from "../frame/work_bench";
import { FRAME } from "../strings/frame";
import { PC } from "../strings/pc";
import { ViewController } from "../view_controller";
import controlsCss from "./controls.css?inline";
import { BACK, BACK_TO, DISK, KEEP, OUT, OVER, PAUSE, PLAY, POWER, RESET, STEP } from "./icons";
import toolbarCss from "./toolbar.css?inline";

/** Running, stepping, power and media of the machine as a whole, and its speed. */
@customElement("machine-toolbar")
export class Toolbar extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(toolbarCss)];

  private readonly view = new ViewController(this, store);

  override render() {
    const { state } = this.view.value;
    const running = state === "running" || state === "waiting";
    const present = running || state === "paused" || state === "stopped";
    const paused = state === "paused";
    const resting = paused || state === "stopped";
    return html`
      <div class="group" role="group" aria-label=${PC.toolbar.machine}>
        ${
          running
            ? this.button(PC.toolbar.pause, PAUSE, () => perform("run"), false, hint("run"))
            : this.button(PC.toolbar.run, PLAY, () => perform("run"), !paused, hint("run"))
        }
        ${this.plain("backTo", PC.toolbar.backTo, BACK_TO, resting)} ${this.plain("back", PC.toolbar.back, BACK, resting)}
        ${this.button(PC.toolbar.into, STEP, () => perform("into"), !paused, hint("into"))}
        ${this.button(PC.toolbar.over, OVER, () => perform("over"), !paused, hint("over"))}
        ${this.button(PC.toolbar.out, OUT, () => perform("out"), !paused, hint("out"))}
        <menu-button .label=${PC.toolbar.until} .items=${() => this.until(!paused)}></menu-button>
      </div>
      <div class="group" role="group" aria-label=${PC.toolbar.power}>
        ${this.button(PC.toolbar.reset, RESET, () => store.send({ type: "reset" }), !present)}
        ${this.button(PC.toolbar.powerOff, POWER, () => store.powerOff())}
        ${this.plain("save", FRAME.actions.save, KEEP, present)}
        ${this.medium("fda", PC.toolbar.floppy)} ${this.medium("cdrom", PC.toolbar.cd)} ${this.saving()}
        <menu-button .label=${PC.toolbar.share} .items=${() => this.sharing(!present)}></menu-button>
      </div>
    `;
  }

  private button(title: string, icon: unknown, click: () => void, disabled = false, hint = title) {
    return html`<button type="button" title=${hint} aria-label=${title} ?disabled=${disabled} @click=${click}>${icon}<span class="words">${title}</span></button>`;
  }

  /** The ways back and the bookmark have no words: the room is scarce, and a reader who needs them looks for the sign. */
  private plain(name: ActionName, title: string, icon: unknown, enabled: boolean) {
    return html`<button type="button" title=${hint(name)} aria-label=${title} ?disabled=${!enabled} @click=${() => perform(name)}>${icon}</button>`;
  }

  /** Ways to run that no breakpoint ends. */
  private until(disabled: boolean) {
    const run = (kind: "return" | "mode") => ({
      title: PC.toolbar.untils[kind],
      disabled,
      act: () => store.send({ type: "stepBy", kind, to: "" }),
    });
    return [{ title: hint("cursor"), disabled, act: () => perform("cursor") }, run("return"), run("mode")];
  }

  /** Ways for the machine to get elsewhere. */
  private sharing(disabled: boolean) {
    return [
      { title: PC.toolbar.link, disabled, act: () => void this.link() },
      { title: PC.toolbar.move, disabled, act: () => void this.move() },
    ];
  }

  private medium(drive: "fda" | "cdrom", title: string) {
    const change = (event: Event) => {
      const input = event.target as HTMLInputElement;
      const file = input.files?.[0];
      if (file) store.insert(drive, { kind: "file", file });
      input.value = "";
    };
    return html`<label class="button" title=${PC.toolbar.change(title)}>
      ${DISK}<span class="words">${title}</span><input type="file" aria-label=${PC.toolbar.change(title)} @change=${change} />
    </label>`;
  }

  /** The drives whose contents can be saved. */
  private saving() {
    const drives = this.view.value.spec?.drives ?? {};
    const writable = (["fda", "fdb", "hda", "hdb"] as const).filter((drive) => drives[drive]);
    if (writable.length === 0) return nothing;
    return html`<select aria-label=${PC.toolbar.saveDisk} .value=${""} @change=${this.save}>
      <option value="">${PC.toolbar.save}</option>
      ${writable.map((drive) => html`<option value=${drive}>${drive}</option>`)}
    </select>`;
  }

  private readonly move = async (): Promise<void> => {
    const { showMoveDialog } = await import("../moving/move_dialog");
    showMoveDialog("away");
  };

  private readonly link = async (): Promise<void> => {
    const { linkToPc } = await import("../links/pc_dialog");
    void linkToPc(this.closest<WorkBench>("work-bench"));
  };

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
}

/** What the button does, and the key that does it too. */
const hint = (name: ActionName): string => `${FRAME.actions[name]} (${chordText(KEYS[name])})`;
