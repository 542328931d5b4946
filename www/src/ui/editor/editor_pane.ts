import { html, nothing, type TemplateResult, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { DeskProblem } from "../../client/nasm_desk";
import { desk } from "../../client/nasm_start";
import { store } from "../../client/start";
import { PC_EXAMPLES } from "../../examples/pc/catalog";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import "../frame/menu_button";
import { EDITOR } from "../../strings/editor";
import type { CodeEditor } from "./codemirror";
import editorCss from "./editor_pane.css?inline";
import type { EditorLanguage } from "./language";
import textCss from "./text_pane.css?inline";
import "./name_dialog";
import type { NameDialog } from "./name_dialog";
import { prepareOffline } from "./offline";
import { type Position, positionOf } from "./position";
import { exportProgram, pickProgram } from "./program_files";
import { PaneRequestEvent } from "./requests";

/** The program: its source, what is wrong with it, and where the machine stands in it. */
@customElement("editor-pane")
export class EditorPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(textCss), unsafeCSS(editorCss)];

  /** The editor's own: it empties it when it ends. */
  @query(".text") private readonly place!: HTMLDivElement;
  @query("name-dialog") private readonly dialog!: NameDialog;
  @state() private failed = false;
  @state() private position: Position | null = null;
  @state() private word = "";
  private editor: CodeEditor | undefined;
  private language: EditorLanguage | undefined;
  private ends: (() => void)[] = [];
  /** What of the desk the editor shows already. */
  private shown = { opened: -1, assembled: null as unknown, breakpoints: null as unknown, position: "" };
  private looks = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.ends = [desk.watch(() => this.requestUpdate()), store.watch(() => void this.look())];
    void desk.begin();
    void this.load().then(prepareOffline);
    void this.look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    this.editor?.destroy();
    this.editor = undefined;
    this.shown = { opened: -1, assembled: null, breakpoints: null, position: "" };
  }

  override render() {
    const { name } = desk.view;
    return html`
      <div class="bar">
        <button type="button" class="primary" title=${EDITOR.startHint} @click=${this.start}>${EDITOR.start}</button>
        <select aria-label=${EDITOR.program} @change=${this.choose}>${this.choices()}</select>
        <menu-button .label=${EDITOR.file} .items=${() => this.fileItems()}></menu-button>
      </div>
      ${this.problem()}
      <div class="code" aria-label=${EDITOR.text(name)} role="group">
        ${this.failed ? html`<p class="note">${EDITOR.loadFailed}</p>` : this.editor ? nothing : html`<p class="note">${EDITOR.loading}</p>`}
        <div class="text"></div>
      </div>
      <div class="status">
        <span class="result" role="status">${this.result()}</span>
        <span class="standing">${this.standing()}</span>
        <span class="word">${this.word}</span>
        <span class="keys"><b>${EDITOR.escape}</b> · ${EDITOR.keysOfEditor}</span>
      </div>
      <name-dialog></name-dialog>
    `;
  }

  override updated(): void {
    this.show();
  }

  private choices() {
    const { name, pristine } = desk.view;
    const own = desk.programs.all.map(
      (program) =>
        html`<option value="program:${program.name}" .selected=${!pristine && program.name === name}>${program.name}</option>`,
    );
    const unkept = !pristine && !desk.programs.named(name);
    return html`
      ${
        own.length > 0 || unkept
          ? html`<optgroup label=${EDITOR.ownPrograms}>
            ${unkept ? html`<option value="" .selected=${true}>${name}</option>` : nothing}${own}
          </optgroup>`
          : nothing
      }
      <optgroup label=${EDITOR.examples}>
        ${PC_EXAMPLES.map(
          (example) =>
            html`<option value="example:${example.name}" .selected=${pristine && desk.view.example === example.name}>${example.title}</option>`,
        )}
      </optgroup>
    `;
  }

  private fileItems() {
    return [
      { title: EDITOR.create, act: () => desk.add(EDITOR.untitled, EDITOR.template) },
      { title: EDITOR.importFile, act: () => void this.importFile() },
      { title: EDITOR.exportFile, act: () => exportProgram(this.ownerDocument, desk.view.name, desk.view.text) },
      {
        title: EDITOR.rename,
        parted: true,
        act: () =>
          this.dialog.askName(desk.view.name, (name) => {
            // A name that is taken gets a number.
            desk.rename(name);
            return "";
          }),
      },
      {
        title: EDITOR.remove,
        disabled: desk.view.pristine,
        act: () => this.dialog.askRemove(desk.view.name, () => void desk.remove()),
      },
    ];
  }

  private problem() {
    const { problem } = desk.view;
    if (!problem) return nothing;
    return html`<p class="problem" role="alert">
      <span>${problemText(problem)}</span>
      <button type="button" @click=${() => desk.dismiss()}>${EDITOR.dismiss}</button>
    </p>`;
  }

  private result() {
    const { assembled, text } = desk.view;
    if (assembled?.text !== text) return EDITOR.assembling;
    const { assembly } = assembled;
    if (!assembly.ok) return html`<b class="bad">✗ ${EDITOR.errors(assembly.errors.length)}</b>`;
    const { image, warnings } = assembly;
    const doubts = warnings.length > 0 ? ` · ${EDITOR.warnings(warnings.length)}` : "";
    return `✓ ${EDITOR.fine(image.length)}${doubts}`;
  }

  private standing(): TemplateResult | string {
    const { position } = this;
    if (!position) return "";
    const old = desk.outdated ? html` · <b class="changed">${EDITOR.outdated}</b>` : nothing;
    switch (position.kind) {
      case "here":
        return html`➤ ${EDITOR.here(position.line)}${old}`;
      case "changed":
        return html`<b class="changed">≠ ${EDITOR.changed(position.line)}</b>${old}`;
      case "elsewhere":
        return html`${EDITOR.elsewhere(position.address)}${old}`;
    }
  }

  private async load(): Promise<void> {
    try {
      const [{ CodeEditor }, { nasmLanguage }] = await Promise.all([import("./codemirror"), import("./nasm_language")]);
      await this.updateComplete;
      if (!this.isConnected || this.editor) return;
      this.language = nasmLanguage;
      this.editor = new CodeEditor(
        this.place,
        nasmLanguage,
        {
          edited: (text) => desk.edit(text),
          pointed: (word) => void this.explain(word),
          toggle: (line) => desk.toggleBreakpoint(line),
          moved: (lines) => desk.setBreakpoints(lines),
          label: EDITOR.breakpointOn,
        },
        EDITOR.source,
      );
    } catch {
      this.failed = true;
    }
    this.requestUpdate();
  }

  /** Brings the editor to what the desk has. */
  private show(): void {
    const { editor, shown, position } = this;
    if (!editor) return;
    const { opened, text, assembled, breakpoints } = desk.view;
    if (opened !== shown.opened) {
      editor.open(text);
      this.shown = { opened, assembled: null, breakpoints: null, position: "" };
      return this.show();
    }
    if (assembled !== shown.assembled && assembled?.text === text) {
      const { assembly } = assembled;
      editor.showDiagnostics(assembly.ok ? [] : assembly.errors, assembly.ok ? assembly.warnings : []);
      shown.assembled = assembled;
    }
    if (breakpoints !== shown.breakpoints) {
      editor.showBreakpoints(breakpoints);
      shown.breakpoints = breakpoints;
    }
    const at = JSON.stringify(position);
    if (at === shown.position) return;
    shown.position = at;
    const inSource = position && position.kind !== "elsewhere" && !desk.outdated;
    editor.showStanding(inSource ? { line: position.line, changed: position.kind === "changed" } : null);
  }

  private async look(): Promise<void> {
    const mine = ++this.looks;
    const position = await positionOf(store, desk.running);
    if (mine !== this.looks || !this.isConnected) return;
    this.position = position;
  }

  private async explain(word: string): Promise<void> {
    const found = word === "" ? null : await this.language?.explain(word);
    this.word = found ? `${found.title}: ${found.text || found.forms.join(" · ")}` : "";
  }

  private readonly start = async (): Promise<void> => {
    if (!(await desk.start())) {
      const { assembled } = desk.view;
      const first = assembled && !assembled.assembly.ok ? assembled.assembly.errors[0] : undefined;
      if (first) this.editor?.goTo(first.line);
      return;
    }
    this.dispatchEvent(new PaneRequestEvent("code"));
  };

  private readonly choose = (event: Event): void => {
    const [kind = "", name = ""] = (event.target as HTMLSelectElement).value.split(/:(.*)/s);
    const program = kind === "program" ? desk.programs.named(name) : undefined;
    if (program) desk.open(program);
    else if (kind === "example") void desk.openExample(name);
  };

  private async importFile(): Promise<void> {
    const picked = await pickProgram(this.ownerDocument);
    if (!picked) return;
    if (picked.text === null) store.report(EDITOR.tooLong(picked.name));
    else desk.add(picked.name.replace(/\.\w+$/, ""), picked.text);
  }
}

function problemText(problem: DeskProblem): string {
  switch (problem.kind) {
    case "errors":
      return EDITOR.cannotStart(problem.count);
    case "unbootable":
      return EDITOR.unbootable[problem.why];
    case "unkept":
      return EDITOR.unkept[problem.why];
    case "failed":
      return EDITOR.failed(problem.message);
  }
}
