import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { evmStore } from "../../client/evm/start";
import type { StopPlace } from "../../protocol/evm/message";
import type { Explanation } from "../../protocol/evm/scene";
import type { CodeView } from "../../protocol/evm/whole";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { PaneStateEvent } from "../frame/pane";
import codeCss from "./code_pane.css?inline";
import { type CodeFace, type CodeRow, type CodeRows, rowsOf, splitAt } from "./code_rows";
import { hasStop } from "./desk";
import { DeskController } from "./desk_controller";
import { evmDesk } from "./desk_start";
import { EvmController } from "./evm_controller";
import { grouped, shortAddress } from "./evm_text";
import { word } from "./evm_word";
import { type SourceStanding, standingOf } from "./line_place";
import paneCss from "./pane.css?inline";

const WORDS = EVM.code;
/** Rows drawn above and below those that can be seen. */
const SPARE = 12;

/** The code that runs, as instructions or as source, with the next instruction explained. */
@customElement("evm-code")
export class CodePane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(codeCss)];

  private readonly evm = new EvmController(this);
  private readonly desk = new DeskController(this);
  @state() private asSource = true;
  /** The file of the source that the reader chose; empty: the one that the EVM stands in. */
  @state() private file = "";
  @state() private top = 0;
  @state() private height = 400;
  @state() private cursor = -1;
  @query(".rows") private readonly list!: HTMLElement | null;
  private made: { readonly code: CodeView; readonly face: string; readonly rows: CodeRows } | undefined;
  private shown = "";
  private followed = "";
  private rowHeight = 20;
  private readonly resized = new ResizeObserver(() => this.measure());

  /** Kept with the layout, and not to be trusted. */
  set paneState(kept: unknown) {
    this.asSource = (Object(kept) as { asSource?: unknown }).asSource !== false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.shown = "";
  }

  private get face(): CodeFace {
    const { code } = this.evm.value;
    if (!this.asSource || !code?.source) return { as: "bytecode" };
    const { files, name } = code.source;
    const chosen = this.file || this.standing?.file || name;
    return { as: "source", file: files.some((file) => file.name === chosen) ? chosen : name };
  }

  private get standing(): SourceStanding | null {
    const { scene, code } = this.evm.value;
    return standingOf(scene, code);
  }

  private get rows(): CodeRows | null {
    const { code } = this.evm.value;
    if (!code) return null;
    const { face } = this;
    const key = JSON.stringify(face);
    if (this.made?.code !== code || this.made.face !== key) this.made = { code, face: key, rows: rowsOf(code, face) };
    return this.made.rows;
  }

  /** The row of the next instruction; -1 if it is in none. */
  private get current(): number {
    const { face, standing } = this;
    if (face.as === "source") return standing?.file === face.file ? standing.line - 1 : -1;
    const pc = this.evm.value.scene?.next?.pc;
    return pc === undefined ? -1 : (this.rows?.indexOf(pc) ?? -1);
  }

  /** Another step: the file that the EVM stands in is shown again. */
  override willUpdate(): void {
    const place = `${this.evm.value.scene?.position}`;
    if (place !== this.followed) this.file = "";
    this.followed = place;
  }

  override render() {
    const { scene, code } = this.evm.value;
    if (!scene) return html`<p class="note pad">${EVM.nothing}</p>`;
    const { rows } = this;
    if (!code || !rows) return html`<p class="note pad">${WORDS.noCode}</p>`;
    const first = Math.max(Math.floor(this.top / this.rowHeight) - SPARE, 0);
    const last = Math.min(first + Math.ceil(this.height / this.rowHeight) + 2 * SPARE, rows.rows.length);
    const seen = rows.rows.slice(first, last);
    const frame = scene.frames.at(-1);
    return html`
      <div class="head">
        <span class="title">${this.fileName(code)}
          ${code.source?.creation ? html`<span class="chip">${WORDS.creation}</span>` : nothing}
          ${frame ? html`<span class="mono" title=${frame.codeAddress}>${shortAddress(frame.codeAddress)}</span>` : nothing}
          <span class="note">${WORDS.size(code.size)}</span></span>
        ${code.source ? this.modes() : nothing}
      </div>
      <div class="rows mono" role="listbox" tabindex="0" aria-label=${WORDS.label} aria-activedescendant=${this.activeId(first, last)}
        @scroll=${this.scrolled} @keydown=${this.key}>
        <div style="height:${rows.rows.length * this.rowHeight}px"><div style="transform:translateY(${first * this.rowHeight}px)">
          ${seen.map((row, at) => this.row(row, first + at))}
        </div></div>
      </div>
      <div class="explained" aria-live="polite">${scene.next ? this.explain(scene.next) : html`<p class="note">${WORDS.end}</p>`}</div>`;
  }

  /** The source's name; of several files a choice. */
  private fileName({ source }: CodeView) {
    const { face } = this;
    if (!source || face.as === "bytecode" || source.files.length < 2)
      return html`<strong>${source?.contract ?? source?.name ?? ""}</strong>`;
    const choose = (event: Event) => {
      this.file = (event.target as HTMLSelectElement).value;
    };
    return html`<select aria-label=${WORDS.file} @change=${choose}>${source.files.map(
      ({ name }) => html`<option .selected=${name === face.file}>${name}</option>`,
    )}</select>`;
  }

  private modes() {
    const solidity = this.evm.value.code?.source?.language === "solidity";
    const button = (
      asSource: boolean,
      title: string,
    ) => html`<button type="button" class="small" aria-pressed=${this.asSource === asSource}
      @click=${() => this.choose(asSource)}>${title}</button>`;
    return html`<span role="group" aria-label=${EVM.panes.code}>${button(true, solidity ? WORDS.solidity : WORDS.source)} ${button(false, WORDS.bytecode)}</span>`;
  }

  private activeId(first: number, last: number) {
    const at = this.cursor >= 0 ? this.cursor : this.current;
    return at >= first && at < last ? `row-${at}` : nothing;
  }

  private row(row: CodeRow, at: number) {
    const here = at === this.current;
    const stop = this.stopOf(at);
    const stopped = stop !== null && hasStop(this.desk.value.stops, stop);
    const run = (event: MouseEvent) => {
      event.stopPropagation();
      this.runTo(at, !event.shiftKey);
    };
    return html`<div class="row ${here ? "here" : ""} ${at === this.cursor ? "cursor" : ""} ${row.pc === null ? "plain" : ""}"
      id="row-${at}" role="option" aria-selected=${at === this.cursor} aria-current=${here ? "step" : nothing}
      @click=${() => this.put(at)} @dblclick=${() => this.runTo(at, true)}
      ><span class="place" title=${WORDS.breakpoint} @click=${() => this.toggle(at)}>${
        stopped ? html`<span class="stop" role="img" aria-label=${WORDS.stop}>●</span>` : nothing
      }${here ? "▶" : ""} ${row.place}</span><span class="text">${this.text(row, at)}</span
      ><span class="count" title=${row.pc === null ? nothing : WORDS.runTo} @click=${run}>${row.count}</span
      ><span class="gas" title=${row.pc === null ? nothing : WORDS.runTo} @click=${run}>${row.gas}</span></div>`;
  }

  /** A row's text: of Solidity with the part that runs marked, else with the comment apart. */
  private text(row: CodeRow, at: number) {
    const { face, standing } = this;
    if (face.as === "source" && this.evm.value.code?.source?.language === "solidity") {
      const parts = standing?.file === face.file ? splitAt(row.text, at + 1, standing.range) : null;
      return parts ? html`${parts[0]}<mark>${parts[1]}</mark>${parts[2]}` : row.text;
    }
    const comment = row.text.search(/(?<!["'\w]);|\/\/|#/);
    const parted = comment >= 0 && face.as === "source";
    const rest = parted ? row.text.slice(comment) : row.note && `  ${row.note}`;
    const label = row.label ? html`<span class="label">${row.label}:</span> ` : nothing;
    return html`${label}${parted ? row.text.slice(0, comment) : row.text}<span class="comment">${rest}</span>`;
  }

  /** Where a run to a row ends, and a breakpoint on it stops; null where there is no code. */
  private stopOf(at: number): StopPlace | null {
    const { face } = this;
    const pc = this.rows?.rows[at]?.pc;
    if (pc === null || pc === undefined) return null;
    if (face.as === "source") return { file: face.file, line: at + 1 };
    const code = this.evm.value.scene?.frames.at(-1)?.codeAddress;
    return code ? { code, pc } : null;
  }

  private toggle(at: number): void {
    const stop = this.stopOf(at);
    if (stop) evmDesk.toggleStop(stop);
  }

  private explain({ text, pc, inputs, outputs, cost, failure }: Explanation) {
    const parts = cost.parts.map(({ name, gas }) => `${name} ${grouped(gas)}`).join(" + ");
    const words = (title: string, named: Explanation["inputs"]) =>
      named.length === 0
        ? nothing
        : html`<dt>${title}</dt><dd>${named.map(({ name, value }) => html`<span class="named"><i>${name}</i> ${word(value, name)}</span>`)}</dd>`;
    return html`
      <p><strong class="mono">${text}</strong> <span class="note">${WORDS.at} 0x${pc.toString(16)}</span></p>
      <dl>${words(WORDS.takes, inputs)} ${words(WORDS.leaves, outputs)}
        <dt>${WORDS.costs}</dt><dd>${grouped(cost.total)}${cost.parts.length > 1 ? ` = ${parts}` : nothing}${
          cost.given > 0 ? ` (${WORDS.given(cost.given)})` : nothing
        }${cost.refund !== 0 ? `, ${WORDS.refund} ${grouped(cost.refund)}` : nothing}</dd></dl>
      ${failure ? html`<p class="bad"><strong>${WORDS.will}:</strong> ${failure}</p>` : nothing}`;
  }

  override updated(): void {
    this.measure();
    const { scene, code } = this.evm.value;
    const shown = `${code?.hash} ${scene?.position} ${this.asSource} ${this.file}`;
    if (shown === this.shown || !this.list) return;
    this.shown = shown;
    this.cursor = -1;
    this.reveal(this.current);
  }

  private measure(): void {
    const { list } = this;
    if (!list) return;
    if (list.clientHeight !== this.height) this.height = list.clientHeight;
    const row = this.renderRoot.querySelector<HTMLElement>(".row")?.offsetHeight;
    if (row && row !== this.rowHeight) {
      this.rowHeight = row;
      this.requestUpdate();
    }
  }

  /** Scrolls a row into view; one that can be seen stays where it is. */
  private reveal(at: number): void {
    const { list, rowHeight } = this;
    if (!list || at < 0) return;
    const top = at * rowHeight;
    const room = list.clientHeight - 2 * rowHeight;
    if (top < list.scrollTop + rowHeight || top > list.scrollTop + room)
      list.scrollTop = Math.max(top - list.clientHeight / 3, 0);
  }

  private readonly scrolled = (): void => {
    this.top = this.list?.scrollTop ?? 0;
  };

  private choose(asSource: boolean): void {
    this.asSource = asSource;
    this.dispatchEvent(new PaneStateEvent({ asSource }));
  }

  private put(at: number): void {
    this.cursor = at;
  }

  private runTo(at: number, forwards: boolean): void {
    const stop = this.stopOf(at);
    if (stop) void evmStore.travel({ toStops: [stop], backwards: !forwards });
  }

  private readonly key = (event: KeyboardEvent): void => {
    const count = this.rows?.rows.length ?? 0;
    const from = this.cursor >= 0 ? this.cursor : Math.max(this.current, 0);
    const page = Math.max(Math.floor(this.height / this.rowHeight) - 1, 1);
    const moves: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -count,
      End: count,
    };
    const move = moves[event.key];
    if (move !== undefined) {
      this.cursor = Math.max(0, Math.min(count - 1, from + move));
      this.reveal(this.cursor);
    } else if (event.key === "Enter" || (event.key === "F10" && event.ctrlKey)) this.runTo(from, !event.shiftKey);
    else if (event.key === "F9") this.toggle(from);
    else return;
    event.preventDefault();
  };
}
