import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { evmStore } from "../../client/evm/start";
import type { Explanation } from "../../protocol/evm/scene";
import type { CodeView } from "../../protocol/evm/whole";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { PaneStateEvent } from "../frame/pane";
import { EVM } from "../strings/evm";
import codeCss from "./code_pane.css?inline";
import { type CodeRow, type CodeRows, rowsOf } from "./code_rows";
import { EvmController } from "./evm_controller";
import { grouped, shortAddress } from "./evm_text";
import { word } from "./evm_word";
import paneCss from "./pane.css?inline";

const WORDS = EVM.code;
/** Rows drawn above and below those that can be seen. */
const SPARE = 12;

/** The code that runs, as instructions or as source, with the next instruction explained. */
@customElement("evm-code")
export class CodePane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(codeCss)];

  private readonly evm = new EvmController(this);
  @state() private asSource = true;
  @state() private top = 0;
  @state() private height = 400;
  @state() private cursor = -1;
  @query(".rows") private readonly list!: HTMLElement | null;
  private made: { readonly code: CodeView; readonly asSource: boolean; readonly rows: CodeRows } | undefined;
  private shown = "";
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

  private get rows(): CodeRows | null {
    const { code } = this.evm.value;
    if (!code) return null;
    if (this.made?.code !== code || this.made.asSource !== this.asSource)
      this.made = { code, asSource: this.asSource, rows: rowsOf(code, this.asSource) };
    return this.made.rows;
  }

  private get current(): number {
    const pc = this.evm.value.scene?.next?.pc;
    return pc === undefined ? -1 : (this.rows?.indexOf(pc) ?? -1);
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
        <span class="title"><strong>${code.source?.name ?? ""}</strong>
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

  private modes() {
    const button = (
      asSource: boolean,
      title: string,
    ) => html`<button type="button" class="small" aria-pressed=${this.asSource === asSource}
      @click=${() => this.choose(asSource)}>${title}</button>`;
    return html`<span role="group" aria-label=${EVM.panes.code}>${button(true, WORDS.source)} ${button(false, WORDS.bytecode)}</span>`;
  }

  private activeId(first: number, last: number) {
    const at = this.cursor >= 0 ? this.cursor : this.current;
    return at >= first && at < last ? `row-${at}` : nothing;
  }

  private row(row: CodeRow, at: number) {
    const here = at === this.current;
    const comment = row.text.search(/(?<!["'\w]);|\/\/|#/);
    const text = comment >= 0 && this.asSource ? row.text.slice(0, comment) : row.text;
    const rest = comment >= 0 && this.asSource ? row.text.slice(comment) : row.note;
    return html`<div class="row ${here ? "here" : ""} ${at === this.cursor ? "cursor" : ""} ${row.pc === null ? "plain" : ""}"
      id="row-${at}" role="option" aria-selected=${at === this.cursor} aria-current=${here ? "step" : nothing}
      @click=${() => this.put(at)} @dblclick=${() => this.runTo(at, true)}
      ><span class="place">${here ? "▶" : ""} ${row.place}</span><span class="text">${
        row.label ? html`<span class="label">${row.label}:</span> ` : nothing
      }${text}<span class="comment">${rest && row.note ? `  ${rest}` : rest}</span></span><span class="count">${row.count}</span><span class="gas">${row.gas}</span></div>`;
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
    const shown = `${code?.hash} ${scene?.position} ${this.asSource}`;
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
    const pc = this.rows?.rows[at]?.pc;
    const code = this.evm.value.scene?.frames.at(-1)?.codeAddress;
    if (pc === null || pc === undefined) return;
    const condition = { until: "pc", pc, ...(code ? { code } : {}) } as const;
    void evmStore.travel(forwards ? { forwards: condition } : { backwards: condition });
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
    } else if (event.key === "Enter") this.runTo(from, !event.shiftKey);
    else return;
    event.preventDefault();
  };
}
