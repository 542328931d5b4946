// CodeMirror as this page has it; this file and what it imports are loaded only when an editor is shown.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { indentUnit, StreamLanguage } from "@codemirror/language";
import { lintGutter, lintKeymap, type Diagnostic as Mark, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorSelection, EditorState, type Extension, type Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { Diagnostic } from "../../protocol/nasm";
import type { EditorLanguage, Explanation } from "./language";
import { look } from "./look";
import { type MarkActions, marks, type Standing, showBreakpoints, showStanding } from "./marks";

/** Columns of assembly sources. */
const COLUMN = 8;

/** What an editor tells its pane. */
export interface CodeEditorEvents extends MarkActions {
  /** The reader has typed. */
  edited(text: string): void;
  /** The cursor is in another word, or in none. */
  pointed(word: string): void;
}

/** The word around a place, as the language has words. */
function wordAt(doc: Text, pos: number, word: RegExp): { from: number; to: number; text: string } {
  const { text, from } = doc.lineAt(pos);
  let [begin, end] = [pos - from, pos - from];
  while (begin > 0 && word.test(text.charAt(begin - 1))) begin--;
  while (end < text.length && word.test(text.charAt(end))) end++;
  return { from: from + begin, to: from + end, text: text.slice(begin, end) };
}

function explanationDom({ title, forms, text }: Explanation): HTMLElement {
  const box = document.createElement("div");
  box.className = "explanation";
  const head = document.createElement("strong");
  head.textContent = title;
  const body = document.createElement("p");
  body.textContent = text;
  const lines = forms.map((form) => {
    const line = document.createElement("code");
    line.textContent = form;
    return line;
  });
  box.append(head, body, ...lines);
  return box;
}

/** Tab goes to the next column, or moves the selected lines; Esc and then Tab leaves the editor (CodeMirror sees to that). */
function tab(view: EditorView): boolean {
  const { state } = view;
  if (state.selection.ranges.some(({ empty }) => !empty)) return indentMore(view);
  const change = state.changeByRange(({ head }) => {
    const column = head - state.doc.lineAt(head).from;
    const blanks = " ".repeat(COLUMN - (column % COLUMN));
    return { changes: { from: head, insert: blanks }, range: EditorSelection.cursor(head + blanks.length) };
  });
  view.dispatch(state.update(change, { userEvent: "input", scrollIntoView: true }));
  return true;
}

/** A code editor in a shadow root, for a language. */
export class CodeEditor {
  private readonly view: EditorView;
  private word = "";
  private standing: Standing | null = null;
  /** Nothing can be scrolled before there is room: a pane that comes to the front shows where the machine stands. */
  private readonly resized = new ResizeObserver(([entry]) => {
    const height = entry?.contentRect.height ?? 0;
    if (height > 0 && this.height === 0) showStanding(this.view, this.standing);
    this.height = height;
  });
  private height = 0;

  constructor(
    private readonly parent: HTMLElement,
    root: ShadowRoot,
    private readonly language: EditorLanguage,
    private readonly events: CodeEditorEvents,
    private readonly label: string,
  ) {
    this.view = new EditorView({ parent, root, state: this.stateOf("") });
    this.resized.observe(parent);
  }

  /** Shows another text, with a history of its own. */
  open(text: string): void {
    this.view.setState(this.stateOf(text));
    this.word = "";
    this.standing = null;
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  focus(): void {
    this.view.focus();
  }

  /** The line that the cursor is in. */
  get line(): number {
    const { state } = this.view;
    return state.doc.lineAt(state.selection.main.head).number;
  }

  /** Moves the cursor to a line and shows it. */
  goTo(line: number): void {
    const { doc } = this.view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
  }

  /** Marks what is wrong and what is doubtful, each at its place. */
  showDiagnostics(errors: readonly Diagnostic[], warnings: readonly Diagnostic[]): void {
    const { doc } = this.view.state;
    const mark = (severity: Mark["severity"]) => (diagnostic: Diagnostic) => this.mark(doc, diagnostic, severity);
    const all = [...errors.map(mark("error")), ...warnings.map(mark("warning"))];
    this.view.dispatch(setDiagnostics(this.view.state, all));
  }

  showStanding(at: Standing | null): void {
    this.standing = at;
    showStanding(this.view, at);
  }

  showBreakpoints(lines: readonly number[]): void {
    showBreakpoints(this.view, lines);
  }

  /** The editor was moved into another window: its styles must follow. */
  moved(root: ShadowRoot): void {
    this.view.setRoot(root);
  }

  destroy(): void {
    this.resized.disconnect();
    this.view.destroy();
    this.parent.replaceChildren();
  }

  private mark(doc: Text, { line, column, message }: Diagnostic, severity: Mark["severity"]): Mark {
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const start = Math.min(at.from + Math.max(column - 1, 0), at.to);
    const { from, to } = wordAt(doc, start, this.language.word);
    return { from: Math.min(from, start), to: Math.max(to, Math.min(start + 1, at.to)), severity, message };
  }

  private stateOf(doc: string): EditorState {
    return EditorState.create({ doc, extensions: this.extensions() });
  }

  private extensions(): Extension {
    const { language, events } = this;
    return [
      marks(events),
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      StreamLanguage.define(language.mode),
      indentUnit.of(" ".repeat(COLUMN)),
      EditorState.tabSize.of(COLUMN),
      autocompletion({ override: [(context) => language.complete(context)] }),
      this.hover(),
      look,
      EditorView.contentAttributes.of({
        tabindex: "0",
        "aria-label": this.label,
        spellcheck: "false",
        autocapitalize: "off",
      }),
      keymap.of([
        { key: "F9", run: () => this.toggle() },
        { key: "Tab", run: tab, shift: indentLess },
        ...completionKeymap,
        ...lintKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...defaultKeymap,
      ]),
      EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
        if (docChanged) events.edited(state.doc.toString());
        if (docChanged || selectionSet) this.point(state);
      }),
    ];
  }

  private toggle(): boolean {
    this.events.toggle(this.line);
    return true;
  }

  private point({ doc, selection }: EditorState): void {
    const { text } = wordAt(doc, selection.main.head, this.language.word);
    if (text === this.word) return;
    this.word = text;
    this.events.pointed(text);
  }

  private hover(): Extension {
    const { language } = this;
    return hoverTooltip(async (view, pos) => {
      const { from, to, text } = wordAt(view.state.doc, pos, language.word);
      const found = text === "" ? null : await language.explain(text);
      return found && { pos: from, end: to, create: () => ({ dom: explanationDom(found) }) };
    });
  }
}
