import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Space } from "../../client/library/library";
import { library } from "../../client/library/start";
import type { MomentView } from "../../protocol/moments";
import controlsCss from "../controls/controls.css?inline";
import { pickFile } from "../evm/files";
import { GlassElement } from "../frame/element";
import "../frame/menu_button";
import { LIBRARY } from "../../strings/library";
import { MOVING } from "../../strings/moving";
import { giveFile, messageOf, momentFileName } from "./files";
import "./lost_runs";
import libraryCss from "./moment_library.css?inline";
import "./opening_question";
import type { OpeningQuestion } from "./opening_question";
import { Pictures } from "./pictures";
import { type Line, linesOf, matching } from "./tree";

/** A message about what was done last, and perhaps what undoes it. */
interface Note {
  readonly text: string;
  readonly bad?: boolean;
  readonly undo?: string;
}

const isMoment = (file: File | undefined): boolean => /\.glassbox$/i.test(file?.name ?? "");

/** The moments that this browser keeps: found, opened, named, handed on, deleted. */
@customElement("moment-library")
export class MomentLibrary extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(libraryCss)];

  @state() private note: Note | null = null;
  @state() private words = "";
  @state() private editing: string | null = null;
  @state() private space: Space | null = null;
  @query("opening-question") private readonly question!: OpeningQuestion;
  @query("form.edit input") private readonly nameField!: HTMLInputElement | null;
  @query("form.edit textarea") private readonly noteField!: HTMLTextAreaElement | null;
  private readonly pictures = new Pictures();
  private end: () => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.end = library.watch(() => void this.changed());
    addEventListener("drop", this.drop, true);
    void library.sweep().catch(() => undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end();
    removeEventListener("drop", this.drop, true);
    this.pictures.clear();
  }

  override render() {
    const saved = (library.all ?? []).filter(({ run }) => run === null);
    return html`<section aria-labelledby="title">
      <div class="head"><h2 id="title">${LIBRARY.title}</h2>
        <p class="note">${this.about(saved.length)}</p>
        ${
          saved.length > 1
            ? html`<input type="search" aria-label=${LIBRARY.search} placeholder=${LIBRARY.search} .value=${this.words} @input=${this.search}>`
            : nothing
        }
        <button type="button" title=${LIBRARY.importHint} @click=${this.pick}>${LIBRARY.import}</button>
        <button type="button" title=${MOVING.hereHint} @click=${this.takeIn}>${MOVING.here}</button></div>
      <lost-runs></lost-runs>
      <opening-question></opening-question>
      <div role="alert">${library.problem ? this.message({ text: library.problem, bad: true }) : nothing}
        ${this.note?.bad ? this.message(this.note) : nothing}</div>
      <div role="status">${this.note && !this.note.bad ? this.message(this.note) : nothing}</div>
      ${saved.length === 0 ? nothing : this.list(saved)}
      ${this.space && saved.length > 0 ? html`<p class="space">${spaceText(this.space)}</p>` : nothing}
    </section>`;
  }

  private readonly takeIn = async (): Promise<void> => {
    const { showMoveDialog } = await import("../moving/move_dialog");
    showMoveDialog("here");
  };

  private about(saved: number): string {
    if (library.all === null && !library.problem) return LIBRARY.loading;
    return saved === 0 ? LIBRARY.none : LIBRARY.note;
  }

  private list(saved: readonly MomentView[]) {
    if (this.words.trim() === "") {
      return html`<ul class="top" aria-label=${LIBRARY.list}>${linesOf(saved).map((line) => this.line(line))}</ul>`;
    }
    const found = matching(saved, this.words);
    if (found.length === 0) return html`<p class="note" role="status">${LIBRARY.noneFound}</p>`;
    return html`<ul class="top" aria-label=${LIBRARY.found}>${found.map((moment) => this.row(moment))}</ul>`;
  }

  private line(line: Line): unknown {
    return line.map(({ moment, branches }) =>
      this.row(
        moment,
        branches.length === 0 ? nothing : branches.map((branch) => html`<ul class="branch">${this.line(branch)}</ul>`),
      ),
    );
  }

  private row(moment: MomentView, branches: unknown = nothing) {
    const { id, kind, name, note, machine, instruction, date, alone, shared } = moment;
    if (this.editing === id) return html`<li>${this.form(moment)}${branches}</li>`;
    const picture = this.pictures.of(moment);
    return html`<li data-moment=${id}><div class="row">
      <button type="button" class="open" title=${kind === "pc" ? LIBRARY.openHint : LIBRARY.evmHint} @click=${() => this.open(moment)}>
        ${picture ? html`<img alt="" src=${picture}>` : html`<span class="blank">${LIBRARY.kinds[kind]}</span>`}
        <span class="texts"><strong>${name}</strong>
          <span class="faint">${machine} · ${LIBRARY.at(kind, instruction)}</span>
          ${note ? html`<span class="words">${note}</span>` : nothing}</span>
      </button>
      <span class="facts"><time>${LIBRARY.when(date)}</time>
        <span title=${LIBRARY.sizesHint}>${LIBRARY.sizes(alone, shared)}</span></span>
      <menu-button quiet .label=${LIBRARY.more(name)} .face=${"⋯"} .items=${() => this.items(moment)}></menu-button>
    </div>${branches}</li>`;
  }

  private items(moment: MomentView) {
    const compare = () => void import("./compare_dialog").then(({ compareMoment }) => compareMoment(moment.id));
    return [
      ...(moment.kind === "pc" ? [{ title: LIBRARY.compare, act: compare }] : []),
      { title: LIBRARY.edit, act: () => void this.edit(moment) },
      { title: LIBRARY.export, act: () => void this.export(moment) },
      { title: LIBRARY.remove, parted: true, act: () => void this.discard(moment) },
    ];
  }

  private form({ id, name, note }: MomentView) {
    return html`<form class="edit" @submit=${(event: Event) => this.described(event, id)} @keydown=${this.editKey}>
      <label>${LIBRARY.nameLabel}<input required maxlength="200" autocomplete="off" .value=${name}></label>
      <label>${LIBRARY.noteLabel}<textarea rows="3" maxlength="10000" .value=${note}></textarea></label>
      <span class="buttons"><button type="button" @click=${() => this.edited()}>${LIBRARY.cancel}</button>
        <button type="submit" class="primary">${LIBRARY.keep}</button></span>
    </form>`;
  }

  private message({ text, bad, undo }: Note) {
    return html`<p class="message ${bad ? "bad" : ""}"><span>${text}</span>${
      undo ? html`<button type="button" class="undo" @click=${() => this.undo(undo)}>${LIBRARY.undo}</button>` : nothing
    }</p>`;
  }

  private async changed(): Promise<void> {
    this.requestUpdate();
    this.space = await library.space();
  }

  private readonly search = (event: Event): void => {
    this.words = (event.target as HTMLInputElement).value;
  };

  private open(moment: MomentView): Promise<void> {
    return this.guarded(() => this.question.open(moment));
  }

  private async edit({ id }: MomentView): Promise<void> {
    this.editing = id;
    await this.updateComplete;
    this.nameField?.select();
    this.nameField?.focus();
  }

  private async described(event: Event, id: string): Promise<void> {
    event.preventDefault();
    const [name, note] = [this.nameField?.value.trim() ?? "", this.noteField?.value.trim() ?? ""];
    await this.guarded(() => library.describe(id, name, note));
    this.edited();
  }

  private readonly editKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.edited();
  };

  /** The focus goes back to the row. */
  private edited(): void {
    const id = this.editing;
    this.editing = null;
    void this.updateComplete.then(() => this.focusRow(id));
  }

  private focusRow(id: string | null): void {
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>("li[data-moment]")];
    rows
      .find((row) => row.dataset.moment === id)
      ?.querySelector<HTMLElement>(".open")
      ?.focus();
  }

  private export({ id, name }: MomentView): Promise<void> {
    return this.guarded(async () => giveFile(momentFileName(name), await library.exported(id)));
  }

  private async discard({ id, name }: MomentView): Promise<void> {
    await this.guarded(() => library.remove([id]));
    this.note ??= { text: LIBRARY.removed(name), undo: id };
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".undo")?.focus();
  }

  private async undo(id: string): Promise<void> {
    await this.guarded(() => library.bringBack([id]));
    await this.updateComplete;
    this.focusRow(id);
  }

  private readonly pick = async (): Promise<void> => {
    const file = await pickFile();
    if (file) await this.import(file);
  };

  /** A moment dropped anywhere on the page is imported; the page takes all other files. */
  private readonly drop = (event: DragEvent): void => {
    const file = event.dataTransfer?.files[0];
    if (!file || !isMoment(file)) return;
    event.preventDefault();
    void this.import(file);
  };

  private async import(file: File): Promise<void> {
    this.note = { text: LIBRARY.importing(file.name) };
    try {
      const id = await library.imported(file);
      const name = library.all?.find((moment) => moment.id === id)?.name ?? file.name;
      this.note = { text: LIBRARY.imported(name) };
    } catch (error) {
      this.note = { text: LIBRARY.notImported(messageOf(error)), bad: true };
    }
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    this.note = null;
    try {
      await work();
    } catch (error) {
      this.note = { text: messageOf(error), bad: true };
    }
  }
}

const spaceText = ({ used, left, persistent }: Space): string =>
  `${LIBRARY.space(used, left)}; ${persistent ? LIBRARY.persistent : LIBRARY.notPersistent}.`;
