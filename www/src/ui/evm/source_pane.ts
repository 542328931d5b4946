import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { evmStore } from "../../client/evm/start";
import type { SourceSpec } from "../../protocol/evm/request";
import controlsCss from "../controls/controls.css?inline";
import type { CodeEditor } from "../editor/codemirror";
import type { EditorLanguage } from "../editor/language";
import { exportProgram, pickProgram } from "../editor/program_files";
import { GlassElement } from "../frame/element";
import "../frame/menu_button";
import { EVM } from "../../strings/evm";
import type { SourceFault } from "./desk";
import { DeskController } from "./desk_controller";
import { evmDesk } from "./desk_start";
import { EvmController } from "./evm_controller";
import { grouped } from "./evm_text";
import { fileOf, type SourceStanding, standingOf } from "./line_place";
import "../editor/name_dialog";
import type { NameDialog } from "../editor/name_dialog";
import textCss from "../editor/text_pane.css?inline";
import sourceCss from "./source_pane.css?inline";
import { isSolidity, NEW_ASSEMBLER, NEW_SOLIDITY } from "./transaction_form";

const WORDS = EVM.editor;
/** Faults in the list, at most. */
const MOST_FAULTS = 50;

interface Languages {
  readonly assembler: EditorLanguage;
  readonly solidity: EditorLanguage;
}

/** What the editor shows already. */
interface Shown {
  readonly opened: number;
  readonly faults: unknown;
  readonly stops: unknown;
  readonly standing: string;
  readonly code: unknown;
  readonly text: string;
}

const NOTHING: Shown = { opened: -1, faults: null, stops: null, standing: "", code: null, text: "" };

