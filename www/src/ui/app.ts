import { html, nothing, unsafeCSS } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { ROLE_HEAD_BYTES, roleOf } from "../client/drop_roles";
import { store } from "../client/start";
import appCss from "./app.css?inline";
import controlsCss from "./controls/controls.css?inline";
// Two addresses begin with the choice of a machine: it comes at once.
import "./controls/gallery";
import "./controls/machine_form";
import type { MachineForm } from "./controls/machine_form";
import "./controls/messages";
import "./editor/pc_examples";
import { GlassElement } from "./frame/element";
import "./frame/help_dialog";
import { listen } from "./frame/keys";
import type { Moment } from "./frame/moment";
import "./frame/page_header";
import { FRAME } from "../strings/frame";
import { PC } from "../strings/pc";
import { go, type Route, routeOf } from "./frame/routes";
import { dress, embedded } from "./frame/settings";
import { ViewController } from "./view_controller";

/** The EVM's part of the page, in builds that have it. */
const EVM_PAGE = Object.values(import.meta.glob("./evm/evm_page.ts"))[0];

/** The code of each part, loaded when it is first shown. */
const PARTS: Readonly<Record<Route, (() => Promise<unknown>) | undefined>> = {
  gallery: () => import("./pages/gallery_page"),
  x86: () => import("./x86/x86_page"),
  evm: EVM_PAGE,
};

/** An address may hold a moment: it is shown what it would open. */
function openLink(): void {
  if (/^#(evm|pc)\d/.test(location.hash)) void import("./links/opening").then((opening) => opening.openLink());
}

/** The page: its head, and the part that its address names. */
@customElement("glassbox-app")
export class App extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(appCss)];

  @property({ reflect: true }) route: Route = routeOf(location.href);
  @state() private moment: Moment | null = null;
  @state() private dragging = false;
  @query("main") private readonly main!: HTMLElement;
  private readonly view = new ViewController(this, store);
  private spec: unknown = null;
  private ends: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("dragover", this.dragOver);
    addEventListener("dragleave", this.dragLeave);
    addEventListener("drop", this.drop);
    addEventListener("popstate", this.arrived);
    addEventListener("hashchange", openLink);
    this.ends = [dress(document), listen(window)];
    void this.load();
    openLink();
    if (typeof WebAssembly === "undefined") store.report(PC.noWasm);
    else if (this.route !== "evm") store.connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("dragover", this.dragOver);
    removeEventListener("dragleave", this.dragLeave);
    removeEventListener("drop", this.drop);
    removeEventListener("popstate", this.arrived);
    removeEventListener("hashchange", openLink);
    for (const end of this.ends) end();
  }

  /** A machine that begins to run, or comes in the place of another, is shown. */
  override willUpdate(): void {
    const { state, spec } = this.view.value;
    const begun = state !== "off" && state !== "loading" && state !== "lost";
    if (begun && spec !== this.spec) go("x86");
    if (begun) this.spec = spec;
    else if (state === "off") this.spec = null;
  }

  override render() {
    return html`
      ${
        embedded === null
          ? html`<a class="skip" href="#content" @click=${this.skip}>${FRAME.skip}</a>
            <page-header .route=${this.route} .moment=${this.moment}></page-header>`
          : nothing
      }
      <main id="content" tabindex="-1" @moment=${this.heard} @bench-problem=${this.problem}>
        ${this.route === "evm" ? nothing : html`<machine-messages></machine-messages>`} ${this.content()}
      </main>
      <help-dialog></help-dialog>
      ${this.dragging ? html`<div class="drop">${PC.drop}</div>` : nothing}
    `;
  }

  private content() {
    switch (this.route) {
      case "gallery":
        return html`<gallery-page></gallery-page>`;
      case "x86":
        return html`<x86-page></x86-page>`;
      case "evm":
        return EVM_PAGE ? html`<evm-page></evm-page>` : html`<p class="note">${FRAME.noEvm}</p>`;
    }
  }

  private async load(): Promise<void> {
    try {
      await PARTS[this.route]?.();
    } catch {
      store.report(FRAME.loadFailed(FRAME.routes[this.route]));
    }
  }

  private readonly arrived = (): void => {
    const route = routeOf(location.href);
    // A link to a moment, or a part of the page, was followed.
    if (route === this.route) return;
    this.route = route;
    this.moment = null;
    document.title = this.route === "gallery" ? FRAME.name : `${FRAME.routes[this.route]} · ${FRAME.name}`;
    void this.load();
  };

  private readonly skip = (event: Event): void => {
    event.preventDefault();
    this.main.focus();
  };

  private readonly heard = (event: CustomEvent<Moment | null>): void => {
    this.moment = event.detail;
  };

  private readonly problem = (event: CustomEvent<string>): void => store.report(event.detail);

  private readonly dragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files") || this.route === "evm") return;
    // A pane may want the files for itself.
    this.dragging = !event.defaultPrevented;
    event.preventDefault();
  };

  private readonly dragLeave = (event: DragEvent): void => {
    if (event.relatedTarget === null) this.dragging = false;
  };

  private readonly drop = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files") || this.route === "evm") return;
    this.dragging = false;
    if (event.defaultPrevented) return;
    event.preventDefault();
    void this.take([...event.dataTransfer.files]);
  };

  /** A floppy or CD goes into the machine that runs; everything else into the form for a new one. */
  private async take(files: readonly File[]): Promise<void> {
    for (const file of files) {
      try {
        const head = new Uint8Array(await file.slice(0, ROLE_HEAD_BYTES).arrayBuffer());
        const role = roleOf(file.name, file.size, head);
        if (this.view.value.state === "off") await this.intoForm(role, file);
        else if (role === "fda" || role === "cdrom") store.insert(role, { kind: "file", file });
        else store.report(PC.dropRunning(file.name));
      } catch {
        store.report(PC.dropFolder(file.name));
      }
    }
  }

  private async intoForm(role: ReturnType<typeof roleOf>, file: File): Promise<void> {
    await this.updateComplete;
    const part = this.renderRoot.querySelector("gallery-page, x86-page");
    part?.shadowRoot?.querySelector<MachineForm>("machine-form")?.give(role, file);
  }
}
