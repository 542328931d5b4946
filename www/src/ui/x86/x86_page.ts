import { html, unsafeCSS } from "lit";
import { customElement, query } from "lit/decorators.js";
import { looker, store } from "../../client/start";
import type { View } from "../../client/store";
import type { StepKind } from "../../protocol/stops";
import controlsCss from "../controls/controls.css?inline";
import "../controls/gallery";
import "../controls/machine_form";
import "../controls/toolbar";
import { ProgramPanes } from "../editor/panes";
import "../editor/pc_examples";
import { GlassElement } from "../frame/element";
import { register } from "../frame/keys";
import { type Moment, MomentEvent, sameMoment } from "../frame/moment";
import type { AddressTarget } from "../frame/number_value";
import { embedded } from "../frame/settings";
import "../frame/work_bench";
import { PC } from "../../strings/pc";
import type { WorkBench } from "../frame/work_bench";
import pageCss from "../pages/page.css?inline";
import { ViewController } from "../view_controller";
import { X86_PANES, X86_PRESETS } from "./panes";
import { reasonText } from "./stop_text";

/** The PC: its machine in panes, or the choice of one while there is none. */
@customElement("x86-page")
export class X86Page extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(pageCss)];

  @query("work-bench") private readonly bench!: WorkBench | null;
  private readonly view = new ViewController(this, store);
  private readonly programPanes = new ProgramPanes(this, () => this.bench);
  private moment: Moment | null = null;
  private ends: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const running = () => ["running", "waiting"].includes(this.view.value.state);
    this.ends = [
      register({
        run: () => store.send({ type: running() ? "pause" : "run" }),
        into: () => step("into"),
        over: () => step("over"),
        out: () => step("out"),
        back: () => store.send({ type: "goBack", kind: "into" }),
        backTo: () => store.send({ type: "goBack", kind: "continue" }),
        save: () => void import("../library/pc_saving").then(({ saveMoment }) => saveMoment()),
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    this.moment = null;
  }

  override updated(): void {
    // Loaded when there is a machine: only then is there a time to walk.
    if (this.bench) void import("../timeline/timeline_bar");
    const moment = this.now();
    if (sameMoment(moment, this.moment)) return;
    this.moment = moment;
    this.dispatchEvent(new MomentEvent(moment));
  }

  private now(): Moment | null {
    const { state, spec, instructions, stop, past } = this.view.value;
    if (state === "off" || !spec) return null;
    const resting = state === "paused" || state === "stopped";
    const reason = reasonText(stop);
    return {
      machine: spec.title,
      instruction: resting ? instructions : null,
      unit: "instruction",
      ...(!resting && { activity: activityText(this.view.value) }),
      ...(reason && { reason }),
      ...(past && { past }),
    };
  }

  override render() {
    if (this.view.value.state === "off") {
      if (mayBeLost()) void import("../library/lost_runs");
      return html`<div class="choice"><lost-runs></lost-runs><machine-gallery></machine-gallery><pc-examples></pc-examples>
        <machine-form></machine-form></div>`;
    }
    return html`<work-bench route="x86" initial=${embedded || "learn"} aria-label=${PC.title} .kinds=${X86_PANES} .presets=${X86_PRESETS}
      @open-address=${this.follow} @bench-ready=${this.programPanes.arrange}>
      <machine-toolbar slot="toolbar"></machine-toolbar>
      <machine-timeline slot="foot"></machine-timeline>
    </work-bench>`;
  }

  /** A reader followed an address: code in the code pane, all else in a memory pane. */
  private readonly follow = async (event: CustomEvent<AddressTarget>): Promise<void> => {
    const { space, address, pane } = event.detail;
    const offset = Number(address);
    try {
      if (pane === "memory") return this.bench?.openPane("memory", { space, offset });
      const { linear } = await store.inspect("translate", space, offset, "execute", 1, -1);
      if (linear !== null) this.bench?.openPane("code", { top: linear });
    } catch (error) {
      store.report(error instanceof Error ? error.message : String(error));
    }
    looker.refresh();
  };
}

/** Whether a machine ran here before: only then is there a look at what was kept of it. */
const mayBeLost = (): boolean => {
  try {
    return embedded === null && localStorage.getItem("glassbox.ran") !== null;
  } catch {
    return false;
  }
};

/** What the machine does, and how fast. */
function activityText({ state, speed }: View): string {
  if (state !== "running" || !speed) return PC.states[state];
  const mips = speed.mips.toFixed(speed.mips < 10 ? 1 : 0);
  const idle = speed.halted && speed.mips < 5;
  return PC.activity(idle ? PC.states.idle : PC.states.running, mips, speed.percent.toFixed(0));
}

const step = (kind: StepKind): void => store.send({ type: "stepBy", kind, to: "" });
