import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { linkOf } from "../../client/links/packing";
import type { LinkMoment, LinkWords } from "../../protocol/links";
import { cleanAuthor, cleanNote, LONGEST_AUTHOR, LONGEST_LINK, LONGEST_NOTE } from "../../protocol/links";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { storage } from "../frame/settings";
import { LINKS } from "../strings/links";
import { embedHtml } from "./embed";
import linksCss from "./links.css?inline";
import { qrModules, qrPicture } from "./qr_code";

const AUTHOR_KEY = "glassbox.author";
/** Links above are cut by some programs. */
const LONG = 2000;
/** After the last character typed, the link is made anew. */
const MAKE_MS = 200;

/** Makes the moment that a link is to hold; null if there is none. */
export type Gather = (words: LinkWords) => LinkMoment | null;

/** What the dialog is about. */
export interface LinkSubject {
  readonly title: string;
  /** The address of the part of the page that the link opens. */
  readonly page: string;
  readonly gather: Gather;
}

/** Makes a link to the moment that is shown. */
@customElement("link-dialog")
export class LinkDialog extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(linksCss)];

  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query("[name=author]") private readonly author!: HTMLInputElement;
  @query("[name=note]") private readonly note!: HTMLTextAreaElement;
  /** The link with the page's address; empty while it is made, null if there is nothing to link to. */
  @state() private address: string | null = "";
  @state() private said = "";
  private subject: LinkSubject | null = null;
  private making: ReturnType<typeof setTimeout> | undefined;
  private made = 0;

  /** Shows the dialog for a moment. */
  async show(subject: LinkSubject): Promise<void> {
    this.subject = subject;
    this.address = "";
    this.said = "";
    await this.updateComplete;
    this.author.value = cleanAuthor(storage.get(AUTHOR_KEY) ?? "");
    this.note.value = "";
    this.dialog.showModal();
    await this.make();
  }

  override render() {
    return html`<dialog aria-labelledby="title">
      <h2 id="title">${LINKS.title}</h2>
      <p class="faint">${LINKS.intro}</p>
      <div class="columns">
        <div class="fields">
          <label>${LINKS.author}<input name="author" autocomplete="name" maxlength=${LONGEST_AUTHOR} @input=${this.typed} @change=${this.remember}></label>
          <label>${LINKS.note}<textarea name="note" rows="3" maxlength=${LONGEST_NOTE} @input=${this.typed}></textarea></label>
          ${this.result()}
        </div>
        ${this.code()}
      </div>
      <div class="buttons">
        <span class="faint" role="status">${this.said}</span>
        <button type="button" @click=${() => this.dialog.close()}>${LINKS.close}</button>
      </div>
    </dialog>`;
  }

  /** The part of the address that the link is. */
  private get characters(): number {
    return this.address ? this.address.length - this.address.indexOf("#") : 0;
  }

  private result() {
    const { address, characters } = this;
    if (address === null) return html`<p role="alert">${LINKS.nothing}</p>`;
    if (address === "") return html`<p class="faint">${LINKS.making}</p>`;
    if (characters > LONGEST_LINK) return html`<p role="alert">${LINKS.tooLong(characters, LONGEST_LINK)}</p>`;
    return html`
      <label>${LINKS.link} <span class="faint size">${LINKS.size(address.length)}</span>
        <input name="link" readonly .value=${address} @focus=${select}></label>
      ${address.length > LONG ? html`<p class="faint">${LINKS.long}</p>` : nothing}
      <p><button type="button" class="primary" @click=${() => this.copy("link")}>${LINKS.copy}</button></p>
      <details>
        <summary>${LINKS.embed}</summary>
        <p class="faint">${LINKS.embedNote}</p>
        <textarea name="embed" rows="4" readonly aria-label=${LINKS.embed} spellcheck="false" .value=${embedHtml(address, this.subject?.title ?? "")} @focus=${select}></textarea>
        <p><button type="button" @click=${() => this.copy("embed")}>${LINKS.copyEmbed}</button></p>
      </details>`;
  }

  private code() {
    const { address, characters } = this;
    if (!address || characters > LONGEST_LINK) return nothing;
    const modules = qrModules(address);
    return html`<div class="code">${modules ? qrPicture(modules, LINKS.qr) : html`<p class="faint">${LINKS.qrTooLong}</p>`}</div>`;
  }

  private readonly typed = (): void => {
    this.said = "";
    clearTimeout(this.making);
    this.making = setTimeout(() => void this.make(), MAKE_MS);
  };

  private readonly remember = (): void => storage.set(AUTHOR_KEY, cleanAuthor(this.author.value));

  private async make(): Promise<void> {
    const mine = ++this.made;
    const words = { author: cleanAuthor(this.author.value), note: cleanNote(this.note.value) };
    const moment = this.subject?.gather(words) ?? null;
    const address = moment && `${this.subject?.page}${await linkOf(moment)}`;
    if (mine === this.made) this.address = address;
  }

  private async copy(name: "link" | "embed"): Promise<void> {
    const field = this.renderRoot.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name=${name}]`);
    if (!field) return;
    try {
      await navigator.clipboard.writeText(field.value);
      this.said = LINKS.copied;
    } catch {
      field.focus();
      field.select();
      this.said = LINKS.notCopied;
    }
  }
}

const select = (event: Event): void => (event.target as HTMLInputElement | HTMLTextAreaElement).select();

/** The page's one dialog for links. */
export function showLinkDialog(subject: LinkSubject): void {
  const found =
    document.querySelector("link-dialog") ?? document.body.appendChild(document.createElement("link-dialog"));
  void (found as LinkDialog).show(subject);
}
