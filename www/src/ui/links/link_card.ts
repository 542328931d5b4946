import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { missingOf } from "../../client/links/machine";
import { LinkRefused, type ReadLink } from "../../client/links/reading";
import { readPageLink } from "../../client/links/start";
import type { EvmMoment, PcMoment } from "../../protocol/links";
import { LINKS } from "../../strings/links";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { go } from "../frame/routes";
import { aboutEvm, aboutPc } from "./about";
import { benchOf, showPanes } from "./arrangement";
import linksCss from "./links.css?inline";

/** Instructions, or bytes, done of all. */
interface Way {
  readonly done: number;
  readonly total: number;
}

/** Says who made a link and what it would open. Nothing of it happens before the reader has agreed. */
@customElement("link-card")
export class LinkCard extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(linksCss)];

  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query("[name=panes]") private readonly panes!: HTMLInputElement | null;
  @state() private found: ReadLink | null = null;
  @state() private problem = "";
  @state() private hash = "";
  /** The machine is on its way. */
  @state() private coming: Way | null = null;
  private ends = new AbortController();
  private answered: () => void = () => {};

  /** Reads a link, from its `#` on, and asks. `answered` is called when the reader has decided. */
  async show(hash: string, answered: () => void): Promise<void> {
    this.end();
    this.found = null;
    this.problem = "";
    this.hash = hash;
    this.answered = answered;
    await this.updateComplete;
    if (!this.dialog.open) this.dialog.showModal();
    try {
      const found = await readPageLink(hash);
      if (hash === this.hash) this.found = found;
    } catch (error) {
      if (hash === this.hash)
        this.problem = LINKS.refused(error instanceof LinkRefused ? error.why : { kind: "noReader" });
    }
  }

  override render() {
    const { found, problem, coming } = this;
    return html`<dialog class="card" aria-labelledby="title" @close=${this.closed} @cancel=${this.end}>
      <h2 id="title" tabindex="-1" autofocus>${LINKS.card}</h2>
      <div role="alert">${problem ? html`<p>${problem}</p>` : nothing}</div>
      ${coming ? this.way(coming) : found ? this.about(found) : problem ? nothing : html`<p class="faint" role="status">${LINKS.reading}</p>`}
      <div class="buttons">${coming ? this.ending() : this.asking()}</div>
    </dialog>`;
  }

  private asking() {
    const { found, problem } = this;
    return html`
      <button type="button" @click=${() => this.dialog.close()}>${found || !problem ? LINKS.decline : LINKS.close}</button>
      ${found ? html`<button type="button" class="primary" @click=${this.open}>${LINKS.open}</button>` : nothing}`;
  }

  private ending() {
    return html`<button type="button" @click=${() => {
      this.end();
      this.dialog.close();
    }}>${LINKS.end}</button>`;
  }

  /** How far the machine has come on its way. */
  private way({ done, total }: Way) {
    return html`<p role="status">${LINKS.coming}</p>
      <progress aria-label=${LINKS.coming} max=${Math.max(total, 1)} .value=${done}></progress>
      <p class="faint">${LINKS.done(done, total)}</p>`;
  }

  private about({ link, unpacked }: ReadLink) {
    const { author, note, panes } = link.moment;
    const by = author
      ? html`<bdi>${author}</bdi> <span class="faint">(${LINKS.unchecked})</span>`
      : html`<span class="faint">${LINKS.nobody}</span>`;
    return html`
      ${note ? html`<p class="note" dir="auto">${note}</p>` : nothing}
      <dl><dt>${LINKS.by}</dt><dd>${by}</dd>
        ${link.engine === "evm" ? aboutEvm(link.moment) : aboutPc(link.moment)}
        <dt>${LINKS.holds}</dt><dd>${LINKS.sizes(this.hash.length, unpacked)}</dd></dl>
      ${link.engine === "pc" ? this.files(link.moment) : nothing}
      <p class="faint">${LINKS.replaces[link.engine]}</p>
      ${panes ? html`<label class="check"><input type="checkbox" name="panes" checked>${LINKS.panes}</label>` : nothing}`;
  }

  /** The files that only the reader has. */
  private files({ machine }: PcMoment) {
    return missingOf(machine).map(
      ({ part, name }) => html`<label>${LINKS.choose(part, name)}<input type="file" data-part=${part}></label>`,
    );
  }

  private readonly open = async (): Promise<void> => {
    const { found, panes } = this;
    if (!found) return;
    const arranged = panes?.checked ? found.link.moment.panes : undefined;
    if (!(await (found.link.engine === "evm" ? this.openEvm(found.link.moment) : this.openPc(found.link.moment))))
      return;
    const bench = await benchOf(found.link.engine === "evm" ? "evm-page" : "x86-page");
    if (bench && arranged) showPanes(bench, arranged);
  };

  private async openEvm(moment: EvmMoment): Promise<boolean> {
    this.dialog.close();
    go("evm");
    const { openEvmMoment } = await import("./evm_moment");
    await openEvmMoment(moment);
    return true;
  }

  /** The card stays until the machine is there: whoever waits for it can end it. */
  private async openPc(moment: PcMoment): Promise<boolean> {
    const chosen = this.renderRoot.querySelectorAll<HTMLInputElement>("[data-part]");
    const files = Object.fromEntries([...chosen].map(({ dataset, files }) => [dataset.part, files?.[0]]));
    this.problem = "";
    this.ends = new AbortController();
    this.coming = { done: 0, total: moment.arrival.instruction };
    // The button that had the focus is gone.
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLButtonElement>(".buttons button")?.focus();
    const { followMoment } = await import("./pc_moment");
    const { opened, problem } = await followMoment(moment, files, this.ends.signal, (way) => {
      if (this.coming) this.coming = way;
    });
    this.coming = null;
    this.problem = problem;
    if (!problem && this.dialog.open) this.dialog.close();
    return opened;
  }

  /** Escape, and the button, end what is on its way. */
  private readonly end = (): void => {
    this.ends.abort();
    this.coming = null;
  };

  private readonly closed = (): void => {
    this.hash = "";
    this.found = null;
    this.answered();
  };
}
