import { html, nothing, unsafeCSS } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "./element";
import menuCss from "./menu_button.css?inline";

/** One line of a menu. */
export interface MenuItem {
  readonly title: string;
  readonly act: () => void;
  /** A line that is on or off. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  /** A line is drawn above it. */
  readonly parted?: boolean;
}

/** A button that opens a menu: arrows, Home and End move in it, Esc closes it. */
@customElement("menu-button")
export class MenuButton extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(menuCss)];

  @property() label = "";
  /** What the button shows; the label, if nothing. */
  @property({ attribute: false }) face: unknown;
  @property({ attribute: false }) items: () => readonly MenuItem[] = () => [];
  @query("button") private readonly button!: HTMLButtonElement;
  @query("[popover]") private readonly menu!: HTMLElement;
  private open = false;

  override render() {
    return html`
      <button type="button" aria-haspopup="menu" aria-expanded=${this.open} aria-label=${this.label} title=${this.label}
        @click=${this.toggle} @keydown=${this.buttonKey}>${this.face ?? this.label}${this.face ? nothing : html`<span aria-hidden="true">▾</span>`}</button>
      <div popover role="menu" aria-label=${this.label} @toggle=${this.toggled} @keydown=${this.menuKey}>
        ${this.open ? this.items().map((item) => this.line(item)) : nothing}
      </div>
    `;
  }

  private line(item: MenuItem) {
    const act = () => {
      this.menu.hidePopover();
      item.act();
    };
    const role = item.checked === undefined ? "menuitem" : "menuitemcheckbox";
    return html`<button type="button" role=${role} tabindex="-1" class=${item.parted ? "parted" : ""}
      aria-checked=${item.checked ?? nothing} ?disabled=${item.disabled} @click=${act}
      ><span class="mark" aria-hidden="true">${item.checked ? "✓" : ""}</span>${item.title}</button>`;
  }

  private readonly toggle = async (): Promise<void> => {
    if (this.open) return this.menu.hidePopover();
    this.open = true;
    this.requestUpdate();
    await this.updateComplete;
    this.menu.showPopover();
    this.place();
    this.lines()[0]?.focus();
  };

  /** Under the button, inside the window. */
  private place(): void {
    const { left, right, bottom, top } = this.button.getBoundingClientRect();
    const view = this.ownerDocument.documentElement;
    const { offsetWidth, offsetHeight } = this.menu;
    const x = left + offsetWidth > view.clientWidth ? right - offsetWidth : left;
    const y = bottom + offsetHeight > view.clientHeight ? Math.max(top - offsetHeight, 0) : bottom;
    this.menu.style.left = `${Math.max(x, 0)}px`;
    this.menu.style.top = `${y}px`;
  }

  private readonly toggled = (event: ToggleEvent): void => {
    if (event.newState === "open") return;
    const inside = this.shadowRoot?.activeElement !== null;
    this.open = false;
    this.requestUpdate();
    if (inside) this.button.focus();
  };

  private lines(): HTMLButtonElement[] {
    return [...this.menu.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
  }

  private readonly buttonKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" || this.open) return;
    event.preventDefault();
    void this.toggle();
  };

  private readonly menuKey = (event: KeyboardEvent): void => {
    const lines = this.lines();
    const at = lines.indexOf(this.shadowRoot?.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + lines.length, Home: 0, End: lines.length - 1 }[event.key];
    if (event.key === "Tab") this.menu.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    lines[to % lines.length]?.focus();
  };
}
