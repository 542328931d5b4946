import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { looker, stops, store } from "../../client/start";
import { executeAt, stopSpec } from "../../client/stops";
import type { SymbolFile, SymbolHit } from "../../protocol/inspection";
import { INSIDE } from "../../strings/inside";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { hex } from "../frame/number_text";
import { LookController } from "../look_controller";
import { ViewController } from "../view_controller";
import { cell } from "./cells";
import { addressLink } from "./far_value";
import insideCss from "./inside.css?inline";
import paneCss from "./pane.css?inline";
import recordsCss from "./records.css?inline";
import { parseBase, takeFiles } from "./symbol_files";
import symbolsCss from "./symbols_pane.css?inline";

const WORDS = INSIDE.symbols;
/** Symbols shown of a search. */
const MOST = 200;

/** Files with names and lines of the guest's code, and a search among the names. */
@customElement("symbols-pane")
export class SymbolsPane extends GlassElement {
  static override styles = [
    unsafeCSS(controlsCss),
    unsafeCSS(paneCss),
    unsafeCSS(recordsCss),
    unsafeCSS(insideCss),
    unsafeCSS(symbolsCss),
  ];

  @state() private text = "";
  @state() private problems: readonly string[] = [];
  @state() private said = "";
  @state() private badBase = false;
  @state() private over = false;
  @state() private found: readonly SymbolHit[] = [];
  @query("input[name=base]") private readonly base!: HTMLInputElement | null;
  private readonly view = new ViewController(this, store);
  private readonly files = new LookController(this, looker, "symbolFiles", () => []);
  private end: (() => void) | undefined;
  private searched = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("dragover", this.dragOver);
    this.addEventListener("dragleave", this.dragLeave);
    this.addEventListener("drop", this.drop);
    this.end = stops.watch(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("dragover", this.dragOver);
    this.removeEventListener("dragleave", this.dragLeave);
    this.removeEventListener("drop", this.drop);
    this.end?.();
  }

  /** Names are searched when the text or the files are others, not at every stop: there may be very many. */
  override updated(): void {
    const asked = JSON.stringify([this.text, this.files.value]);
    if (asked === this.searched) return;
    this.searched = asked;
    void this.search(asked);
  }

  private async search(asked: string): Promise<void> {
    const found = await store.inspect("searchSymbols", this.text, MOST + 1).catch(() => []);
    if (asked === this.searched) this.found = found;
  }

  override render() {
    if (this.view.value.state === "off") return html`<p class="note">${WORDS.noMachine}</p>`;
    const files = this.files.value ?? [];
    return html`
      <section class=${this.over ? "over" : ""}>
        <h3>${WORDS.files}</h3>
        ${files.length > 0 ? this.list(files) : html`<p class="note">${WORDS.none}</p>`}
        <div class="bar">
          <label class="button">${WORDS.load}<input class="heard" type="file" multiple @change=${this.chosen} /></label>
          <label>${WORDS.base}<input name="base" size="9" autocomplete="off" spellcheck="false" placeholder="0" aria-invalid=${this.badBase}
            aria-describedby="base-hint" @input=${() => (this.badBase = false)} /></label>
          <span id="base-hint" class="note">${this.badBase ? WORDS.badBase : WORDS.baseHint}</span>
        </div>
        <p role="status">${this.said}</p>
        ${this.problems.map((problem) => html`<p class="bad" role="alert">${problem}</p>`)}
      </section>
      ${files.length > 0 ? this.names() : nothing}
    `;
  }

