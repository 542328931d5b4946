import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { looker } from "../../client/start";
import type { DescriptorTable, DescriptorView, TssView } from "../../protocol/inspection";
import { INSIDE } from "../../strings/inside";
import { PC } from "../../strings/pc";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { marked } from "../frame/marked";
import { hex } from "../frame/number_text";
import type { AddressTarget } from "../frame/number_value";
import { PaneStateEvent } from "../frame/pane";
import { LookController } from "../look_controller";
import { cell, farText } from "./cells";
import { addressLink, placeLink } from "./far_value";
import insideCss from "./inside.css?inline";
import paneCss from "./pane.css?inline";
import recordsCss from "./records.css?inline";
import { fieldList, namesake, registerRow } from "./register_fields";

const WORDS = INSIDE.tables;
const TABLES = ["gdt", "ldt", "idt", "ivt", "tss"] as const;
type Table = (typeof TABLES)[number];
/** Entries shown at once. */
const PAGE = 64;

/** Descriptor and interrupt tables, and the task state segment. */
@customElement("tables-pane")
export class TablesPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(recordsCss), unsafeCSS(insideCss)];

  @state() private table: Table = "gdt";
  @state() private first = 0;
  private readonly entries = new LookController(this, looker, "descriptorTable", () =>
    this.table === "tss" ? null : [this.table, this.first, PAGE],
  );
  private readonly task = new LookController(this, looker, "tss", () => (this.table === "tss" ? [0] : null));

  /** Kept with the layout, and not to be trusted. */
  set paneState(kept: unknown) {
    const { table } = Object(kept) as { table?: Table };
    if (table && TABLES.includes(table)) this.table = table;
  }

  override render() {
    return html`
      <div class="bar"><label>${WORDS.which} <select @change=${this.choose}>
        ${TABLES.map((table) => html`<option value=${table} ?selected=${table === this.table}>${WORDS.names[table]}</option>`)}
      </select></label>${this.table === "tss" ? nothing : this.position(this.entries.value)}</div>
      ${this.table === "tss" ? this.tss(this.task.value, this.task.previous) : this.list(this.entries.value, this.entries.previous)}
    `;
  }

  private position(table: DescriptorTable | null) {
    if (!table) return nothing;
    const { base, limit, count } = table;
    const last = Math.min(this.first + PAGE, count) - 1;
    return html`
      <span>${WORDS.base} ${cell(base, { name: WORDS.base, space: "linear" })}</span>
      <span>${WORDS.limit} ${cell(limit, { name: WORDS.limit, bits: 16 })}</span>
      ${
        count > PAGE
          ? html`<span class="push">${INSIDE.range(this.first, last, count)}</span>
            <button type="button" ?disabled=${this.first === 0} @click=${() => this.turn(-PAGE)}>${INSIDE.earlier}</button>
            <button type="button" ?disabled=${last + 1 >= count} @click=${() => this.turn(PAGE)}>${INSIDE.later}</button>`
          : nothing
      }`;
  }

  private list(table: DescriptorTable | null, before: DescriptorTable | null) {
    if (!table) return html`<p class="note">${PC.noMachine}</p>`;
    if (table.count === 0) return html`<p class="note">${WORDS.empty}</p>`;
    const vectors = this.table === "idt" || this.table === "ivt";
    const old = new Map(before?.entries.map((entry) => [entry.index, entry]));
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${WORDS.names[this.table]}><table>
      <thead><tr><th>${vectors ? WORDS.vector : WORDS.index}</th><th>${WORDS.type}</th>${
        vectors ? html`<th>${WORDS.target}</th>` : html`<th>${WORDS.base}</th><th>${WORDS.limit}</th>`
      }<th>${WORDS.ring}</th><th>${INSIDE.value}</th><th>${WORDS.faults}</th></tr></thead>
      <tbody>${table.entries.map((entry) => this.entry(entry, old.get(entry.index), vectors))}</tbody>
    </table></div>`;
  }

  private entry(entry: DescriptorView, before: DescriptorView | undefined, vectors: boolean) {
    const { kind, selector, address, type, base, limit, dpl, present, faults } = entry;
    const empty = kind === "null" || kind === "absent" || (!present && kind !== "vector");
    const leads = kind === "gate" || kind === "vector";
    const place = vectors
      ? html`<td>${leads ? target(entry) : nothing}</td>`
      : leads
        ? html`<td colspan="2">${target(entry)}</td>`
        : html`<td>${cell(base, { name: WORDS.base, space: "linear", previous: before?.base })}</td><td>${cell(limit, { name: WORDS.limit, previous: before?.limit })}</td>`;
    return html`<tr class=${empty ? "faint" : ""}>
      <th scope="row">${addressLink(hex(selector, vectors ? 2 : 4), { space: "linear", address: BigInt(address >>> 0), pane: "memory" }, hex(address, 8))}</th>
      <td class="words">${type}${present || kind === "null" || kind === "absent" ? nothing : `, ${WORDS.absent}`}</td>
      ${place}<td>${kind === "vector" ? nothing : dpl}</td><td>${marked(entry.hex.toUpperCase(), before?.hex.toUpperCase())}</td>
      <td class="words bad">${faults.join(" ")}</td>
    </tr>`;
  }

  private tss(task: TssView | null, before: TssView | null) {
    if (!task) return html`<p class="note">${WORDS.noTss}</p>`;
    const ports = task.ports.map(({ first, last }) =>
      first === last ? hex(first, 4) : `${hex(first, 4)}–${hex(last, 4)}`,
    );
    return html`
      <p>${hex(task.selector, 4)} · ${WORDS.bits(task.width)}${task.busy ? ` · ${WORDS.busy}` : nothing} ·
        ${WORDS.base} ${cell(task.base, { name: WORDS.base, space: "linear" })} · ${WORDS.limit} ${cell(task.limit, { name: WORDS.limit })}</p>
      <dl>${task.fields.map((field) => {
        const old = namesake(before?.fields, field.name);
        return html`${registerRow(field, old, { target: taskTarget(field.name, task) })}${field.bits.length > 0 ? html`<dt></dt><dd>${fieldList(field, old)}</dd>` : nothing}`;
      })}
        <dt>${WORDS.ports}</dt><dd>${ports.length > 0 ? ports.join(" ") : WORDS.noPorts}</dd></dl>
      ${task.notes.map((note) => html`<p class="bad">${note}</p>`)}
    `;
  }

  private turn(entries: number): void {
    this.first = Math.max(this.first + entries, 0);
    this.entries.refresh();
  }

  private readonly choose = (event: Event): void => {
    this.table = (event.target as HTMLSelectElement).value as Table;
    this.first = 0;
    this.entries.refresh();
    this.task.refresh();
    this.dispatchEvent(new PaneStateEvent({ table: this.table }));
  };
}

/** Where a gate or vector leads, by name if it has one. */
function target({ targetSelector, targetOffset, targetLinear, targetSymbol }: DescriptorView) {
  if (targetLinear === null) return farText(targetSelector, targetOffset);
  return placeLink({ cs: targetSelector, eip: targetOffset, linear: targetLinear, symbol: targetSymbol }, WORDS.target);
}

/** Into which space a field of a TSS points: code and stacks by their selectors in it. */
function taskTarget(name: string, { fields }: TssView): Omit<AddressTarget, "address"> | undefined {
  const selector = (field: string) => hex(fields.find((other) => other.name === field)?.value ?? 0, 4).toLowerCase();
  if (name === "CR3" || name === "PDBR") return { space: "physical", pane: "memory" };
  if (name === "EIP" || name === "IP") return { space: selector("CS"), pane: "code" };
  const [, ring] = /^E?SP([012]?)$/.exec(name) ?? [];
  return ring === undefined ? undefined : { space: selector(`SS${ring}`), pane: "memory" };
}
