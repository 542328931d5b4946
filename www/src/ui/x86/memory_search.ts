import { html, nothing, type PropertyValues, unsafeCSS } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { store } from "../../client/start";
import { INSIDE } from "../../strings/inside";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { hex } from "../frame/number_text";
import { type BytePattern, PATTERN_KINDS, type PatternKind, parsePattern } from "./byte_pattern";
import { collectHits, type Hits, hitFrom } from "./memory_hits";
import searchCss from "./memory_search.css?inline";
import paneCss from "./pane.css?inline";

const WORDS = INSIDE.search;
/** Hits that one part of a search gives. */
const MOST_A_PART = 1000;

/** What was searched: the same again needs no new search. */
interface Searched {
  readonly key: string;
  readonly hits: Hits;
}

/** Searches a space for bytes, numbers or text; goes from hit to hit, from the selected byte on. */
@customElement("memory-search")
export class MemorySearch extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(searchCss)];

  @property() space = "linear";
  /** The byte that the search goes on from. */
  @property({ type: Number }) from = 0;
  @state() private kind: PatternKind = "bytes";
  @state() private message = "";
  @state() private searched: Searched | null = null;
  @query("input") private readonly input!: HTMLInputElement;
  private run = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.run++;
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("space") && this.searched) this.forget();
  }

  override render() {
    const any = (this.searched?.hits.all.length ?? 0) > 1;
    return html`<form role="search" @submit=${this.submit}>
      <select aria-label=${WORDS.kind} @change=${this.choose}>
        ${PATTERN_KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${WORDS.kinds[kind]}</option>`)}
      </select>
      <input aria-label=${WORDS.labels[this.kind]} title=${WORDS.labels[this.kind]} placeholder=${WORDS.hints[this.kind]} autocomplete="off" spellcheck="false"
        @input=${this.forget} @keydown=${this.key} />
      <button type="submit">${this.searched ? WORDS.next : WORDS.find}</button>
      ${any ? html`<button type="button" @click=${() => this.step(true)}>${WORDS.previous}</button>` : nothing}
    </form><p role="status">${this.message}</p>`;
  }

  private readonly choose = (event: Event): void => {
    this.kind = (event.target as HTMLSelectElement).value as PatternKind;
    this.forget();
  };

  private readonly forget = (): void => {
    this.run++;
    this.searched = null;
    this.message = "";
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !event.shiftKey || !this.searched) return;
    event.preventDefault();
    this.step(true);
  };

  /** Searches, or goes on to the next hit if nothing has changed since. */
  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const pattern = parsePattern(this.input.value, this.kind);
    if (!pattern) {
      this.searched = null;
      this.message = WORDS.bad[this.kind];
      return;
    }
    const { rests, state } = store.view;
    const key = `${this.space} ${this.kind} ${this.input.value} ${rests} ${state}`;
    if (this.searched?.key === key) return this.step(false);
    try {
      const hits = await this.search(pattern);
      if (!hits) return;
      this.searched = { key, hits };
      this.step(false);
    } catch (error) {
      this.message = error instanceof Error ? error.message : String(error);
    }
  };

  private search(pattern: BytePattern): Promise<Hits | null> {
    const mine = ++this.run;
    const goesOn = (at: number): boolean => {
      if (mine === this.run) this.message = WORDS.searching(hex(at, 8));
      return mine === this.run;
    };
    return collectHits(
      (space, first, last, { bytes, foldCase }) =>
        store.inspect("searchMemory", space, first, last, bytes, foldCase, MOST_A_PART),
      this.space,
      pattern,
      goesOn,
    );
  }

  private step(back: boolean): void {
    const { all, more } = this.searched?.hits ?? { all: [], more: false };
    const number = hitFrom(all, this.from, back);
    const hit = all[number];
    this.message = hit === undefined ? WORDS.notFound : WORDS.found(hex(hit, 8), number + 1, all.length, more);
    if (hit !== undefined) this.dispatchEvent(new CustomEvent("found", { detail: hit }));
  }
}
