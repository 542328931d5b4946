import { html, nothing, unsafeCSS } from "lit";
import { customElement, query } from "lit/decorators.js";
import { store } from "../../client/start";
import controlsCss from "../controls/controls.css?inline";
import "../controls/gallery";
import "../controls/machine_form";
import "../controls/toolbar";
import { GlassElement } from "../frame/element";
import { register } from "../frame/keys";
import { type Moment, MomentEvent, sameMoment } from "../frame/moment";
import "../frame/work_bench";
import type { WorkBench } from "../frame/work_bench";
import "../panels/cpu_panel";
import "../panels/serial_terminal";
import "../screen/screen_pane";
import { ViewController } from "../view_controller";
import pageCss from "./page.css?inline";
import { X86_PANES, X86_PRESETS } from "./x86_panes";

/** The PC: its machine in panes, or the choice of one while there is none. */
@customElement("x86-page")
export class X86Page extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(pageCss)];

  @query("work-bench") private readonly bench!: WorkBench | null;
  private readonly view = new ViewController(this, store);
  private moment: Moment | null = null;
  private end: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.end = register({
      run: () => store.send({ type: this.view.value.state === "running" ? "pause" : "run" }),
      into: () => store.send({ type: "step", count: 1 }),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end?.();
    this.moment = null;
  }

  override updated(): void {
    const moment = this.now();
    if (sameMoment(moment, this.moment)) return;
    this.moment = moment;
    this.dispatchEvent(new MomentEvent(moment));
  }

  private now(): Moment | null {
    const { state, spec, instructions } = this.view.value;
    if (state === "off" || !spec) return null;
    const resting = state === "paused" || state === "stopped";
    return { machine: spec.title, instruction: resting ? instructions : null, unit: "instruction" };
  }

  override render() {
    if (this.view.value.state === "off")
      return html`<div class="choice"><machine-gallery></machine-gallery><machine-form></machine-form></div>`;
    return html`<work-bench route="x86" initial="learn" .kinds=${X86_PANES} .presets=${X86_PRESETS}>
      <machine-toolbar slot="toolbar"></machine-toolbar>
    </work-bench>${nothing}`;
  }
}
