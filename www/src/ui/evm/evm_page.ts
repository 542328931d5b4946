import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { evmSaved } from "../../client/evm/saved_start";
import { evmStore } from "../../client/evm/start";
import type { Imported } from "../../protocol/evm/message";
import type { EvmProject } from "../../protocol/evm/request";
import controlsCss from "../controls/controls.css?inline";
import messagesCss from "../controls/messages.css?inline";
import { GlassElement } from "../frame/element";
import { register } from "../frame/keys";
import { type Moment, MomentEvent, sameMoment } from "../frame/moment";
import "../frame/work_bench";
import { EVM } from "../../strings/evm";
import type { WorkBench } from "../frame/work_bench";
import pageCss from "../pages/page.css?inline";
import "./accounts_pane";
import "./calls_pane";
import "./code_pane";
import "./compare_pane";
import "./data_pane";
import "./evm_gallery";
import { DeskController } from "./desk_controller";
import { evmDesk } from "./desk_start";
import { EvmController } from "./evm_controller";
import evmPageCss from "./evm_page.css?inline";
import "./gas_pane";
import "./lesson_pane";
import type { OpenPaneEvent } from "./lesson_pane";
import { standingOf } from "./line_place";
import "./logs_pane";
import "./memory_pane";
import { hasLines, type Move, moveOf } from "./moves";
import { EVM_PANES, EVM_PRESETS } from "./panes";
import "./stack_pane";
import "./storage_pane";
import "./toolbar";
import "./transaction_pane";
import "./variables_pane";
import { BLANK } from "./transaction_form";

/** Bytes of a file that is opened, at most: official state tests are smaller. */
const LARGEST_FILE = 64 << 20;

