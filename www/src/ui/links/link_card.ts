import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { LinkRefused, type ReadLink } from "../../client/links/reading";
import { readPageLink } from "../../client/links/start";
import type { EvmMoment } from "../../protocol/links";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { go } from "../frame/routes";
import type { WorkBench } from "../frame/work_bench";
import { LINKS } from "../strings/links";
import { showPanes } from "./arrangement";
import linksCss from "./links.css?inline";

/** Says who made a link and what it would open. Nothing of it happens before the reader has agreed. */
@customElement("link-card")
export class LinkCard extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(linksCss)];

  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query("[name=panes]") private readonly panes!: HTMLInputElement | null;
  @state() private found: ReadLink | null = null;
  @state() private problem = "";
  @state() private hash = "";
  private answered: () => void = () => {};

  /** Reads a link, from its `#` on, and asks. `answered` is called when the reader has decided. */
  async show(hash: string, answered: () => void): Promise<void> {
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
    return html`<dialog class="card" aria-labelledby="title" @close=${this.closed}>
      <h2 id="title" tabindex="-1" autofocus>${LINKS.card}</h2>
      <div role="alert">${this.problem ? html`<p>${this.problem}</p>` : nothing}</div>
      ${this.found ? this.about(this.found) : this.problem ? nothing : html`<p class="faint" role="status">${LINKS.reading}</p>`}
      <div class="buttons">
        <button type="button" @click=${() => this.dialog.close()}>${this.problem ? LINKS.close : LINKS.decline}</button>
        ${this.found ? html`<button type="button" class="primary" @click=${this.open}>${LINKS.open}</button>` : nothing}
      </div>
    </dialog>`;
  }

  private about({ link, unpacked }: ReadLink) {
    const { author, note, panes } = link.moment;
    const by = author
      ? html`<bdi>${author}</bdi> <span class="faint">(${LINKS.unchecked})</span>`
      : html`<span class="faint">${LINKS.nobody}</span>`;
    return html`
      ${note ? html`<p class="note" dir="auto">${note}</p>` : nothing}
      <dl><dt>${LINKS.by}</dt><dd>${by}</dd>${this.evm(link.moment)}
        <dt>${LINKS.holds}</dt><dd>${LINKS.sizes(this.hash.length, unpacked)}</dd></dl>
      <p class="faint">${LINKS.replaces}</p>
      ${panes ? html`<label class="check"><input type="checkbox" name="panes" checked>${LINKS.panes}</label>` : nothing}`;
  }

  private evm({ project, transaction, position, stops }: EvmMoment) {
    const { request, sources, title } = project;
    const solidity = sources.some(({ language }) => language === "solidity");
    const source = ({ name, language }: EvmMoment["project"]["sources"][number]) =>
      LINKS.source(name, LINKS.languages[language ?? "assembler"]);
    return html`
      <dt>${LINKS.opens}</dt><dd><bdi>${LINKS.evmOpens(title, request.transactions?.length ?? 1, request.fork ?? "")}</bdi></dd>
      <dt>${LINKS.sources}</dt><dd><bdi>${sources.map(source).join(", ") || LINKS.noSources}</bdi></dd>
      <dt>${LINKS.loads}</dt><dd>${solidity ? LINKS.loadsCompiler : LINKS.loadsNothing}</dd>
      <dt>${LINKS.goes}</dt><dd>${LINKS.evmGoes(transaction + 1, position)}</dd>
      ${stops.length > 0 ? html`<dt>${LINKS.sets}</dt><dd>${LINKS.stops(stops.length)}</dd>` : nothing}`;
  }

  private readonly open = async (): Promise<void> => {
    const { found, panes } = this;
    const arranged = panes?.checked ? found?.link.moment.panes : undefined;
    this.dialog.close();
    if (!found) return;
    go("evm");
    const { openEvmMoment } = await import("./evm_moment");
    await openEvmMoment(found.link.moment);
    const bench = await benchOf("evm-page");
    if (bench && arranged) showPanes(bench, arranged);
  };

  private readonly closed = (): void => {
    this.hash = "";
    this.found = null;
    this.answered();
  };
}

/** The workbench of a part of the page, once it is drawn. */
async function benchOf(part: "evm-page" | "x86-page"): Promise<WorkBench | null> {
  const app = document.querySelector("glassbox-app") as GlassElement | null;
  await app?.updateComplete;
  const page = app?.shadowRoot?.querySelector<GlassElement>(part);
  await page?.updateComplete;
  return page?.shadowRoot?.querySelector<WorkBench>("work-bench") ?? null;
}
