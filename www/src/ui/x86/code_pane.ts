import { html, nothing, type PropertyValues, svg, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { looker, stops, store } from "../../client/start";
import { executeAt } from "../../client/stops";
import type { CodeLine, ManualLine, Syntax } from "../../protocol/inspection";
import { INSIDE } from "../../strings/inside";
import { PC } from "../../strings/pc";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { type Actions, register } from "../frame/keys";
import { hex } from "../frame/number_text";
import { type AddressTarget, OpenAddressEvent } from "../frame/number_value";
import { PaneStateEvent } from "../frame/pane";
import { storage } from "../frame/settings";
import { LookController } from "../look_controller";
import { ViewController } from "../view_controller";
import "./address_field";
import type { AddressChosen, AddressField } from "./address_field";
import codeCss from "./code_pane.css?inline";
import { setCounting } from "./counts_pane";
import { jumpsOf, layArrows } from "./jump_arrows";
import { manualText } from "./manual_text";
import paneCss from "./pane.css?inline";

const LANES = 4;
const LANE_PX = 6;
/** Of the lines that are seen, how many stand before EIP. */
const BEFORE = 0.3;
const WORDS = PC.code;
/** Where the browser keeps the syntax. */
const SYNTAX = "glassbox.syntax";
const SYNTAXES: readonly Syntax[] = ["nasm", "att"];

/** The code around EIP, or anywhere: bytes, operands' values, jumps, breakpoints, and the manual's line for each instruction. */
@customElement("code-pane")
export class CodePane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(codeCss)];

  /** Linear address of the first line that is seen; null follows EIP. */
  @state() private top: number | null = null;
  /** Linear address of the line that keys act on; null is EIP's. */
  @state() private cursor: number | null = null;
  @state() private rows = 24;
  @state() private syntax: Syntax = storage.get(SYNTAX) === "att" ? "att" : "nasm";
  @state() private manual: ManualLine | null = null;
  @query(".lines") private readonly list!: HTMLElement | null;
  @query("address-field") private readonly field!: AddressField;
  private readonly view = new ViewController(this, store);
  private readonly registers = new LookController(this, looker, "allRegisters", () => []);
  private readonly code = new LookController(this, looker, "code", () => this.question());
  private readonly counts = new LookController(this, looker, "hottest", () => [0]);
  private readonly resized = new ResizeObserver(() => this.measure());
  private ends: (() => void)[] = [];
  private asked = "";
  private explained = "";
  private focusOn = false;

  set paneState(kept: unknown) {
    const { top } = Object(kept) as { top?: unknown };
    if (Number.isInteger(top) && (top as number) >= 0 && (top as number) <= 0xffffffff) this.top = top as number;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const actions: Actions = {
      breakpoint: () => void this.toggle(this.current()),
      cursor: () => this.runTo(this.current()),
      goTo: () => this.field.take(),
    };
    this.ends = [register(actions), stops.watch(() => this.requestUpdate())];
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    this.resized.disconnect();
  }

  /** Shows a linear address: what links elsewhere lead to. */
  open(linear: number): void {
    this.cursor = linear >>> 0;
    this.place(linear >>> 0);
  }

  private get counting(): boolean {
    return this.counts.value?.on ?? false;
  }

  private get eip(): number | null {
    const { value } = this.registers;
    const cs = value?.segments.find(({ name }) => name === "cs");
    const eip = value?.general.find(({ name }) => name.toUpperCase() === "EIP");
    return cs && eip ? (cs.base + eip.value) >>> 0 : null;
  }

  private current(): number | null {
    return this.cursor ?? this.eip;
  }

  private question(): [number, number, number, Syntax] | null {
    if (this.top !== null) return [this.top, 0, this.rows, this.syntax];
    const { eip } = this;
    if (eip === null) return null;
    const before = Math.floor(this.rows * BEFORE);
    return [eip, before, this.rows - before, this.syntax];
  }

  override willUpdate(): void {
    const question = JSON.stringify(this.question());
    if (question !== this.asked) this.code.refresh();
    this.asked = question;
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    void this.explain();
    if (this.focusOn) this.list?.focus();
    this.focusOn = false;
  }

  override render() {
    const lines = this.registers.value ? this.code.value : null;
    return html`
      <div class="head">
        <address-field .label=${WORDS.goToLabel} .hint=${WORDS.goTo} execute @address=${this.chosen}></address-field>
        <button type="button" aria-pressed=${this.top === null} @click=${this.follow}>${WORDS.follow}</button>
        <button type="button" aria-pressed=${this.counting} title=${INSIDE.counts.countHint}
          @click=${() => void setCounting(!this.counting)}>${INSIDE.counts.count}</button>
        <select aria-label=${INSIDE.code.syntax} @change=${this.writeIn}>${SYNTAXES.map(
          (syntax) =>
            html`<option value=${syntax} ?selected=${syntax === this.syntax}>${INSIDE.code.syntaxes[syntax]}</option>`,
        )}</select>
        <button type="button" title=${INSIDE.symbols.openHint} @click=${this.openSymbols}>${INSIDE.symbols.open}</button>
      </div>
      ${lines === null ? html`<p class="note">${PC.noMachine}</p>` : this.listing(lines)}
    `;
  }

  private listing(lines: readonly CodeLine[]) {
    const current = this.current();
    const active = lines.findIndex(({ address }) => address === current);
    return html`
      <div class="lines" role="listbox" tabindex="0" aria-label=${WORDS.label}
        aria-activedescendant=${active >= 0 ? `line${active}` : nothing}
        @keydown=${this.key} @wheel=${this.wheel}>
        ${this.arrows(lines)} ${lines.map((line, row) => this.line(line, row, line.address === current, lines[row - 1]))}
        ${lines.length === 0 ? html`<p class="note">${WORDS.nothing}</p>` : nothing}
      </div>
      ${this.manual ? html`<div class="manual">${manualText(this.manual)}</div>` : nothing}
    `;
  }

  private line(line: CodeLine, row: number, active: boolean, above: CodeLine | undefined) {
    const { address, bytes, text, symbol } = line;
    const at = stops.at(address);
    const stop = stops.list[at];
    const next = address === this.eip;
    const mark = stop ? (stop.enabled ? WORDS.breakpoint : WORDS.off) : "";
    const select = () => {
      this.cursor = address;
    };
    return html`<div id="line${row}" role="option" class="line ${next ? "next" : ""} ${active ? "active" : ""}"
        aria-selected=${active} title=${line.known ? "" : WORDS.guessed} @click=${select}>
      <span class="heard">${mark} ${next ? WORDS.next : nothing}</span>
      <span class="gutter" data-address=${hex(address, 8)} @click=${() => void this.toggle(address)}>${
        stop ? html`<i class="stop ${stop.enabled ? "" : "off"}"></i>` : nothing
      }${next ? html`<i class="here" aria-hidden="true">▶</i>` : nothing}</span>
      <span class="address ${line.known ? "" : "guess"}">${hex(address, 8)}</span>
      <span class="bytes" aria-hidden="true">${bytes.map((byte) => hex(byte, 2)).join(" ")}</span>
      ${this.counting ? html`<span class="count">${line.count > 0 ? WORDS.ran(line.count) : nothing}</span>` : nothing}
      <span class="text">${symbol ? html`<b>${symbol}:</b> ` : nothing}${mnemonicOf(text)}</span>
      <span class="note">${this.note(line, above)}</span>
    </div>`;
  }

  /** What is known of an instruction beyond its text: where it leads, what its operands hold, the source it was made of. */
  private note({ taken, target, targetSymbol, operands, source, sourceText }: CodeLine, above: CodeLine | undefined) {
    const branch = taken === null ? "" : taken ? WORDS.taken : WORDS.notTaken;
    const values = operands.filter(({ kind, value }) => kind === "memory" && value !== null);
    const begins = source !== null && (source !== above?.source || sourceText !== null);
    const origin = begins ? html`<span class="source">${source} <i>${sourceText ?? nothing}</i></span>` : nothing;
    // Spaces count in these lines.
    return [
      branch && `${branch} `,
      target === null ? nothing : [this.link(targetSymbol ?? hex(target, 8), target, "code"), " "],
      values.map(({ linear, value }) => [
        this.link(`[${hex(linear, 8)}]`, linear, "memory"),
        `=${value?.toUpperCase()} `,
      ]),
      origin,
    ];
  }

  /** A link for the mouse; keys reach the same by Enter and M, for options of a list hold nothing to be focused. */
  private link(text: string, linear: number, pane: AddressTarget["pane"]) {
    const title = pane === "code" ? INSIDE.code.target(hex(linear, 8)) : INSIDE.code.memory(hex(linear, 8));
    const follow = (event: Event) => {
      event.stopPropagation();
      if (pane === "code") this.open(linear);
      else this.openMemory(linear);
    };
    return html`<span class="link" title=${title} @click=${follow}>${text}</span>`;
  }

  private openMemory(linear: number): void {
    this.dispatchEvent(new OpenAddressEvent({ space: "linear", address: BigInt(linear >>> 0), pane: "memory" }));
  }

  private readonly writeIn = (event: Event): void => {
    this.syntax = (event.target as HTMLSelectElement).value === "att" ? "att" : "nasm";
    storage.set(SYNTAX, this.syntax);
  };

  private readonly openSymbols = (): void => {
    this.dispatchEvent(new CustomEvent("pane-request", { detail: "symbols", bubbles: true, composed: true }));
  };

  private arrows(lines: readonly CodeLine[]) {
    const { eip } = this;
    const left = LANES * LANE_PX + 4;
    const middle = (row: number) => (Math.min(Math.max(row + 0.5, 0), lines.length) * 100) / Math.max(lines.length, 1);
    const arrows = layArrows(jumpsOf(lines), LANES).map(({ from, to, lane }) => {
      const x = left - 6 - lane * LANE_PX;
      const taken = lines[from]?.address === eip && lines[from]?.taken !== false;
      const inside = to >= 0 && to < lines.length;
      const [y1, y2] = [`${middle(from)}%`, `${middle(to)}%`];
      return svg`<g class=${taken ? "taken" : ""}>
        <line x1=${left} y1=${y1} x2=${x} y2=${y1} /><line x1=${x} y1=${y1} x2=${x} y2=${y2} />
        ${inside ? svg`<line x1=${x} y1=${y2} x2=${left} y2=${y2} marker-end="url(#tip)" />` : nothing}
      </g>`;
    });
    return html`<svg class="arrows" aria-hidden="true" style="height: calc(${lines.length} * var(--line-height)); width: ${left}px">
      <defs><marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" markerUnits="userSpaceOnUse" orient="auto">
        <path d="M0 0 6 3 0 6z" /></marker></defs>${arrows}</svg>`;
  }

  private measure(): void {
    const height = this.list?.clientHeight ?? this.clientHeight;
    const line = Number.parseFloat(getComputedStyle(this).fontSize) * 1.5;
    const rows = Math.min(Math.max(Math.floor(height / line), 8), 200);
    if (rows !== this.rows) this.rows = rows;
  }

  private readonly chosen = (event: AddressChosen): void => {
    this.cursor = event.detail.linear;
    this.place(event.detail.linear);
    this.focusOn = true;
  };

  private place(top: number | null): void {
    this.top = top;
    this.dispatchEvent(new PaneStateEvent({ top }));
  }

  private readonly follow = (): void => {
    this.cursor = null;
    this.place(null);
  };

  private readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    void this.shift(Math.sign(event.deltaY) * 3);
  };

  /** Moves the view by lines; upwards, only the machine knows where the instructions before begin. */
  private async shift(by: number): Promise<void> {
    const lines = this.code.value ?? [];
    const first = lines[0]?.address;
    if (first === undefined || by === 0) return;
    if (by > 0) return this.place(lines[Math.min(by, lines.length - 1)]?.address ?? first);
    const before = await store.inspect("code", first, -by, 1).catch(() => []);
    this.place(before[0]?.address ?? first);
  }

  private readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(this.rows - 3, 1);
    const moves: Record<string, () => void> = {
      ArrowDown: () => void this.move(1),
      ArrowUp: () => void this.move(-1),
      PageDown: () => void this.shift(page),
      PageUp: () => void this.shift(-page),
      Home: this.follow,
      Enter: () => this.jump(),
      m: () => this.showOperand(),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  private async move(by: 1 | -1): Promise<void> {
    const lines = this.code.value ?? [];
    const at = lines.findIndex(({ address }) => address === this.current());
    if (at < 0) {
      this.cursor = lines[0]?.address ?? null;
    } else if (lines[at + by]) {
      this.cursor = lines[at + by]?.address ?? null;
      // The lines may still be those before a jump: what is shown next must have the cursor.
      if (this.cursor !== null && this.top !== null && this.cursor < this.top) this.place(this.cursor);
    } else {
      await this.shift(by);
      const beyond = await store.inspect("code", lines[at]?.address ?? 0, by < 0 ? 1 : 0, 2).catch(() => []);
      this.cursor = beyond[by < 0 ? 0 : 1]?.address ?? this.cursor;
    }
  }

  private jump(): void {
    const line = this.code.value?.find(({ address }) => address === this.current());
    if (line && line.target !== null) this.open(line.target);
  }

  /** The memory that the line under the cursor uses. */
  private showOperand(): void {
    const line = this.code.value?.find(({ address }) => address === this.current());
    const operand = line?.operands.find(({ kind }) => kind === "memory");
    if (operand) this.openMemory(operand.linear);
  }

  /** Where a symbol begins the stop is on that: it goes with it when the program is made anew. */
  private async toggle(address: number | null): Promise<void> {
    if (address === null) return;
    const name = this.code.value?.find((line) => line.address === address)?.symbol ?? "";
    try {
      // Two may be called the same.
      const own = name !== "" && (await store.inspect("symbolNamed", name)) === address;
      await stops.toggleAt(address, own ? name : "");
    } catch (error) {
      store.report(error instanceof Error ? error.message : String(error));
    }
  }

  private runTo(address: number | null): void {
    if (address !== null) store.send({ type: "stepBy", kind: "to", to: executeAt(address) });
  }

  /** The manual's line for the instruction under the cursor. */
  private async explain(): Promise<void> {
    const { state } = this.view.value;
    const line = this.code.value?.find(({ address }) => address === this.current());
    const mnemonic = (state === "paused" || state === "stopped") && line ? line.mnemonic : "";
    if (mnemonic === this.explained) return;
    this.explained = mnemonic;
    const found = mnemonic ? await store.inspect("manual", mnemonic).catch(() => []) : [];
    if (mnemonic === this.explained) this.manual = found[0] ?? null;
  }
}

/** The first word of an instruction stands out. */
function mnemonicOf(text: string) {
  const [, word = "", rest = ""] = /^(\S+)(.*)$/.exec(text) ?? [];
  return html`<span class="mnemonic">${word}</span>${rest}`;
}
