import { html, unsafeCSS } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { store } from "../../client/start";
import type { MemoryHits } from "../../protocol/inspection";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { hex } from "../frame/number_text";
import { PC } from "../strings/pc";
import { parsePattern } from "./byte_pattern";
import searchCss from "./memory_search.css?inline";
import paneCss from "./pane.css?inline";

const WORDS = PC.memory;
const LAST = 0xffff_ffff;

/** Searches a space for bytes or text, from the selected byte on; tells each place it finds. */
@customElement("memory-search")
export class MemorySearch extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(searchCss)];

  @property() space = "linear";
  /** The byte after which the search begins. */
  @property({ type: Number }) from = 0;
  @state() private message = "";
  @query("input") private readonly input!: HTMLInputElement;
  private run = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.run++;
  }

  override render() {
    return html`<form role="search" @submit=${this.submit}>
      <input aria-label=${WORDS.findLabel} title=${WORDS.findLabel} placeholder=${WORDS.findHint} autocomplete="off" spellcheck="false" />
      <button type="submit">${WORDS.find}</button>
    </form><p role="status">${this.message}</p>`;
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const pattern = parsePattern(this.input.value);
    if (!pattern) {
      this.message = WORDS.badPattern;
      return;
    }
    const mine = ++this.run;
    try {
      const hit = await this.search(pattern.bytes, pattern.foldCase, () => mine === this.run);
      if (mine !== this.run) return;
      this.message = hit === null ? WORDS.notFound : WORDS.found(hex(hit, 8));
      if (hit !== null) this.dispatchEvent(new CustomEvent("found", { detail: hit }));
    } catch (error) {
      this.message = error instanceof Error ? error.message : String(error);
    }
  };

  /** Piece by piece, so that a running machine goes on between two of them; only linear and physical memory is searched. */
  private async search(bytes: Uint8Array, foldCase: boolean, goesOn: () => boolean): Promise<number | null> {
    const space = this.space === "physical" ? "physical" : "linear";
    let at: number | null = Math.min(this.from + 1, LAST);
    while (at !== null && goesOn()) {
      this.message = WORDS.searching(hex(at, 8));
      const found: MemoryHits = await store.inspect("searchMemory", space, at, LAST, bytes, foldCase, 1);
      if (found.hits[0] !== undefined) return found.hits[0];
      at = found.next;
    }
    return null;
  }
}
