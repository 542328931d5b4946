import { html, nothing, unsafeCSS } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { evmSaved } from "../../client/evm/saved_start";
import { desk } from "../../client/nasm_start";
import { exported, ImportError, type ImportTrouble, imported, type SavedWork } from "../../client/saved_files";
import { machines, type SavedMachine } from "../../client/saved_machines";
import { LONGEST_NAME, type Named, type Shelf, ShelfError } from "../../client/shelf";
import { pickFile, saveFile } from "../evm/files";
import { GlassElement } from "../frame/element";
import "../frame/menu_button";
import { SAVED } from "../../strings/saved";
import { go } from "../frame/routes";
import controlsCss from "./controls.css?inline";
import savedCss from "./saved_work.css?inline";

type Kind = SavedWork["kind"];

const KINDS: readonly Kind[] = ["program", "project", "draft", "machine"];

/** Asks the page to take a machine's settings into its form. */
export class OpenMachineEvent extends CustomEvent<SavedMachine> {
  constructor(machine: SavedMachine) {
    super("open-machine", { detail: machine, bubbles: true, composed: true });
  }
}

const shelves = {
  program: desk.programs,
  project: evmSaved.projects,
  draft: evmSaved.drafts,
  machine: machines,
} as const;

/** All shelves as one: what is taken from a shelf is put back there. */
const shelfOf = (kind: Kind): Shelf<Named> => shelves[kind] as unknown as Shelf<Named>;

/** A message about what was done last, and perhaps what undoes it. */
interface Note {
  readonly text: string;
  readonly bad?: boolean;
  readonly undo?: SavedWork;
}

