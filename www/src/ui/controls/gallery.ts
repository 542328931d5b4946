import { html, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { type Guest, guestSpec, loadGallery } from "../../client/gallery";
import { store } from "../../client/start";
import { GlassElement } from "../frame/element";
import controlsCss from "./controls.css?inline";
import galleryCss from "./gallery.css?inline";

const PARTS: readonly (readonly [keyof Guest["files"], string])[] = [
  ["fda", "floppy"],
  ["hda", "disk"],
  ["cdrom", "CD"],
  ["kernel", "kernel"],
];

/** The guests that come with the page. */
@customElement("machine-gallery")
export class Gallery extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(galleryCss)];

  @state() private guests: readonly Guest[] | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    loadGallery().then(
      (guests) => {
        this.guests = guests;
      },
      () => {
        this.guests = [];
      },
    );
  }

  override render() {
    return html`
      <section aria-labelledby="title">
        <h2 id="title">Pick a machine</h2>
        ${this.list()}
      </section>
    `;
  }

  private list() {
    if (this.guests === null) return html`<p class="note">Looking for guests…</p>`;
    if (this.guests.length === 0) {
      return html`<p class="note">
        No guests came with this page: they are made at set-up. Your own images work all the same.
      </p>`;
    }
    return html`<ul>
      ${this.guests.map((guest) => this.card(guest))}
    </ul>`;
  }

  private card(guest: Guest) {
    const parts = PARTS.filter(([role]) => guest.files[role]).map(([, name]) => name);
    return html`<li>
      <button type="button" class="card" data-guest=${guest.name} @click=${() => this.boot(guest)}>
        <strong>${guest.title}</strong>
        <span>${guest.description}</span>
        <span class="parts">${[...parts, `${guest.memoryMb} MB`].join(" · ")}</span>
      </button>
    </li>`;
  }

  private async boot(guest: Guest): Promise<void> {
    try {
      store.boot(await guestSpec(guest));
    } catch {
      store.report(`${guest.title}: its files cannot be loaded; check the connection`);
    }
  }
}
