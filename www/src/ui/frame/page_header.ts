import { html, nothing, unsafeCSS } from "lit";
import { customElement, property } from "lit/decorators.js";
import { FRAME } from "../../strings/frame";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "./element";
import { perform } from "./keys";
import "./menu_button";
import type { MenuItem } from "./menu_button";
import type { Moment } from "./moment";
import headerCss from "./page_header.css?inline";
import { go, ROUTES, type Route, routeUrl } from "./routes";
import { change, LARGEST_SCALE, SCALE_STEP, SMALLEST_SCALE, settings, THEMES } from "./settings";

const MARK = html`<svg class="logo" viewBox="0 0 16 16" aria-hidden="true">
  <path d="M3 2h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2m0 2v6h10V4zm2 9h6v1.5H5z" />
</svg>`;
const LOOK = html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1m0 2v10A5 5 0 0 1 8 3" /></svg>`;

/** The page's head: where one is, the moment that is shown, and how the page looks. */
@customElement("page-header")
export class PageHeader extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(headerCss)];

  @property() route: Route = "gallery";
  @property({ attribute: false }) moment: Moment | null = null;

  override render() {
    return html`<header>
      <a class="name" href=${routeUrl("gallery")} @click=${(event: MouseEvent) => this.follow(event, "gallery")}>${MARK}<span>${FRAME.name}</span></a>
      <nav aria-label=${FRAME.routesLabel}>
        ${ROUTES.map(
          (route) => html`<a href=${routeUrl(route)} aria-current=${route === this.route ? "page" : nothing}
          @click=${(event: MouseEvent) => this.follow(event, route)}>${FRAME.routes[route]}</a>`,
        )}
      </nav>
      ${this.moment ? this.where(this.moment) : nothing}
      <div class="tools">
        <menu-button quiet .label=${FRAME.view} .face=${LOOK} .items=${() => this.look()}></menu-button>
        <button type="button" title=${FRAME.help.title} aria-label=${FRAME.help.button} @click=${() => perform("help")}>?</button>
      </div>
    </header>`;
  }

  private where({ machine, snapshot, instruction, unit, activity, reason, past }: Moment) {
    const count =
      instruction === null
        ? (activity ?? FRAME.moment.running)
        : html`${FRAME.moment[unit]} <b>${instruction.toLocaleString("en")}</b>`;
    return html`<p class="moment" aria-label=${FRAME.moment.label} role="group">
      <span class="machine" title=${machine}>${machine}</span>
      ${snapshot ? html`<span>${FRAME.moment.snapshot(snapshot)}</span>` : nothing}
      <span>${count}</span>
      ${past ? html`<span class="past">${FRAME.moment.past}</span>` : nothing}
      <span class="reason" role="status">${reason}</span>
    </p>`;
  }

  private look(): readonly MenuItem[] {
    const { theme, scale } = settings();
    const to = (next: number) => () => change({ scale: next });
    return [
      ...THEMES.map((name) => ({
        title: `${FRAME.theme.label}: ${FRAME.theme[name]}`,
        checked: theme === name,
        act: () => change({ theme: name }),
      })),
      { title: FRAME.size.larger, act: to(scale + SCALE_STEP), disabled: scale >= LARGEST_SCALE, parted: true },
      { title: FRAME.size.smaller, act: to(scale - SCALE_STEP), disabled: scale <= SMALLEST_SCALE },
      { title: `${FRAME.size.reset} (${scale} %)`, act: to(100), disabled: scale === 100 },
    ];
  }

  /** A plain click stays in this page, so that the machine goes on. */
  private follow(event: MouseEvent, route: Route): void {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(route);
  }
}
