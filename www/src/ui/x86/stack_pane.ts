import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { looker } from "../../client/start";
import type { StackCell, StackFrame, StackView } from "../../protocol/inspection";
import { INSIDE } from "../../strings/inside";
import { PC } from "../../strings/pc";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { LookController } from "../look_controller";
import { cell } from "./cells";
import insideCss from "./inside.css?inline";
import paneCss from "./pane.css?inline";
import recordsCss from "./records.css?inline";

const WORDS = INSIDE.stack;
const CELLS = 128;

/** The stack from its top down, and the calls that are open. */
@customElement("stack-pane")
export class StackPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(recordsCss), unsafeCSS(insideCss)];

  private readonly stack = new LookController(this, looker, "stack", () => [CELLS]);

  override render() {
    const { value: now, previous } = this.stack;
    if (!now) return html`<p class="note">${PC.noMachine}</p>`;
    return html`${now.frames.length > 0 ? this.frames(now.frames) : nothing} ${this.cells(now, previous)}`;
  }

  private frames(frames: readonly StackFrame[]) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${WORDS.frames}><table>
      <caption>${WORDS.frames}</caption>
      <tbody>${frames.map(
        (frame) => html`<tr>
          <td>${cell(frame.code, { name: WORDS.code, space: "linear", pane: "code" })}</td>
          <td>${frame.symbol ?? nothing}</td>
          <td class="faint">${frame.source ?? nothing}</td>
          <td>${WORDS.frame} ${cell(frame.base, { name: WORDS.frame, space: "ss" })}</td>
          <td class="words">${frame.checked ? nothing : html`<span class="faint">${WORDS.unchecked}</span>`}</td>
        </tr>`,
      )}</tbody>
    </table></div>`;
  }

  private cells({ cells, size, sp }: StackView, previous: StackView | null) {
    const before = new Map(previous?.cells.map(({ linear, value }) => [linear, value]));
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${WORDS.cells}><table>
      <caption>${WORDS.cells}</caption>
      <thead><tr><th>${INSIDE.address}</th><th>${INSIDE.value}</th><th>${INSIDE.kind}</th><th>${INSIDE.note}</th></tr></thead>
      <tbody>${cells.map((shown) => this.cell(shown, size * 8, shown.offset === sp, before.get(shown.linear)))}</tbody>
    </table></div>`;
  }

  private cell(shown: StackCell, bits: number, top: boolean, before: number | null | undefined) {
    const { offset, value, kind, note } = shown;
    return html`<tr>
      <td>${cell(offset, { name: `SS:${top ? WORDS.top : ""}`, bits, space: "ss" })}</td>
      <td>${value === null ? html`<span class="faint">${WORDS.unreadable}</span>` : this.value(value, kind, bits, before)}</td>
      <td><span class="tag ${kind.replace(" ", "-")}">${WORDS.kinds[kind]}</span></td>
      <td class="words">${top ? `${WORDS.top}${note ? ", " : ""}` : nothing}${note}</td>
    </tr>`;
  }

  private value(value: number, kind: StackCell["kind"], bits: number, previous: number | null | undefined) {
    const code = kind === "return address" || kind === "code address";
    return cell(value, {
      name: INSIDE.value,
      bits,
      previous,
      space: code ? "cs" : "ss",
      pane: code ? "code" : "memory",
    });
  }
}
