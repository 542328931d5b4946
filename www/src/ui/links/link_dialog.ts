import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { LinkWords } from "../../protocol/links";
import { cleanAuthor, cleanNote, LONGEST_AUTHOR, LONGEST_LINK, LONGEST_NOTE } from "../../protocol/links";
import { LINKS } from "../../strings/links";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { storage } from "../frame/settings";
import { embedHtml } from "./embed";
import linksCss from "./links.css?inline";
import { qrModules, qrPicture } from "./qr_code";

const AUTHOR_KEY = "glassbox.author";
/** Links above are cut by some programs. */
const LONG = 2000;
/** After the last character typed, the link is made anew. */
const MAKE_MS = 200;

/** What the dialog is about. */
export interface LinkSubject {
  readonly title: string;
  /** The address of the part of the page that the link opens. */
  readonly page: string;
  /** The link, from its `#` on; how many characters it would have, if those are too many; null if there is no moment. */
  readonly link: (words: LinkWords) => Promise<string | number | null>;
  /** For moments that are too long for links: the moment as a file, and the link that names where it lies. */
  readonly file?: {
    readonly save: () => Promise<void>;
    readonly link: (words: LinkWords, address: string) => Promise<string>;
  };
}

/** Makes a link to the moment that is shown. */
@customElement("link-dialog")
export class LinkDialog extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(linksCss)];

  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query("[name=author]") private readonly author!: HTMLInputElement;
  @query("[name=place]") private readonly place!: HTMLInputElement | null;
  @query("[name=note]") private readonly note!: HTMLTextAreaElement;
  /** The link with the page's address; empty while it is made. */
  @state() private address: string | number | null = "";
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

  private result() {
    const { address } = this;
    if (address === null) return html`<p role="alert">${LINKS.nothing}</p>`;
    if (address === "") return html`<p class="faint">${LINKS.making}</p>`;
    return html`${
      typeof address === "number"
        ? html`<p role="alert">${LINKS.tooLong(address, LONGEST_LINK)}</p>`
        : this.whole(address)
    }${this.file(typeof address === "number")}`;
  }

  private whole(address: string) {
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

  /** The moment as a file that lies elsewhere: always possible, and the only way for what is long. */
  private file(needed: boolean) {
    const { file } = this.subject ?? {};
    if (!file) return nothing;
    return html`<details ?open=${needed}>
      <summary>${LINKS.file}</summary>
      <p class="faint">${LINKS.fileNote}</p>
      <p><button type="button" @click=${() => this.guarded(file.save())}>${LINKS.saveFile}</button></p>
      <label>${LINKS.fileAddress}<input name="place" type="url" placeholder=${LINKS.fileExample} spellcheck="false" @input=${this.typed}></label>
    </details>`;
  }

  private code() {
    const { address } = this;
    if (!address || typeof address === "number") return nothing;
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
    const { subject } = this;
    if (!subject) return;
    const place = this.place?.value ?? "";
    const making = subject.file && isAddress(place) ? subject.file.link(words, place) : subject.link(words);
    const link = (await this.guarded(making)) ?? null;
    if (mine === this.made) this.address = typeof link === "string" ? `${subject.page}${link}` : link;
  }

  /** Says why something failed. */
  private async guarded<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      this.said = LINKS.failed(error instanceof Error ? error.message : String(error));
      return undefined;
    }
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

const isAddress = (text: string): boolean => /^https?:\/\/\S+$/.test(text) && URL.canParse(text);

/** The page's one dialog for links. */
export function showLinkDialog(subject: LinkSubject): void {
  const found =
    document.querySelector("link-dialog") ?? document.body.appendChild(document.createElement("link-dialog"));
  void (found as LinkDialog).show(subject);
}