  private list(files: readonly SymbolFile[]) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${WORDS.files}><table>
      <thead><tr><th>${WORDS.file}</th><th>${WORDS.format}</th><th>${WORDS.count}</th><th>${WORDS.lines}</th><th>${WORDS.base}</th><th></th></tr></thead>
      <tbody>${files.map(
        ({ name, format, symbols, lines, sources, base, notes }) => html`<tr>
          <td>${name}</td><td class="words">${WORDS.formats[format]}</td>
          <td>${symbols.toLocaleString("en")}</td><td>${lines.toLocaleString("en")}${sources > 0 ? html` <span class="note">${WORDS.sources(sources)}</span>` : nothing}</td>
          <td>${hex(base, 8)}</td>
          <td><button type="button" aria-label="${WORDS.remove} ${name}" title=${WORDS.remove} @click=${() => this.forget(name)}>✕</button></td>
        </tr>${notes.map((note) => html`<tr><td class="words bad" colspan="6">${note}</td></tr>`)}`,
      )}</tbody>
    </table></div>`;
  }

  private names() {
    const { found } = this;
    return html`<section>
      <h3>${WORDS.search}</h3>
      <div class="bar"><span class="grow"><input type="search" aria-label=${WORDS.searchLabel} placeholder=${WORDS.searchLabel} autocomplete="off" spellcheck="false"
        .value=${this.text} @input=${this.write} /></span>
        <span class="push" role="status">${WORDS.found(Math.min(found.length, MOST), found.length > MOST)}</span></div>
      <div class="scroll" tabindex="0" role="region" aria-label=${WORDS.search}><table class="names">
        <tbody>${found.slice(0, MOST).map((hit) => this.hit(hit))}</tbody>
      </table></div>
    </section>`;
  }

  private hit({ name, address }: SymbolHit) {
    const set = stops.at(address) >= 0;
    const memory = { space: "linear", address: BigInt(address >>> 0), pane: "memory" } as const;
    return html`<tr>
      <td>${cell(address, { name, space: "linear", pane: "code" })}</td><th scope="row">${name}</th>
      <td>${addressLink(WORDS.inMemory, memory)}</td>
      <td><button type="button" aria-pressed=${set} aria-label="${WORDS.stop} ${name}" @click=${() => void this.toggle(name, address)}>${WORDS.stop}</button></td>
    </tr>`;
  }

  private readonly write = (event: Event): void => {
    this.text = (event.target as HTMLInputElement).value.slice(0, 200);
  };

  private readonly chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = "";
    void this.take(files);
  };

  private readonly dragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files") || this.view.value.state === "off") return;
    event.preventDefault();
    this.over = true;
  };

  private readonly dragLeave = (): void => {
    this.over = false;
  };

  private readonly drop = (event: DragEvent): void => {
    this.over = false;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0 || this.view.value.state === "off") return;
    // The page would put them into the machine's drives.
    event.preventDefault();
    void this.take(files);
  };

  private async take(files: readonly File[]): Promise<void> {
    const base = parseBase(this.base?.value ?? "");
    this.badBase = base === null;
    if (base === null || files.length === 0) return;
    const { loaded, problems } = await takeFiles(files, (name, bytes) =>
      store.inspect("loadSymbols", name, bytes, base),
    );
    this.problems = problems;
    this.said = loaded.length > 0 ? WORDS.loaded(loaded.map(({ name }) => name).join(", ")) : "";
    await this.changed();
  }

  private async forget(name: string): Promise<void> {
    try {
      await store.inspect("removeSymbols", name);
      this.said = WORDS.removed(name);
    } catch (error) {
      this.problems = [error instanceof Error ? error.message : String(error)];
    }
    await this.changed();
  }

  /** Names stand in all panes, and stops on them may be elsewhere now. */
  private async changed(): Promise<void> {
    looker.refresh();
    await stops.refresh();
  }

  private async toggle(name: string, address: number): Promise<void> {
    const at = stops.at(address);
    const spec = stopSpec({ kind: "execute", at: executeAt(address), symbol: name });
    try {
      const errors = await (at >= 0 ? stops.remove(at) : stops.add(spec));
      this.problems = errors.map(({ message }) => message);
    } catch (error) {
      this.problems = [error instanceof Error ? error.message : String(error)];
    }
  }
}
