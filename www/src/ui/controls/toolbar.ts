import { html, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { store } from "../../client/start";
import type { DriveName } from "../../protocol/machine_spec";
import { GlassElement } from "../frame/element";
import { type ActionName, chordText, KEYS, perform } from "../frame/keys";
import "../frame/menu_button";
import { FRAME } from "../../strings/frame";
import { PC } from "../../strings/pc";
import type { WorkBench } from "../frame/work_bench";
import { ViewController } from "../view_controller";
import controlsCss from "./controls.css?inline";
import { BACK, BACK_TO, KEEP, OUT, OVER, PAUSE, PLAY, POWER, RESET, STEP } from "./icons";
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
        <menu-button .label=${PC.toolbar.disks} .items=${() => this.disks()}></menu-button>
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

  /** The media to change, and the drives whose contents can be saved. */
  private disks() {
    const { change, saveDisk } = PC.toolbar;
    const drives = this.view.value.spec?.drives ?? {};
    const writable = (["fda", "fdb", "hda", "hdb"] as const).filter((drive) => drives[drive]);
    return [
      { title: change.fda, act: () => void this.change("fda") },
      { title: change.cdrom, act: () => void this.change("cdrom") },
      ...writable.map((drive, at) => ({ title: saveDisk(drive), parted: at === 0, act: () => void this.save(drive) })),
    ];
  }

  private async change(drive: "fda" | "cdrom"): Promise<void> {
    const { pickFile } = await import("../evm/files");
    const file = await pickFile();
    if (file) store.insert(drive, { kind: "file", file });
  }

  private readonly move = async (): Promise<void> => {
    const { showMoveDialog } = await import("../moving/move_dialog");
    showMoveDialog("away");
  };

  private readonly link = async (): Promise<void> => {
    const { linkToPc } = await import("../links/pc_dialog");
    void linkToPc(this.closest<WorkBench>("work-bench"));
  };

  private async save(drive: DriveName): Promise<void> {
    try {
      const { giveFile } = await import("../library/files");
      giveFile(`${drive}.img`, (await store.ask({ kind: "diskImage", drive })) as Blob);
    } catch (error) {
      store.report(error instanceof Error ? error.message : String(error));
    }
  }
}

/** What the button does, and the key that does it too. */
const hint = (name: ActionName): string => `${FRAME.actions[name]} (${chordText(KEYS[name])})`;
