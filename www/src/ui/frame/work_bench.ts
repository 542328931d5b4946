import dockviewCss from "virtual:dockview-styles";
import type { DockviewApi, DockviewGroupPanel, IDockviewPanel } from "dockview-core";
import { html, type PropertyValues, unsafeCSS } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { siteUrl } from "../../client/site";
import { FRAME } from "../../strings/frame";
import controlsCss from "../controls/controls.css?inline";
import { arrange } from "./arrange";
import { GlassElement } from "./element";
import { listen } from "./keys";
import { kindOf, readLayout } from "./layout";
import "./menu_button";
import type { MenuItem } from "./menu_button";
import type { PaneKind, Preset } from "./pane";
import { PaneHolder } from "./pane_holder";
import { groupMenu } from "./pane_menu";
import { PaneTab } from "./pane_tab";
import { dress, storage } from "./settings";
import benchCss from "./work_bench.css?inline";

/** Below this width, in units of the text's size, panes are tabs of one group. */
const NARROW_REM = 44;
const SAVE_MS = 300;

/** Panes that are dragged, stacked, popped out and arranged, between what stands in the slots `toolbar` and `foot`. */
@customElement("work-bench")
export class WorkBench extends GlassElement {
  static override styles = [unsafeCSS(dockviewCss), unsafeCSS(controlsCss), unsafeCSS(benchCss)];

