import { html, nothing, unsafeCSS } from "lit";
import { customElement, property } from "lit/decorators.js";
import { chooseRecord, RECORD_SIZES } from "../../client/record_budget";
import { timeText } from "../../client/timeline/point_text";
import type { Bookmark } from "../../protocol/timeline";
import { type MarkKind, TIMELINE } from "../../strings/timeline";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { MARK_KINDS, markShape } from "./mark_shapes";
import marksCss from "./marks.css?inline";
import { TimelineController, timeline } from "./start";
import panelCss from "./timeline_panel.css?inline";

const MIB = 1 << 20;

/** The reader wants a kind of marks shown, or not. */
export class KindToggled extends CustomEvent<MarkKind> {
  constructor(kind: MarkKind) {
    super("kind-toggled", { detail: kind });
  }
}

/** What the marks mean, and which are shown; the bookmarks; how much is recorded. */
@customElement("timeline-panel")
export class TimelinePanel extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(marksCss), unsafeCSS(panelCss)];

  @property({ attribute: false }) hiddenKinds: ReadonlySet<MarkKind> = new Set();

  constructor() {
    super();
    new TimelineController(this);
  }

  override render() {
    const bookmarks = timeline.view?.bookmarks.filter(({ saved }) => !saved) ?? [];
    return html`
      <fieldset><legend>${TIMELINE.shown}</legend>${MARK_KINDS.map((kind) => this.kind(kind))}</fieldset>
      <section aria-label=${TIMELINE.bookmarks}><h3>${TIMELINE.bookmarks}</h3>
        ${bookmarks.length === 0 ? html`<p>${TIMELINE.noBookmarks}</p>` : html`<ul>${bookmarks.map((bookmark) => this.bookmark(bookmark))}</ul>`}
      </section>
      <section aria-label=${TIMELINE.record}><h3>${TIMELINE.record}</h3>${this.record()}</section>
    `;
  }

  private kind(kind: MarkKind) {
    return html`<label><input type="checkbox" .checked=${!this.hiddenKinds.has(kind)}
      @change=${() => this.dispatchEvent(new KindToggled(kind))} />${markShape(kind)} ${TIMELINE.kinds[kind]}</label>`;
  }

  private bookmark({ id, name, time }: Bookmark) {
    const rename = (event: Event) => {
      const text = (event.target as HTMLInputElement).value.trim();
      if (text) timeline.rename(id, text);
    };
    return html`<li>
      <input type="text" aria-label=${TIMELINE.name} .value=${name} maxlength="80" autocomplete="off" @change=${rename} />
      <button type="button" @click=${() => timeline.go({ time })}>${timeText(time)}</button>
      <button type="button" aria-label=${TIMELINE.remove(name)} title=${TIMELINE.remove(name)} @click=${() => timeline.rename(id, "")}>✕</button>
    </li>`;
  }

  private record() {
    const { budget = 0, past } = timeline.view ?? {};
    const choose = (event: Event) => {
      const size = RECORD_SIZES.find((mib) => String(mib) === (event.target as HTMLSelectElement).value);
      if (size !== undefined) timeline.record(chooseRecord(size));
    };
    return html`
      <select aria-label=${TIMELINE.record} title=${TIMELINE.recordHint} @change=${choose}>
        ${RECORD_SIZES.map((mib) => html`<option value=${mib} ?selected=${mib * MIB === budget}>${TIMELINE.size(mib)}</option>`)}
      </select>
      ${past ? html`<p>${TIMELINE.recorded((past.bytes / MIB).toFixed(1), budget / MIB)}</p>` : nothing}
      <p>${TIMELINE.recordHint}</p>`;
  }
}
