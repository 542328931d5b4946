import { html, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { type Guest, guestSpec, loadGallery } from "../../client/gallery";
import { store } from "../../client/start";
import { GALLERY } from "../../strings/gallery";
import { GlassElement } from "../frame/element";
import controlsCss from "./controls.css?inline";
import galleryCss from "./gallery.css?inline";

const PARTS = ["fda", "hda", "cdrom", "kernel"] as const;

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
        <h2 id="title">${GALLERY.title}</h2>
        ${this.list()}
      </section>
    `;
  }

  private list() {
    if (this.guests === null) return html`<p class="note">${GALLERY.looking}</p>`;
    if (this.guests.length === 0) {
      return html`<p class="note">${GALLERY.none}</p>`;
    }
    return html`<ul>
      ${this.guests.map((guest) => this.card(guest))}
    </ul>`;
  }

  private card(guest: Guest) {
    const parts = PARTS.filter((role) => guest.files[role]).map((role) => GALLERY.parts[role]);
    return html`<li>
      <button type="button" class="card" data-guest=${guest.name} @click=${() => this.boot(guest)}>
        <strong>${guest.title}</strong>
        <span>${guest.description}</span>
        <span class="parts">${[...parts, GALLERY.megabytes(guest.memoryMb)].join(" · ")}</span>
      </button>
    </li>`;
  }

  private async boot(guest: Guest): Promise<void> {
    try {
      store.boot(await guestSpec(guest));
    } catch {
      store.report(GALLERY.unreachable(guest.title));
    }
  }
}