  /** Under which name the arrangement is remembered. */
  @property() route = "";
  @property({ attribute: false }) kinds: readonly PaneKind[] = [];
  @property({ attribute: false }) presets: readonly Preset[] = [];
  /** The preset that is shown when nothing is remembered. */
  @property() initial = "";
  @query(".dock") private readonly dock!: HTMLDivElement;
  /** The preset that was shown last. */
  @state() preset = "";
  @state() private open: ReadonlySet<string> = new Set();
  /** The panes as dockview has them; absent until the event `bench-ready`. */
  api: DockviewApi | undefined;
  private hasDock = false;
  private narrow = false;
  private saving: ReturnType<typeof setTimeout> | undefined;
  private readonly resized = new ResizeObserver(() => this.fit());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.save();
    this.api?.dispose();
    this.api = undefined;
    this.hasDock = false;
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!this.hasDock && this.kinds.length > 0) void this.fill();
  }

  override render() {
    return html`
      <div class="bar">
        <slot name="toolbar"></slot>
        <div class="arrange" role="group" aria-label=${FRAME.bench.presets}>
          ${this.presets.map(
            ({ id, title }) => html`<button type="button" data-preset=${id} aria-pressed=${id === this.preset}
              @click=${() => this.show(id)}>${title}</button>`,
          )}
          <menu-button .label=${FRAME.bench.panes} .items=${() => this.paneItems()}></menu-button>
        </div>
      </div>
      <div class="dock" @keydown=${this.pressed}></div>
      <slot name="foot"></slot>
    `;
  }

  /** Arranges the panes as a preset has them. */
  show(preset: string): void {
    const found = this.presets.find(({ id }) => id === preset) ?? this.presets[0];
    if (!this.api || !found) return;
    this.preset = found.id;
    storage.set(this.key("preset"), found.id);
    storage.remove(this.key("layout"));
    arrange(this.api, found, this.byId, this.narrow);
  }

  /**
   * Brings a pane of a kind to the front, and opens one if there is none.
   * @param state what a pane of several is to remember; then another one is opened, unless `reuse` finds one
   */
  openPane(kind: string, state?: unknown, another = false): void {
    const known = this.byId.get(kind);
    if (!this.api || !known) return;
    const found = another ? undefined : this.api.panels.find(({ id }) => kindOf(id) === kind);
    const panel = found ?? this.add(known);
    if (state !== undefined) panel.api.updateParameters({ state });
    panel.api.setActive();
  }

  /** Whether a pane of a kind is open, in front or not. */
  hasPane(kind: string): boolean {
    return this.open.has(kind);
  }

  private get byId(): ReadonlyMap<string, PaneKind> {
    return new Map(this.kinds.map((kind) => [kind.id, kind]));
  }

  private key(what: string): string {
    return `glassbox.${what}.${this.route}`;
  }

  private add({ id, title }: PaneKind): IDockviewPanel {
    const { api } = this;
    if (!api) throw new Error("the workbench is not connected");
    let own = id;
    for (let number = 2; api.getPanel(own); number++) own = `${id}~${number}`;
    return api.addPanel({ id: own, component: id, title });
  }

  /** Delete on a tab closes its pane. */
  private readonly pressed = (event: KeyboardEvent): void => {
    const panel = (event.target as HTMLElement).dataset.tabPanelId;
    if (event.key === "Delete" && panel) this.api?.getPanel(panel)?.api.close();
  };

  private async fill(): Promise<void> {
    this.hasDock = true;
    const { createDockview } = await import("dockview-core");
    if (!this.isConnected || this.api) return;
    const api = createDockview(this.dock, {
      createComponent: ({ name }) => new PaneHolder(this.byId.get(name)),
      createTabComponent: () => new PaneTab(),
      defaultTabComponent: "pane-tab",
      createRightHeaderActionComponent: (group) => groupMenu(group, () => this.popoutFailed()),
      createWatermarkComponent: () => {
        const element = document.createElement("p");
        element.className = "empty";
        element.textContent = FRAME.bench.empty;
        return { element, init: () => undefined };
      },
      theme: { name: "glass", className: "dockview-theme-glass", dndPanelOverlay: "group" },
      popoutUrl: siteUrl("popout.html"),
      disableFloatingGroups: true,
      announcements: true,
    });
    this.api = api;
    this.narrow = this.isNarrow();
    api.layout(this.dock.clientWidth, this.dock.clientHeight);
    this.restore(api);
    api.onDidLayoutChange(() => this.changed());
    api.onDidAddPopoutGroup(({ group, window }) => this.poppedOut(group, window as Window));
    this.changed();
    this.resized.observe(this);
    this.dispatchEvent(new Event("bench-ready"));
  }

  private restore(api: DockviewApi): void {
    const remembered = storage.get(this.key("preset"));
    const named = (wanted: string | null) => this.presets.find(({ id }) => id === wanted);
    const found = named(remembered) ?? named(this.initial) ?? this.presets[0];
    this.preset = found?.id ?? "";
    const layout = this.narrow ? null : readLayout(storage.get(this.key("layout")), this.byId);
    try {
      if (layout) return api.fromJSON(layout);
    } catch {
      // A layout that reads well and yet cannot be shown: the preset takes its place.
    }
    if (found) arrange(api, found, this.byId, this.narrow);
  }

  private changed(): void {
    this.open = new Set(this.api?.panels.map(({ id }) => kindOf(id)));
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), SAVE_MS);
  }

  /** Windows cannot be opened again without a click, so the arrangement from before they opened is kept. */
  private save(): void {
    clearTimeout(this.saving);
    if (!this.api || this.narrow || this.api.getPopouts().length > 0) return;
    storage.set(this.key("layout"), JSON.stringify(this.api.toJSON()));
  }

  private isNarrow(): boolean {
    return this.clientWidth < NARROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  private fit(): void {
    const narrow = this.isNarrow();
    if (!this.api || narrow === this.narrow || this.clientWidth === 0) return;
    if (!this.narrow) this.save();
    this.narrow = narrow;
    this.restore(this.api);
  }

  private paneItems(): readonly MenuItem[] {
    const panes = this.kinds.flatMap((kind) => {
      const open = this.open.has(kind.id);
      const item = { title: kind.title, checked: open, act: () => this.togglePane(kind, open) };
      const another = { title: FRAME.bench.another(kind.title), act: () => this.openPane(kind.id, undefined, true) };
      return kind.many && open ? [item, another] : [item];
    });
    return [...panes, { title: FRAME.bench.reset, parted: true, act: () => this.show(this.preset) }];
  }

  private togglePane({ id }: PaneKind, open: boolean): void {
    if (!open) return this.openPane(id);
    for (const panel of this.api?.panels.filter((panel) => kindOf(panel.id) === id) ?? []) panel.api.close();
  }

  private poppedOut(group: DockviewGroupPanel, window: Window): void {
    const target = window ?? group.element.ownerDocument.defaultView;
    const ends = [dress(target.document), listen(target)];
    target.addEventListener("pagehide", () => {
      for (const end of ends) end();
    });
  }

  private popoutFailed(): void {
    this.dispatchEvent(
      new CustomEvent("bench-problem", { detail: FRAME.bench.popoutBlocked, bubbles: true, composed: true }),
    );
  }
}
