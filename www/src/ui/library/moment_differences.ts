import { html, nothing, unsafeCSS } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { timeText } from "../../client/timeline/point_text";
import type { ByteRuns, Change, Differences, Pair, ScreenChange } from "../../protocol/compare";
import { COMPARE, type DifferenceKind } from "../../strings/compare";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { hex } from "../frame/number_text";
import { counts, KINDS, markedBytes } from "./difference_text";
import differencesCss from "./differences.css?inline";

/** Devices with more fields that differ are shown folded. */
const FIELDS = 12;

/** A reader follows the address of a difference: a physical one. */
export class FollowEvent extends CustomEvent<number> {
  constructor(address: number) {
    super("follow-address", { detail: address, bubbles: true, composed: true });
  }
}

/** What two moments do not have in common: a table for each kind, of which those one wants are shown. */
@customElement("moment-differences")
export class MomentDifferences extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(differencesCss)];

  @property({ attribute: false }) differences!: Differences;
  /** What the two are called. */
  @property({ attribute: false }) names: Pair<string> = [COMPARE.first, COMPARE.second];
  /** Addresses of their small pictures. */
  @property({ attribute: false }) pictures: Pair<string | null> = [null, null];
  /** One of the two is the machine of the page: its addresses can be followed. */
  @property({ type: Boolean }) linked = false;
  @state() private unwanted: ReadonlySet<DifferenceKind> = new Set();

  override render() {
    const { differences } = this;
    const found = counts(differences);
    const none = KINDS.every((kind) => found[kind] === 0);
    const { machine, instructions, times } = differences;
    const elsewhere = instructions[0] !== instructions[1] || times[0] !== times[1];
    const equal = none && !elsewhere && machine === null;
    return html`
      ${machine === null ? nothing : html`<p class="verdict">${COMPARE.machine(machine)}</p>`}
      ${this.table(COMPARE.what, [
        this.line(COMPARE.instructions, instructions[0].toLocaleString("en"), instructions[1].toLocaleString("en")),
        this.line(COMPARE.time, timeText(times[0], 9), timeText(times[1], 9)),
      ])}
      ${none ? html`<p class="verdict">${equal ? COMPARE.equal : COMPARE.otherwiseEqual}</p>` : this.filter(found)}
      ${KINDS.map((kind) => (found[kind] === 0 || this.unwanted.has(kind) ? nothing : this.kind(kind)))}`;
  }

  private filter(found: Readonly<Record<DifferenceKind, number>>) {
    return html`<fieldset class="filter" aria-label=${COMPARE.filter}>${KINDS.map(
      (kind) => html`<label class=${found[kind] === 0 ? "none" : ""}><input type="checkbox" name=${kind}
        .checked=${found[kind] > 0 && !this.unwanted.has(kind)} ?disabled=${found[kind] === 0} @change=${() => this.toggle(kind)}
        >${COMPARE.counted(kind, found[kind])}</label>`,
    )}</fieldset>`;
  }

  private toggle(kind: DifferenceKind): void {
    const unwanted = new Set(this.unwanted);
    if (!unwanted.delete(kind)) unwanted.add(kind);
    this.unwanted = unwanted;
  }

  private kind(kind: DifferenceKind) {
    const { registers, memory, videoMemory, devices, disks, screen } = this.differences;
    const body = {
      registers: () => this.changes(registers),
      memory: () => this.memory(memory, this.linked),
      videoMemory: () => this.memory(videoMemory, false),
      devices: () =>
        devices.map(
          ({
            name,
            first,
            count,
          }) => html`<details ?open=${count <= FIELDS}><summary>${COMPARE.device(name, count)}</summary>
            ${this.changes(first)} ${this.rest(count - first.length)}</details>`,
        ),
      disks: () =>
        disks.map(({ drive, first, count }) => html`<p class="sector">${COMPARE.sectors(drive, count, first)}</p>`),
      screen: () => (screen ? this.screen(screen) : nothing),
    }[kind]();
    return html`<section data-kind=${kind} aria-label=${COMPARE.kinds[kind]}><h3>${COMPARE.kinds[kind]}</h3>${body}</section>`;
  }

  private table(what: string, lines: readonly unknown[]) {
    return html`<table><colgroup><col class="name"><col><col></colgroup>
      <thead><tr><th scope="col">${what}</th>${this.names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${lines}</tbody></table>`;
  }

  private line(name: unknown, one: unknown, other: unknown, kind = "") {
    return html`<tr><th scope="row">${name}</th><td class=${kind}>${one}</td><td class=${kind}>${other}</td></tr>`;
  }

  private changes(changes: readonly Change[]) {
    return this.table(
      COMPARE.what,
      changes.map(({ name, values: [one, other] }) => this.line(name, one, other)),
    );
  }

  private rest(left: number) {
    return left > 0 ? html`<p class="faint">${COMPARE.more(left)}</p>` : nothing;
  }

  private memory({ first, count }: ByteRuns, linked: boolean) {
    const lines = first.map(({ at, length, bytes }) => {
      const [one, other] = markedBytes(bytes);
      const cut = length > bytes[0].length ? " …" : "";
      const shown = (parts: typeof one) =>
        html`${parts.map(({ text, differs }) => (differs ? html`<b>${text}</b> ` : `${text} `))}${cut}`;
      return this.line(
        html`${this.address(at, linked)} <span class="faint">${COMPARE.run(length)}</span>`,
        shown(one),
        shown(other),
      );
    });
    return html`${this.table(COMPARE.address, lines)} ${this.rest(count - first.length)}`;
  }

  private address(at: number, linked: boolean) {
    const text = hex(at, 8);
    if (!linked) return text;
    const hint = COMPARE.openMemory(text);
    return html`<button type="button" class="address" title=${hint} aria-label=${hint} @click=${() =>
      this.dispatchEvent(new FollowEvent(at))}>${text}</button>`;
  }

  private screen(screen: ScreenChange) {
    switch (screen.kind) {
      case "mode":
        return this.table(COMPARE.what, [this.line(COMPARE.mode, screen.modes[0], screen.modes[1])]);
      case "pixels":
        return html`<p>${COMPARE.pixels(screen.count, screen.within[2], screen.within[3], screen.within[0], screen.within[1])}</p>
          ${this.images()}`;
      case "text": {
        const lines = screen.rows.map(({ row, texts: [one, other] }) =>
          this.line(COMPARE.row(row), one || COMPARE.blank, other || COMPARE.blank, "screen"),
        );
        const [one, other] = screen.cursors.map((at) => (at ? COMPARE.place(at[0], at[1]) : COMPARE.noCursor));
        const moved = one === other ? nothing : this.line(COMPARE.cursor, one, other);
        return html`${this.table(COMPARE.what, [...lines, moved])} ${this.images()}`;
      }
    }
  }

  private images() {
    if (this.pictures.some((picture) => picture === null)) return nothing;
    return html`<div class="pictures">${this.pictures.map(
      (picture, at) => html`<img alt=${COMPARE.picture(this.names[at] ?? "")} src=${picture ?? ""}>`,
    )}</div>`;
  }
}
