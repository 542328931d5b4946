import { html, nothing, unsafeCSS } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { looker } from "../../client/start";
import type { PageRange, PageTable } from "../../protocol/inspection";
import { INSIDE } from "../../strings/inside";
import { PC } from "../../strings/pc";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { hex } from "../frame/number_text";
import { LookController } from "../look_controller";
import { cell } from "./cells";
import insideCss from "./inside.css?inline";
import paneCss from "./pane.css?inline";
import recordsCss from "./records.css?inline";
import { fieldList } from "./register_fields";

const WORDS = INSIDE.pages;
/** Ranges shown at once, and added by the button. */
const STRIDE = 64;

/** One table of the tree: its ranges, and those of the tables that are open below it. */
@customElement("page-table")
export class PageTableBranch extends GlassElement {
  static override styles = [
    unsafeCSS(controlsCss),
    unsafeCSS(paneCss),
    unsafeCSS(recordsCss),
    unsafeCSS(insideCss),
    unsafeCSS(":host { padding: 0 }"),
  ];

  /** As the parent's range names it; empty for the root. */
  @property() node = "";
  @state() private count = STRIDE;
  @state() private open: ReadonlySet<string> = new Set();
  private readonly table = new LookController(this, looker, "pageTable", () => [this.node, 0, this.count]);

  override render() {
    const { value: table, previous } = this.table;
    if (!table) return this.node === "" ? html`<p class="note">${PC.noMachine}</p>` : nothing;
    if (table.mode === "off") return html`<p class="note">${WORDS.off}</p>`;
    const hidden = table.total - table.ranges.length;
    return html`
      ${this.node === "" ? html`<p>${WORDS.mode(table.mode)} · ${table.level} ${cell(table.address, { name: table.level, space: "physical" })}</p>` : nothing}
      <ul class="tree ${this.node === "" ? "root" : ""}" aria-label="${WORDS.tree} ${this.node}">${table.ranges.map((range) => this.range(range, previous))}</ul>
      ${hidden > 0 ? html`<button type="button" @click=${this.more}>${INSIDE.more(Math.min(hidden, STRIDE))}</button>` : nothing}
    `;
  }

  private range(range: PageRange, previous: PageTable | null) {
    const { first, last, entries, kind, frame, node, entry, address } = range;
    const before = previous?.ranges.find((other) => other.address === address)?.entry;
    const open = node !== null && this.open.has(node);
    const quiet = kind === "absent";
    return html`<li>
      <div class="branch ${quiet ? "faint" : ""}">
        ${node === null ? nothing : this.twist(node, open, first)}
        <span>${cell(first, { name: WORDS.tree, space: "linear" })}–${hex(last, 8)}</span>
        <span class=${kind === "reserved" ? "bad" : "meaning"}>${WORDS.kinds[kind]}, ${WORDS.entries(entries)}</span>
        ${
          quiet
            ? nothing
            : html`<span>${WORDS.leads} ${cell(frame, { name: WORDS.leads, space: "physical" })}</span>
          <span class="meaning">${WORDS.entryAt} ${cell(address, { name: WORDS.entryAt, space: "physical" })}</span>${fieldList(entry, before)}`
        }
      </div>
      ${open ? html`<page-table .node=${node}></page-table>` : nothing}
    </li>`;
  }

  private twist(node: string, open: boolean, first: number) {
    return html`<button type="button" class="twist" aria-expanded=${open} aria-label="${open ? WORDS.close : WORDS.open} ${hex(first, 8)}"
      @click=${() => this.toggle(node)}>${open ? "▾" : "▸"}</button>`;
  }

  private toggle(node: string): void {
    const open = new Set(this.open);
    if (!open.delete(node)) open.add(node);
    this.open = open;
  }

  private readonly more = (): void => {
    this.count += STRIDE;
    this.table.refresh();
  };
}

/** The page tables as a tree. */
@customElement("pages-pane")
export class PagesPane extends GlassElement {
  static override styles = [unsafeCSS(paneCss)];

  override render() {
    return html`<page-table></page-table>`;
  }
}
