import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { looker, store } from "../../client/start";
import { whoWrote } from "../../client/wrote";
import { FRAME } from "../../strings/frame";
import { PC } from "../../strings/pc";
import { WROTE } from "../../strings/wrote";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { asciiOf, hex } from "../frame/number_text";
import { PaneStateEvent } from "../frame/pane";
import { LookController } from "../look_controller";
import "./address_field";
import { register } from "../frame/keys";
import type { AddressChosen, AddressField } from "./address_field";
import { ABSENT_TEXT, type Cell, cellsOf, pointersInto } from "./memory_cells";
import memoryCss from "./memory_pane.css?inline";
import "./memory_search";
import paneCss from "./pane.css?inline";
import { TallScroll } from "./tall_scroll";

const WORDS = PC.memory;
const SPACE_BYTES = 2 ** 32;
const ROW_REM = 1.35;
const NARROW_PX = 520;

/** What the pane keeps with the layout. */
interface Kept {
  readonly space: string;
  readonly offset: number;
  /** An address to go to again at every stop; empty for none. */
  readonly follow: string;
}

/** Memory as bytes and as text, anywhere in any space; bytes are changed by typing over them. */
@customElement("memory-pane")
export class MemoryPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(memoryCss)];

  @state() private space = "linear";
  /** The first row that is seen. */
  @state() private row = 0;
  /** The byte that keys act on. */
  @state() private selected = 0;
  @state() private follow = "";
  @state() private typed = "";
  @state() private text = "";
  @state() private problem = "";
  @state() private columns = 16;
  @state() private seen = 16;
  @query(".scroller") private readonly scroller!: HTMLElement;
  @query(".grid") private readonly grid!: HTMLElement | null;
  @query("address-field") private readonly field!: AddressField;
  private readonly registers = new LookController(this, looker, "allRegisters", () => []);
  private readonly memory = new LookController(this, looker, "readSpace", () => [
    this.space,
    this.row * this.columns,
    Math.min((this.seen + 1) * this.columns, SPACE_BYTES - this.row * this.columns),
  ]);
  private readonly resized = new ResizeObserver(() => this.measure());
  private ends: (() => void)[] = [];
  private asked = "";
  private followed = -1;
  private setTop = -1;

  /** An address to show, from the layout or from a link; not to be trusted. */
  set paneState(kept: unknown) {
    const { space, offset, follow } = Object(kept) as Partial<Kept>;
    if (typeof space !== "string" || !/^[a-z0-9]{2,8}$/.test(space)) return;
    if (typeof offset !== "number" || !(offset >= 0 && offset < SPACE_BYTES)) return;
    this.follow = typeof follow === "string" ? follow.slice(0, 100) : "";
    this.place(space, Math.floor(offset));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.ends = [register({ goTo: () => this.field.take() }), store.watch(() => void this.following())];
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    this.resized.disconnect();
  }

  override willUpdate(): void {
    const question = `${this.space} ${this.row} ${this.columns} ${this.seen}`;
    if (question !== this.asked) this.memory.refresh();
    this.asked = question;
  }

  override updated(): void {
    const top = Math.round(this.tall.topOf(this.row));
    if (!this.scroller || Math.abs(this.scroller.scrollTop - top) < 1) return;
    this.setTop = top;
    this.scroller.scrollTop = top;
  }

  private get rowPx(): number {
    return ROW_REM * Number.parseFloat(getComputedStyle(this).fontSize);
  }

  private get tall(): TallScroll {
    return new TallScroll(SPACE_BYTES / this.columns, this.rowPx, this.scroller?.clientHeight || 300);
  }

  override render() {
    return html`
      <div class="head">
        <address-field .label=${WORDS.addressLabel} .hint=${WORDS.address} .value=${this.text} @address=${this.chosen}></address-field>
        <span class="space" title=${WORDS.space}>${this.space}</span>
        <button type="button" aria-pressed=${this.follow !== ""} title=${WORDS.followHint} @click=${this.toggleFollow}>${WORDS.follow}</button>
        <button type="button" title=${WROTE.byte} @click=${this.lastWrite}>${WROTE.write}</button>
        <memory-search .space=${this.space} .from=${this.selected} @found=${this.found}></memory-search>
      </div>
      <div class="scroller" @scroll=${this.scrolled} @wheel=${this.wheel} tabindex="-1">
        <div class="tall" style="height: ${this.tall.heightPx}px"><div class="window">${this.cells()}</div></div>
      </div>
      <p class="problem" role="alert">${this.problem}</p>
    `;
  }

  private cells() {
    const { value: now, previous: before } = this.memory;
    if (!now) return html`<p class="note">${PC.noMachine}</p>`;
    const first = this.row * this.columns;
    const pointers = pointersInto(this.registers.value, this.space, first, now.bytes.length);
    const cells = cellsOf(now, before, pointers);
    const rows = Math.ceil(cells.length / this.columns);
    const at = this.selected - first;
    return html`<div class="grid" role="grid" tabindex="0" aria-label="${WORDS.label}" aria-activedescendant=${at >= 0 && at < cells.length ? `c${at}` : nothing}
        @keydown=${this.key} @click=${this.pick}>
      ${Array.from({ length: rows }, (_, row) => this.line(first + row * this.columns, cells, row * this.columns))}
    </div>`;
  }

  private line(address: number, cells: readonly Cell[], from: number) {
    const own = cells.slice(from, from + this.columns);
    return html`<div class="row" role="row">
      <span class="address" role="rowheader">${hex(address, 8)}</span>
      ${own.map((cell, index) => this.cell(cell, address + index, from + index))}
      <span class="ascii" role="gridcell" aria-description=${WORDS.ascii}>${own.map(({ value }) => (value === null ? " " : asciiOf(value))).join("")}</span>
    </div>`;
  }

  private cell({ value, absent, was, pointers }: Cell, address: number, at: number) {
    const selected = address === this.selected;
    const text = absent ? ABSENT_TEXT[absent.reason] : selected && this.typed ? `${this.typed}_` : hex(value ?? 0, 2);
    const kind = [
      absent ? "absent" : "",
      was === null ? "" : "changed",
      selected ? "selected" : "",
      pointers ? "pointed" : "",
    ];
    const hint = [absent?.text, was === null ? "" : `${FRAME.was} ${hex(was, 2)}`, pointers]
      .filter(Boolean)
      .join(" · ");
    return html`<span id="c${at}" role="gridcell" class="cell ${kind.join(" ")}" data-at=${at} title=${hint || nothing}
      aria-selected=${selected} aria-label=${selected || hint ? WORDS.byte(hex(address, 8), `${text} ${hint}`) : nothing}>${text}</span>`;
  }

  private measure(): void {
    if (!this.scroller) return;
    this.columns = this.clientWidth < NARROW_PX ? 8 : 16;
    this.seen = this.tall.seen;
  }

  private place(space: string, offset: number): void {
    this.space = space;
    this.selected = offset;
    this.typed = "";
    this.row = Math.floor(offset / this.columns);
  }

  private keep(): void {
    const kept: Kept = { space: this.space, offset: this.selected, follow: this.follow };
    this.dispatchEvent(new PaneStateEvent(kept));
  }

  private readonly chosen = (event: AddressChosen): void => {
    const { space, offset, text } = event.detail;
    this.text = text;
    if (this.follow) this.follow = text;
    this.place(space, offset);
    this.keep();
    this.grid?.focus();
  };

  private readonly found = (event: CustomEvent<number>): void => {
    this.place(this.space, event.detail);
    this.keep();
  };

  private readonly toggleFollow = (): void => {
    this.follow = this.follow ? "" : this.text || hex(this.selected, 8);
    this.followed = -1;
    this.keep();
    void this.following();
  };

  private readonly lastWrite = (): void => {
    const { space, selected } = this;
    whoWrote("write", `${space === "linear" ? "" : `${space === "physical" ? "phys" : space}:`}${hex(selected, 8)}`);
  };

  /** At every stop, the address is understood anew. */
  private async following(): Promise<void> {
    const { rests } = store.view;
    if (!this.follow || rests === this.followed) return;
    this.followed = rests;
    const found = await store.inspect("parseAddress", this.follow).catch(() => null);
    if (found && "space" in found && this.follow) this.place(found.space, found.offset);
  }

  private readonly scrolled = (): void => {
    if (Math.abs(this.scroller.scrollTop - this.setTop) < 1) return;
    this.setTop = -1;
    this.row = this.tall.rowAt(this.scroller.scrollTop);
  };

  private readonly wheel = (event: WheelEvent): void => {
    if (event.ctrlKey) return;
    event.preventDefault();
    this.row = this.tall.clamp(
      this.row + Math.sign(event.deltaY) * Math.max(Math.round(Math.abs(event.deltaY) / 40), 1),
    );
  };

  private readonly pick = (event: Event): void => {
    const at = (event.target as HTMLElement).dataset.at;
    if (at === undefined) return;
    this.selected = this.row * this.columns + Number(at);
    this.typed = "";
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^[0-9a-f]$/i.test(event.key)) {
      event.preventDefault();
      void this.digit(event.key.toUpperCase());
      return;
    }
    const page = this.seen * this.columns;
    const moves: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: this.columns,
      ArrowUp: -this.columns,
      PageDown: page,
      PageUp: -page,
      Home: -(this.selected % this.columns),
      End: this.columns - 1 - (this.selected % this.columns),
    };
    const by = moves[event.key];
    if (event.key === "Escape") this.typed = "";
    if (event.key === "Enter") {
      event.preventDefault();
      void this.enter();
    }
    if (by === undefined) return;
    event.preventDefault();
    this.move(by);
  };

  /** Goes to the address that lies at the cursor: linear ones of 32 bits, in segments of 16 bits an offset. */
  private async enter(): Promise<void> {
    const { space, selected } = this;
    const linear = space === "linear" || space === "physical";
    const wide = linear || this.registers.value?.segments.find(({ name }) => name === "cs")?.big;
    const found = await store.inspect("readSpace", space, selected, wide ? 4 : 2).catch(() => null);
    if (!found || found.absent.length > 0) return;
    this.place(
      linear ? "linear" : space,
      found.bytes.reduceRight((value, byte) => value * 256 + byte, 0),
    );
    this.keep();
  }

  private move(by: number): void {
    this.typed = "";
    this.selected = Math.min(Math.max(this.selected + by, 0), SPACE_BYTES - 1);
    const row = Math.floor(this.selected / this.columns);
    if (row < this.row) this.row = row;
    if (row >= this.row + this.seen) this.row = this.tall.clamp(row - this.seen + 1);
  }

  /** The second digit of a byte writes it. */
  private async digit(digit: string): Promise<void> {
    this.problem = "";
    this.typed += digit;
    if (this.typed.length < 2) return;
    const byte = Number.parseInt(this.typed, 16);
    const at = this.selected;
    this.move(1);
    try {
      const { written, absent } = await store.inspect("writeSpace", this.space, at, Uint8Array.of(byte));
      if (written === 0) this.problem = WORDS.written(absent.map(({ text }) => text).join("; "));
      looker.refresh();
    } catch (error) {
      this.problem = WORDS.written(error instanceof Error ? error.message : String(error));
    }
  }
}