/** What the reader keeps in this browser, the latest first: opened by one click. */
@customElement("saved-work")
export class SavedWorkList extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(savedCss)];

  /** Only what belongs to the EVM. */
  @property({ type: Boolean }) evm = false;
  @state() private note: Note | null = null;
  /** What is being renamed: kind and name. */
  @state() private renaming: SavedWork | null = null;
  @query("li input") private readonly input!: HTMLInputElement | null;
  private ends: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const elsewhere = () => this.refresh();
    addEventListener("storage", elsewhere);
    this.ends = [
      ...this.kinds.map((kind) => shelves[kind].watch(() => this.requestUpdate())),
      () => removeEventListener("storage", elsewhere),
    ];
    evmSaved.settle();
    this.refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
  }

  override render() {
    const works = this.works;
    return html`<section aria-labelledby="title">
      <div class="head"><h2 id="title">${SAVED.title}</h2>
        <p class="note">${works.length === 0 ? SAVED.none : SAVED.note}</p>
        <button type="button" title=${SAVED.importHint} @click=${this.import}>${SAVED.import}</button></div>
      ${this.problems()}
      <div role="alert">${this.note?.bad ? this.message(this.note) : nothing}</div>
      <div role="status">${this.note && !this.note.bad ? this.message(this.note) : nothing}</div>
      ${works.length === 0 ? nothing : html`<ul aria-label=${SAVED.list}>${works.map((work) => this.row(work))}</ul>`}
    </section>`;
  }

  private get kinds(): readonly Kind[] {
    return this.evm ? ["project", "draft"] : KINDS;
  }

  private get works(): readonly SavedWork[] {
    const all = this.kinds.flatMap((kind) => shelfOf(kind).all.map((item) => ({ kind, item }) as SavedWork));
    return all.sort((one, other) => (other.item.changed ?? 0) - (one.item.changed ?? 0));
  }

  private refresh(): void {
    for (const kind of this.kinds) shelves[kind].refresh();
  }

  private row(work: SavedWork) {
    const { kind, item } = work;
    const { renaming } = this;
    if (renaming?.kind === kind && renaming.item.name === item.name) return this.nameField(work);
    return html`<li data-kind=${kind}>
      <button type="button" class="open" title=${SAVED.kindHints[kind]}
        @click=${() => this.open(work)}><span class="kind">${SAVED.kinds[kind]}</span><strong>${item.name}</strong></button>
      <time>${SAVED.when(item.changed)}</time>
      <menu-button quiet .label=${SAVED.more(item.name)} .face=${"⋯"} .items=${() => this.items(work)}></menu-button>
    </li>`;
  }

  private items(work: SavedWork) {
    return [
      { title: SAVED.rename, act: () => void this.askName(work) },
      { title: SAVED.duplicate, act: () => this.duplicate(work) },
      {
        title: SAVED.export,
        act: () => {
          const { name, text } = exported(work);
          saveFile(name, text, name.endsWith(".asm") ? "text/plain" : undefined);
        },
      },
      { title: SAVED.remove, parted: true, act: () => this.discard(work) },
    ];
  }

  private nameField({ item }: SavedWork) {
    return html`<li><form @submit=${this.rename} @keydown=${this.nameKey}>
      <input aria-label=${SAVED.newName(item.name)} required maxlength=${LONGEST_NAME} autocomplete="off" .value=${item.name}>
      <button type="submit" class="primary">${SAVED.renameDone}</button>
      <button type="button" @click=${() => this.named()}>${SAVED.cancel}</button>
    </form></li>`;
  }

  private message({ text, undo }: Note) {
    return html`<p class="message"><span>${text}</span>${
      undo ? html`<button type="button" class="undo" @click=${() => this.undo(undo)}>${SAVED.undo}</button>` : nothing
    }</p>`;
  }

  /** What was found in the browser and cannot be used; the reader decides what becomes of it. */
  private problems() {
    const blocked = this.kinds.some((kind) => shelves[kind].problem?.kind === "blocked");
    const refused = this.kinds.flatMap((kind) => {
      const { problem } = shelves[kind];
      return problem?.kind === "refused" ? [{ kind, path: problem.path }] : [];
    });
    return html`${blocked ? html`<p class="message bad"><span>${SAVED.blocked}</span></p>` : nothing}
      ${refused.map(
        ({ kind, path }) => html`<div class="message bad">
          <span>${SAVED.refused(SAVED.kinds[kind], path)}</span>
          <button type="button" @click=${() => this.saveRefused(kind)}>${SAVED.refusedSave}</button>
          <button type="button" @click=${() => this.guarded(() => shelves[kind].discard())}>${SAVED.refusedDiscard}</button>
        </div>`,
      )}`;
  }

  private saveRefused(kind: Kind): void {
    saveFile(`${shelves[kind].key}.txt`, shelves[kind].refusedText() ?? "", "text/plain");
  }

  private async open(work: SavedWork): Promise<void> {
    switch (work.kind) {
      case "program":
        desk.open(work.item);
        if (!(await desk.start())) desk.wait();
        return;
      case "machine":
        this.dispatchEvent(new OpenMachineEvent(work.item));
        return;
      default:
        void evmSaved.open(work.item, work.kind === "draft");
        go("evm");
    }
  }

  private duplicate({ kind, item }: SavedWork): void {
    // What is made of a draft is the reader's own.
    const shelf = shelfOf(kind === "draft" ? "project" : kind);
    this.guarded(() => shelf.keep({ ...item, name: shelf.freeName(SAVED.copy(item.name)) }));
  }

  private discard(work: SavedWork): void {
    const { kind, item } = work;
    this.guarded(() => shelfOf(kind).remove(item.name));
    this.note ??= { text: SAVED.removed(item.name), undo: work };
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".undo")?.focus());
  }

  private undo({ kind, item }: SavedWork): void {
    const shelf = shelfOf(kind);
    this.guarded(() => shelf.put({ ...item, name: shelf.freeName(item.name) }));
    void this.updateComplete.then(() => this.rowButton(item.name)?.focus());
  }

  private async askName(work: SavedWork): Promise<void> {
    this.renaming = work;
    await this.updateComplete;
    this.input?.focus();
    this.input?.select();
  }

  private readonly rename = (event: Event): void => {
    event.preventDefault();
    const { renaming, input } = this;
    let name = renaming?.item.name;
    if (renaming && input) {
      this.guarded(() => {
        name = shelfOf(renaming.kind).rename(renaming.item.name, input.value);
      });
    }
    this.named(name);
  };

  private readonly nameKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.named();
  };

  /** The name is given, or stays: the focus goes back to where it was. */
  private named(name = this.renaming?.item.name): void {
    this.renaming = null;
    void this.updateComplete.then(() => name !== undefined && this.rowButton(name)?.focus());
  }

  private rowButton(name: string): HTMLElement | undefined {
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>("li .open")];
    return rows.find((row) => row.querySelector("strong")?.textContent === name);
  }

  private readonly import = async (): Promise<void> => {
    const file = await pickFile();
    if (!file) return;
    try {
      const { kind, item } = imported(file.name, await file.arrayBuffer());
      const shelf = shelfOf(kind);
      const name = shelf.freeName(item.name);
      this.guarded(() => shelf.keep({ ...item, name }));
      this.note ??= { text: SAVED.imported(name) };
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      this.note = { text: SAVED.notImported(file.name, troubleText(error.why)), bad: true };
    }
  };

  /** Does something to a shelf, and tells why it failed if it did. */
  private guarded(work: () => void): void {
    this.note = null;
    try {
      work();
    } catch (error) {
      if (!(error instanceof ShelfError)) throw error;
      this.note = { text: SAVED.unkept[error.why], bad: true };
    }
  }
}

const troubleText = (why: ImportTrouble): string =>
  why.kind === "field" ? SAVED.whyNot.field(why.path) : SAVED.whyNot[why.kind];
