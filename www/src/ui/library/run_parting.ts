import { html, nothing, unsafeCSS } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Comparing, Searching } from "../../client/library/comparing";
import type { ComparedRun, Pair, PartingFound } from "../../protocol/compare";
import type { ImageRole, MissingImage } from "../../protocol/moments";
import { COMPARE } from "../../strings/compare";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import differencesCss from "./differences.css?inline";
import { messageOf } from "./files";
import "./moment_differences";

const WORDS = COMPARE.parting;

/** Two runs, and a search for the first instruction after which they differ. */
@customElement("run-parting")
export class PartingOfRuns extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(differencesCss)];

  @property({ attribute: false }) comparing!: Comparing;
  /** The runs; null where one of them is not kept. */
  @property({ attribute: false }) sides: Pair<ComparedRun> | null = null;
  @property({ attribute: false }) names: Pair<string> = [COMPARE.first, COMPARE.second];
  /** Other sites that are asked for images. */
  @property({ attribute: false }) foreign: readonly string[] = [];
  /** The reader's own images that are at hand. */
  @property({ attribute: false }) files: Readonly<Partial<Record<ImageRole, File>>> = {};
  /** Goes to an instruction of the machine of the page, where one of the runs is its. */
  @property({ attribute: false }) goTo: ((instruction: number) => void) | null = null;
  @state() private searching: Searching | "beginning" | null = null;
  @state() private found: PartingFound | null = null;
  @state() private trouble = "";
  private chosen: Partial<Record<ImageRole, File>> = {};
  /** Counts searches: what an ended one says is not heard. */
  private asked = 0;

  override render() {
    if (!this.sides) return html`<p class="faint">${WORDS.none}</p>`;
    return html`<div role="status">${this.searching ? html`<p>${this.told(this.searching)}</p>` : nothing}
        ${this.found ? this.verdict(this.found) : nothing}</div>
      <div role="alert">${this.trouble ? html`<p class="verdict">${this.trouble}</p>` : nothing}</div>
      ${this.searching ? html`<button type="button" class="end" @click=${this.end}>${WORDS.end}</button>` : this.question()}
      ${this.found?.kind === "missing" ? this.found.images.map((image) => this.image(image)) : nothing}
      ${
        this.found?.kind === "at"
          ? html`<details open class="there"><summary>${WORDS.there}</summary>
            <moment-differences .differences=${this.found.differences} .names=${this.names}></moment-differences></details>`
          : nothing
      }`;
  }

  /** Begins to search. */
  readonly search = async (): Promise<void> => {
    if (!this.sides) return;
    const mine = ++this.asked;
    this.searching = "beginning";
    this.found = null;
    this.trouble = "";
    const told = (searching: Searching) => {
      if (mine === this.asked) this.searching = searching;
    };
    try {
      const found = await this.comparing.parting(this.sides, { ...this.files, ...this.chosen }, told);
      if (mine === this.asked) this.found = found;
    } catch (error) {
      if (mine === this.asked) this.trouble = COMPARE.failed(messageOf(error));
    }
    if (mine === this.asked) this.searching = null;
  };

  private told(searching: Searching | "beginning"): string {
    return searching === "beginning" ? WORDS.beginning : WORDS.searching(searching.equal, searching.differ);
  }

  private question() {
    if (this.found && this.found.kind !== "missing") return nothing;
    const sites = this.foreign.length > 0 ? html`<p>${WORDS.foreign(this.foreign.join(", "))}</p>` : nothing;
    return html`${sites}<button type="button" class="search" title=${WORDS.hint} @click=${this.search}>${WORDS.ask}</button>`;
  }

  private verdict(found: PartingFound) {
    switch (found.kind) {
      case "missing":
        return html`<p>${WORDS.missing}</p>`;
      case "nowhere":
        return html`<p class="verdict">${WORDS.nowhere(found.end)}</p>`;
      case "fromTheStart":
        return html`<p class="verdict">${WORDS.fromTheStart}</p>`;
      case "at": {
        const { goTo } = this;
        const there = goTo
          ? html` <button type="button" @click=${() => goTo(found.equal)}>${WORDS.goTo}</button>`
          : nothing;
        return html`<p class="verdict">${WORDS.at(found.equal)}
          <span class="sector">${found.instruction}</span>${there}</p>`;
      }
    }
  }

  private image({ role, name, wrong }: MissingImage) {
    const choose = (event: Event) => {
      const file = (event.target as HTMLInputElement).files?.[0];
      if (file) this.chosen[role] = file;
    };
    return html`<label class="file">${WORDS.image(role, name)}
      <input type="file" data-role=${role} @change=${choose}>${wrong ? html`<span role="alert">${WORDS.wrong}</span>` : nothing}</label>`;
  }

  private readonly end = (): void => {
    this.asked++;
    this.comparing.end();
    this.searching = null;
    this.trouble = WORDS.ended;
  };
}
