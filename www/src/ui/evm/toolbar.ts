import { html, nothing, svg, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { evmSaved } from "../../client/evm/saved_start";
import { evmStore } from "../../client/evm/start";
import { ShelfError } from "../../client/shelf";
import type { ExportKind, Travel } from "../../protocol/evm/message";
import type { MarkKind, Outcome } from "../../protocol/evm/whole";
import controlsCss from "../controls/controls.css?inline";
import { KEEP } from "../controls/icons";
import { GlassElement } from "../frame/element";
import { chordText, KEYS, perform } from "../frame/keys";
import "../frame/menu_button";
import { EVM } from "../../strings/evm";
import { FRAME } from "../../strings/frame";
import { SAVED } from "../../strings/saved";
import type { MenuItem } from "../frame/menu_button";
import type { WorkBench } from "../frame/work_bench";
import { DeskController } from "./desk_controller";
import { evmDesk } from "./desk_start";
import { EvmController } from "./evm_controller";
import { grouped, shortAddress } from "./evm_text";
import { pickFile, saveFile } from "./files";
import { hasLines, type Move, moveOf } from "./moves";
import toolbarCss from "./toolbar.css?inline";

const WORDS = EVM.toolbar;
/** Marks drawn above the slider, at most. */
const MARKS = 400;
const HEIGHT: Readonly<Record<MarkKind, number>> = { call: 8, store: 5, log: 6, failure: 10 };

/** What the bookmark does, and the key that does it too. */
const SAVE = `${FRAME.actions.save} (${chordText(KEYS.save)})`;

/** Where the transaction stands, and all ways to go on from there. */
@customElement("evm-toolbar")
export class EvmToolbar extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(toolbarCss)];

  private readonly evm = new EvmController(this);
  private readonly desk = new DeskController(this);
  /** Where the slider was dragged to last, while an earlier movement is not done. */
  private wanted: number | null = null;
  private moving = false;
  /** What was said when the project was saved; until something else happens. */
  @state() private kept = "";

  override render() {
    const { scene, previous, summary, busy, steps, arrived, precompiles } = this.evm.value;
    const outcome = summary?.transactions[this.evm.value.index];
    const note = busy
      ? WORDS.busy(steps)
      : arrived === "end" && scene?.position === previous?.position
        ? WORDS.notFound
        : arrived === "more"
          ? WORDS.searched
          : this.kept || (evmSaved.problem ? SAVED.evm.draftUnkept(SAVED.unkept[evmSaved.problem]) : "");
    return html`<div class="all">
      <div class="line">
        ${this.choice()}
        ${outcome ? this.outcome(outcome) : nothing}
        <span class="note" role="status">${note}</span>
        ${precompiles ? html`<span class="chip">${EVM.precompiles}</span>` : nothing}
        <span class="files"><button type="button" title=${SAVE} aria-label=${FRAME.actions.save} ?disabled=${!scene} @click=${() => perform("save")}>${KEEP}</button>
          <button type="button" title=${WORDS.importHint} @click=${this.open}>${WORDS.import}</button>
          <button type="button" title=${WORDS.linkHint} ?disabled=${!scene} @click=${this.link}>${WORDS.link}</button>
          <menu-button .label=${WORDS.export} .items=${() => this.exports()}></menu-button></span>
      </div>
      ${scene ? this.moves(scene.position, outcome) : nothing}</div>`;
  }

  private choice() {
    const { summary, index, project } = this.evm.value;
    if (!summary || summary.transactions.length < 2) return html`<strong>${project?.title ?? ""}</strong>`;
    const { transactions } = summary;
    const title = ({ to, refused }: Outcome, at: number) =>
      `${WORDS.transaction(at + 1, transactions.length)} → ${to ? shortAddress(to) : "CREATE"}${refused === null ? "" : " ✕"}`;
    return html`<strong>${project?.title ?? ""}</strong><select aria-label=${WORDS.which}
      @change=${(event: Event) => evmStore.select(Number((event.target as HTMLSelectElement).value))}>
      ${transactions.map((one, at) => html`<option value=${at} ?selected=${at === index} ?disabled=${one.refused !== null}>${title(one, at)}</option>`)}
    </select>`;
  }

  private outcome({ refused, success, why, gasUsed = 0, gasRefunded = 0 }: Outcome) {
    const words = EVM.outcome;
    if (refused !== null) return html`<span class="bad">✕ ${words.refused}: ${refused}</span>`;
    return html`<span class=${success ? "good" : "bad"} title=${why ?? ""}>${success ? `✓ ${words.ok}` : `✕ ${words.failed}: ${why ?? ""}`}</span>
      <span class="note">${words.gas(gasUsed)}${gasRefunded > 0 ? `, ${words.refunded(gasRefunded)}` : nothing}</span>`;
  }

  private moves(position: number, outcome: Outcome | undefined) {
    const length = outcome?.steps ?? 0;
    const atEnd = position >= length;
    const { stops } = this.desk.value;
    const lines = hasLines(this.evm.value);
    const byLine = lines && this.desk.value.byLine;
    const button = (title: string, face: string, travel: Travel, disabled = false, key = "") =>
      html`<button type="button" title=${key ? `${title} (${key})` : title} aria-label=${title} ?disabled=${disabled} @click=${() => evmStore.travel(travel)}>${face}</button>`;
    const step = (move: Move, face: string, disabled: boolean, key = "") =>
      button((byLine ? WORDS.lineSteps : WORDS.steps)[move], face, moveOf(move, byLine), disabled, key);
    return html`<div class="line">
      ${lines ? this.grain(byLine) : nothing}
      <span role="group" aria-label=${byLine ? WORDS.lines : WORDS.moves} class="moves">
        ${button(WORDS.first, "|◀", { to: 0 }, position === 0)}
        ${stops.length > 0 ? button(WORDS.backTo, "◀●", { toStops: stops, backwards: true }, position === 0, "Ctrl+Shift+F11") : nothing}
        ${step("backOver", "⤺", position === 0)}
        ${step("back", "◀", position === 0, "Ctrl+F11")}
        ${step("into", "▶", atEnd, "F11")}
        ${step("over", "⤼", atEnd, "F10")}
        ${step("out", "⤴", atEnd, "Shift+F11")}
        ${stops.length > 0 ? button(WORDS.onwards, "●▶", { toStops: stops }, atEnd, "F5") : nothing}
        ${button(WORDS.last, "▶|", { to: length }, atEnd, stops.length > 0 ? "" : "F5")}
        ${button(WORDS.call, WORDS.call, { next: "call" })}
        ${outcome?.failure ? button(WORDS.failure, WORDS.failure, { failure: true }) : nothing}
        <menu-button .label=${WORDS.more} .items=${() => this.ways()}></menu-button>
      </span>
      <label class="slider">
        ${this.marks(length)}
        <input type="range" min="0" max=${length} .value=${String(position)} aria-label=${WORDS.slider}
          aria-valuetext=${WORDS.step(position, length)} @input=${this.slid}>
      </label>
      <output>${grouped(position)} / ${grouped(length)}</output>
    </div>`;
  }

  /** What a step is: a line, or an instruction. */
  private grain(byLine: boolean) {
    const button = (title: string, value: boolean) => html`<button type="button" aria-pressed=${byLine === value}
      @click=${() => evmDesk.stepByLine(value)}>${title}</button>`;
    return html`<span role="group" aria-label=${WORDS.grain} class="moves">${button(WORDS.byLine, true)}${button(WORDS.byInstruction, false)}</span>`;
  }

  /** Ways that are asked for more rarely. */
  private ways(): readonly MenuItem[] {
    const entered = this.evm.value.scene?.frames.at(-1)?.entered;
    const way = (title: string, travel: Travel, parted = false) => ({
      title,
      parted,
      act: () => void evmStore.travel(travel),
    });
    return [
      way(WORDS.previousCall, { previous: "call" }),
      ...(entered === undefined ? [] : [way(WORDS.startOfFrame, { to: entered })]),
      way(WORDS.nextWrite, { next: "store" }, true),
      way(WORDS.previousWrite, { previous: "store" }),
      way(WORDS.nextLog, { next: "log" }, true),
      way(WORDS.previousLog, { previous: "log" }),
    ];
  }

  /** What happens where: a line for each, higher for what matters more. */
  private marks(length: number) {
    const all = this.evm.value.selected?.whole.marks ?? [];
    const every = Math.ceil(all.length / MARKS);
    const shown = all.filter(([, kind], at) => kind === "failure" || at % every === 0);
    const left = (at: number) => (length > 0 ? (100 * at) / length : 0);
    return html`<svg class="marks" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${shown.map(
      ([at, kind]) =>
        svg`<line class=${kind} x1=${left(at)} x2=${left(at)} y1="10" y2=${10 - HEIGHT[kind]}><title>${WORDS.marks[kind]}</title></line>`,
    )}</svg>`;
  }

  private readonly slid = (event: Event): void => {
    this.wanted = Number((event.target as HTMLInputElement).value);
    if (!this.moving) void this.follow();
  };

  /** Goes where the slider is; places it passed meanwhile are left out. */
  private async follow(): Promise<void> {
    this.moving = true;
    while (this.wanted !== null) {
      const to = this.wanted;
      this.wanted = null;
      await evmStore.travel({ to });
    }
    this.moving = false;
  }

  private exports() {
    const kinds: readonly ExportKind[] = ["eip3155", "stateTest", "prestate", "postState"];
    const disabled = !this.evm.value.scene;
    const files = kinds.map((kind) => ({ title: WORDS.exports[kind], disabled, act: () => void this.save(kind) }));
    return [{ title: SAVED.evm.save, act: this.keep }, ...files.map((file, at) => ({ ...file, parted: at === 0 }))];
  }

  /** Keeps the project in this browser, with the place where it stands. */
  private readonly keep = (): void => {
    try {
      this.kept = SAVED.evm.saved(evmSaved.save());
    } catch (error) {
      if (!(error instanceof ShelfError)) throw error;
      this.kept = "";
      evmStore.report(SAVED.unkept[error.why]);
    }
  };

  private readonly link = async (): Promise<void> => {
    const { linkToEvm } = await import("../links/evm_dialog");
    linkToEvm(this.closest<WorkBench>("work-bench"));
  };

  private async save(kind: ExportKind): Promise<void> {
    const file = await evmStore.export(kind);
    if (file) saveFile(file.name, file.text);
  }

  private readonly open = async (): Promise<void> => {
    const file = await pickFile();
    if (file) this.dispatchEvent(new CustomEvent("evm-file", { detail: file, bubbles: true, composed: true }));
  };
}