/** The EVM: a run in panes, or the choice of one while there is none. */
@customElement("evm-page")
export class EvmPage extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(messagesCss), unsafeCSS(pageCss), unsafeCSS(evmPageCss)];

  @query("work-bench") private readonly bench!: WorkBench | null;
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @state() private imported: readonly Imported[] = [];
  /** The reader wants to see the choice again. */
  @state() private choosing = false;
  private readonly evm = new EvmController(this);
  private readonly desk = new DeskController(this);
  private moment: Moment | null = null;
  private project: unknown = null;
  private called = 0;
  /** The form is to be shown, as soon as there is a workbench. */
  private wantsForm = false;
  private ends: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    void evmStore.start();
    const step = (move: Move) => () => void evmStore.travel(moveOf(move, this.byLine));
    this.ends = [
      register({
        run: () => void evmStore.travel({ toStops: evmDesk.view.stops }),
        backTo: () => void evmStore.travel({ toStops: evmDesk.view.stops, backwards: true }),
        breakpoint: () => this.stopHere(),
        into: step("into"),
        over: step("over"),
        out: step("out"),
        back: step("back"),
        save: () => void import("../library/evm_saving").then(({ saveEvmMoment }) => saveEvmMoment(this.bench)),
      }),
    ];
    this.addEventListener("dragover", this.dragOver);
    this.addEventListener("drop", this.drop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    this.moment = null;
    this.removeEventListener("dragover", this.dragOver);
    this.removeEventListener("drop", this.drop);
  }

  private get byLine(): boolean {
    return this.desk.value.byLine && hasLines(this.evm.value);
  }

  private showForm(bench: WorkBench): void {
    this.wantsForm = false;
    const open = () => bench.openPane("transaction");
    if (bench.hasPane("transaction")) open();
    else bench.addEventListener("bench-ready", open, { once: true });
  }

  /** Sets a breakpoint where the EVM stands, or takes it away: on the line, if a source is known. */
  private stopHere(): void {
    const { scene, code } = this.evm.value;
    const standing = standingOf(scene, code);
    const frame = scene?.frames.at(-1);
    if (standing) evmDesk.toggleStop({ file: standing.file, line: standing.line });
    else if (frame) evmDesk.toggleStop({ code: frame.codeAddress, pc: frame.pc });
  }

  /** Whatever is opened is shown. */
  override willUpdate(): void {
    const { project } = this.evm.value;
    if (project !== this.project) this.choosing = false;
    this.project = project;
  }

  override updated(): void {
    const { called } = this.desk.value;
    if (called !== this.called) this.bench?.openPane("source");
    this.called = called;
    if (this.wantsForm && this.bench) this.showForm(this.bench);
    const { project, scene } = this.evm.value;
    const moment = project
      ? { machine: project.title, instruction: scene?.position ?? null, unit: "step" as const }
      : null;
    if (sameMoment(moment, this.moment)) return;
    this.moment = moment;
    this.dispatchEvent(new MomentEvent(moment));
  }

  override render() {
    const { project } = this.evm.value;
    return html`${this.messages()} ${project && !this.choosing ? this.work() : this.choice()} ${this.runs()}`;
  }

  private messages() {
    const { problem, lost, project } = this.evm.value;
    return html`<div role="alert">${
      problem
        ? html`<div class="message bad"><span>${lost ? `${EVM.lost}: ` : nothing}${problem}</span>
            ${lost && project ? html`<button type="button" class="primary" @click=${() => evmStore.open(project)}>${EVM.again}</button>` : nothing}
            <button type="button" @click=${() => evmStore.dismiss()}>${EVM.dismiss}</button></div>`
        : nothing
    }</div>`;
  }

  private choice() {
    void import("../controls/saved_work");
    return html`<div class="choice">
      <p><button type="button" @click=${() => this.openNew(BLANK)}>${EVM.blank}</button>
        <button type="button" title=${EVM.toolbar.importHint} @click=${this.pick}>${EVM.toolbar.import}</button></p>
      <saved-work evm></saved-work>
      <evm-gallery></evm-gallery>
    </div>`;
  }

  private work() {
    return html`<work-bench route="evm" initial="learn" .kinds=${EVM_PANES} .presets=${EVM_PRESETS}
      @evm-open-pane=${this.openPane} @evm-file=${(event: CustomEvent<File>) => this.take(event.detail)}
      @evm-examples=${() => {
        this.choosing = true;
      }}>
      <evm-toolbar slot="toolbar"></evm-toolbar>
    </work-bench>`;
  }

  /** The choice between the runs of a file. */
  private runs() {
    return html`<dialog aria-label=${EVM.toolbar.chooseRun}>
      <p>${EVM.toolbar.chooseRun}</p>
      <ul>${this.imported.map(
        (one) => html`<li><button type="button" @click=${() => this.openImported(one)}>${one.name}</button></li>`,
      )}</ul>
      <button type="button" @click=${() => this.dialog.close()}>${EVM.toolbar.cancel}</button>
    </dialog>`;
  }

  private readonly openPane = (event: OpenPaneEvent): void => this.bench?.openPane(event.detail);

  private readonly pick = async (): Promise<void> => {
    const { pickFile } = await import("./files");
    const file = await pickFile();
    if (file) await this.take(file);
  };

  private async take(file: File): Promise<void> {
    if (/\.glassbox$/i.test(file.name)) return (await import("../library/evm_opening")).takeMoment(file);
    if (file.size > LARGEST_FILE) return evmStore.report(EVM.toolbar.tooLarge(file.name));
    const imported = (await evmStore.import(file.name, await file.text())) ?? [];
    const [first] = imported;
    if (imported.length === 1 && first) return this.openImported(first);
    if (imported.length === 0) return;
    this.imported = imported;
    await this.updateComplete;
    this.dialog.showModal();
  }

  private openImported({ project, chain }: Imported): void {
    this.dialog.close();
    if (chain !== undefined && this.evm.value.project) {
      evmDesk.edit({ chain, fork: "" });
      evmDesk.run();
      return;
    }
    this.openNew(project);
    // Where nothing is executed yet, the next step is to say what.
    if (project.request.code === undefined && !project.request.transactions?.length) this.wantsForm = true;
  }

  private openNew(project: EvmProject): void {
    evmSaved.leave();
    void evmStore.open(project);
  }

  private readonly dragOver = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  };

  private readonly drop = (event: DragEvent): void => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void this.take(file);
  };
}