/** The sources of the run in an editor: what is wrong with them, and where the EVM stands in them. */
@customElement("evm-source")
export class SourcePane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(textCss), unsafeCSS(sourceCss)];

  @query(".code") private readonly place!: HTMLDivElement;
  @query("name-dialog") private readonly dialog!: NameDialog;
  @state() private failed = false;
  @state() private word = "";
  private readonly evm = new EvmController(this);
  private readonly desk = new DeskController(this);
  private editor: CodeEditor | undefined;
  private languages: Languages | undefined;
  private shown: Shown = NOTHING;
  /** Where the EVM stood when the pane last followed it to another source. */
  private followed = "";
  /** It was run from here: the first error is to be shown, once it is known. */
  private running = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void evmDesk.check();
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.editor?.destroy();
    this.editor = undefined;
    this.shown = NOTHING;
  }

  /** The source that the EVM stands in is shown, once for each step. */
  override willUpdate(): void {
    const { scene, code } = this.evm.value;
    const standing = standingOf(scene, code);
    const place = `${scene?.position} ${standing?.file}`;
    if (!standing || place === this.followed) return;
    this.followed = place;
    const at = this.desk.value.draft.sources.findIndex(({ name }) => name === standing.file);
    if (at >= 0) evmDesk.show(at);
  }

  override render() {
    const { draft, active } = this.desk.value;
    const source = draft.sources[active];
    const solidity = draft.sources.some(isSolidity);
    return html`
      <div class="bar">
        <button type="button" class="primary" title=${WORDS.runHint} ?disabled=${this.evm.value.busy} @click=${this.run}
          >${solidity ? WORDS.compileAndRun : WORDS.assembleAndRun}</button>
        <div class="tabs" role="tablist" aria-label=${WORDS.sources} @keydown=${this.tabKey}>
          ${draft.sources.map((one, at) => this.tab(one, at))}
        </div>
        <menu-button .label=${WORDS.file} .items=${() => this.fileItems()}></menu-button>
      </div>
      ${this.note(source)}
      <div class="code" role="tabpanel" aria-label=${source ? WORDS.text(source.name) : WORDS.sources}></div>
      ${this.faults()}
      <div class="status">
        <span class="result" role="status">${this.result()}</span>
        <span class="standing">${this.standing(source)}</span>
        <span class="word">${this.word}</span>
        <span class="keys"><b>${WORDS.escape}</b> · ${WORDS.keys}</span>
      </div>
      <name-dialog></name-dialog>
    `;
  }

  private tab({ name }: SourceSpec, at: number) {
    const { active, faults, checked } = this.desk.value;
    const count = checked ? faults.filter((fault) => fault.file === name && fault.severity === "error").length : 0;
    return html`<button type="button" role="tab" aria-selected=${at === active} tabindex=${at === active ? 0 : -1}
      @click=${() => evmDesk.show(at)}>${name}${
        count > 0 ? html` <span class="bad" title=${WORDS.errors(count)}>✗ ${count}</span>` : nothing
      }</button>`;
  }

  private note(source: SourceSpec | undefined) {
    if (this.failed) return html`<p class="note">${WORDS.loadFailed}</p>`;
    if (!source) return html`<p class="note">${WORDS.none}</p>`;
    return this.editor ? nothing : html`<p class="note">${WORDS.loading}</p>`;
  }

  private faults() {
    const { faults } = this.desk.value;
    if (faults.length === 0) return nothing;
    const rest = faults.length - MOST_FAULTS;
    return html`<ol class="faults" aria-label=${WORDS.faults}>${faults.slice(0, MOST_FAULTS).map(
      (fault) => html`<li><button type="button" class="link" @click=${() => this.goTo(fault)}
        ><span class=${fault.severity === "error" ? "bad" : "doubt"}>${WORDS.severities[fault.severity]}</span>
        ${fault.file ? html`<span class="at">${fault.file}:${fault.line}:${fault.column}</span>` : nothing}
        <span>${fault.message}</span></button></li>`,
    )}${rest > 0 ? html`<li>${EVM.calls.more(rest)}</li>` : nothing}</ol>`;
  }

  private result() {
    const { faults, checked } = this.desk.value;
    const { compiling, summary } = this.evm.value;
    if (compiling?.phase === "loading") return WORDS.loadingCompiler(compiling.received, compiling.total);
    if (compiling) return WORDS.compiling;
    if (!checked) return WORDS.checking;
    const errors = faults.filter(({ severity }) => severity === "error").length;
    if (errors > 0) return html`<b class="bad">✗ ${WORDS.errors(errors)}</b>`;
    const doubts = faults.length > 0 ? ` · ${WORDS.warnings(faults.length)}` : "";
    return `✓ ${WORDS.fine(summary?.fork ?? evmDesk.fork)}${doubts}`;
  }

  private standing(source: SourceSpec | undefined) {
    const { scene, code } = this.evm.value;
    if (!scene || !source) return "";
    if (!this.isCurrent(source))
      return fileOf(code, source.name) ? html`<b class="doubt">${WORDS.outdated}</b>` : WORDS.elsewhere;
    const standing = standingOf(scene, code);
    if (standing?.file === source.name) return html`➤ ${WORDS.here(standing.line)}`;
    return scene.next && scene.source === null ? WORDS.generated : "";
  }

  /** The text is the one that runs. */
  private isCurrent({ name, text }: SourceSpec): boolean {
    return fileOf(this.evm.value.code, name)?.text === text;
  }

  private async load(): Promise<void> {
    try {
      const [{ CodeEditor }, { evmAsmLanguage }, { solidityLanguage }] = await Promise.all([
        import("../editor/codemirror"),
        import("./evm_asm_language"),
        import("./solidity_language"),
      ]);
      await this.updateComplete;
      if (!this.isConnected || this.editor) return;
      this.languages = { assembler: evmAsmLanguage, solidity: solidityLanguage };
      this.editor = new CodeEditor(
        this.place,
        evmAsmLanguage,
        {
          edited: (text) => evmDesk.editSource(evmDesk.view.active, { text }, true),
          pointed: (word) => void this.explain(word),
          toggle: (line) => this.withName((file) => evmDesk.toggleStop({ file, line })),
          moved: (lines) => this.withName((file) => evmDesk.setLines(file, lines)),
          label: EVM.stops.on,
          run: this.run,
          runTo: (line, backwards) =>
            this.withName((file) => void evmStore.travel({ toStops: [{ file, line }], backwards })),
        },
        WORDS.label,
      );
    } catch {
      this.failed = true;
    }
    this.requestUpdate();
  }

  private withName(act: (file: string) => void): void {
    const { source } = evmDesk;
    if (source) act(source.name);
  }

  override updated(): void {
    this.show();
  }

  /** Brings the editor to what is written and where the EVM stands. */
  private show(): void {
    const { editor, languages } = this;
    const { active, draft, shown: opened, faults, checked, stops } = this.desk.value;
    const source = draft.sources[active];
    if (!editor || !languages) return;
    this.place.classList.toggle("empty", !source);
    if (opened !== this.shown.opened) {
      editor.open(source?.text ?? "", isSolidity(source ?? NEW_ASSEMBLER) ? languages.solidity : languages.assembler);
      this.shown = { ...NOTHING, opened };
    }
    if (!source) return;
    const news = checked && faults !== this.shown.faults;
    if (stops !== this.shown.stops) editor.showBreakpoints(evmDesk.linesOf(source.name));
    this.shown = { ...this.shown, faults: checked ? faults : this.shown.faults, stops };
    this.showRun(editor, source);
    if (news) this.showFaults(editor, source.name, faults);
  }

  private showFaults(editor: CodeEditor, name: string, faults: readonly SourceFault[]): void {
    const own = faults.filter(({ file }) => file === name);
    const isError = ({ severity }: SourceFault) => severity === "error";
    editor.showDiagnostics(
      own.filter(isError),
      own.filter((fault) => !isError(fault)),
    );
    const first = faults.find(isError);
    const { running } = this;
    this.running = false;
    if (running && first) this.goTo(first);
  }

  /** How often the lines ran, and where the EVM stands: in the text that runs, and in no other. */
  private showRun(editor: CodeEditor, source: SourceSpec): void {
    const { scene, code } = this.evm.value;
    const file = fileOf(code, source.name);
    const current = file?.text === source.text;
    const found = current ? standingOf(scene, code) : null;
    const standing = found?.file === source.name ? found : null;
    const key = JSON.stringify(standing);
    if (code === this.shown.code && source.text === this.shown.text && key === this.shown.standing) return;
    if (code !== this.shown.code || source.text !== this.shown.text) {
      const uses = current ? file.uses : [];
      editor.showUses(
        uses.map(([line, count, gas]) => ({
          line,
          text: `${grouped(count)}× ${grouped(gas)}`,
          title: `${EVM.code.ran(count, gas)}. ${WORDS.runToHint}`,
        })),
      );
    }
    if (key !== this.shown.standing) editor.showStanding(standing && editorStanding(standing));
    this.shown = { ...this.shown, code, text: source.text, standing: key };
  }

  private goTo({ file, line, column }: SourceFault): void {
    const at = this.desk.value.draft.sources.findIndex(({ name }) => name === file);
    if (at < 0) return;
    evmDesk.show(at);
    this.show();
    this.editor?.goTo(line, column);
    this.editor?.focus();
  }

  private async explain(word: string): Promise<void> {
    const { source } = evmDesk;
    const language = this.languages?.[source && isSolidity(source) ? "solidity" : "assembler"];
    const found = word === "" ? null : await language?.explain(word);
    this.word = found ? [found.title, ...found.forms, found.text].filter(Boolean).join(" · ") : "";
  }

  private readonly run = (): void => {
    this.running = true;
    // What is known already to be wrong is shown at once.
    this.shown = { ...this.shown, faults: null };
    evmDesk.run();
    void evmDesk.check();
  };

  private readonly tabKey = (event: KeyboardEvent): void => {
    const { active, draft } = this.desk.value;
    const count = draft.sources.length;
    const to = { ArrowRight: active + 1, ArrowLeft: active - 1 + count, Home: 0, End: count - 1 }[event.key];
    if (to === undefined || count === 0) return;
    event.preventDefault();
    evmDesk.show(to % count);
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>("[role=tab][aria-selected=true]")?.focus(),
    );
  };

  private fileItems() {
    const { draft, active } = this.desk.value;
    const source = draft.sources[active];
    const none = source === undefined;
    return [
      { title: WORDS.newSolidity, act: () => evmDesk.add(NEW_SOLIDITY) },
      { title: WORDS.newAssembler, act: () => evmDesk.add(NEW_ASSEMBLER) },
      { title: WORDS.importFile, act: () => void this.importFile() },
      {
        title: WORDS.exportFile,
        disabled: none,
        act: () =>
          source && exportProgram(this.ownerDocument, source.name, source.text, isSolidity(source) ? ".sol" : ".easm"),
      },
      {
        title: WORDS.rename,
        parted: true,
        disabled: none,
        act: () => source && this.dialog.askName(source.name, (name) => evmDesk.rename(active, name)),
      },
      {
        title: WORDS.remove,
        disabled: none,
        act: () => source && this.dialog.askRemove(source.name, () => evmDesk.remove(active)),
      },
    ];
  }

  private async importFile(): Promise<void> {
    const picked = await pickProgram(this.ownerDocument, ".sol,.easm,.asm,.etk,.txt,text/plain");
    if (!picked) return;
    if (picked.text === null) return evmStore.report(WORDS.tooLong(picked.name));
    const solidity = picked.name.endsWith(".sol");
    const name = solidity ? picked.name : picked.name.replace(/\.\w+$/, "");
    evmDesk.add({ ...(solidity ? NEW_SOLIDITY : NEW_ASSEMBLER), name, text: picked.text });
  }
}

function editorStanding({ line, range }: SourceStanding) {
  const { column = 1, endLine = line, endColumn = 1 } = range ?? {};
  return { line, changed: false, ...(range ? { part: { column, endLine, endColumn } } : {}) };
}
