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
import type { EditorLanguage, Explanation } from "./language";
import { look } from "./look";
import { type MarkActions, marks, type Standing, showBreakpoints, showStanding } from "./marks";
import { type LineUse, showUses, uses } from "./uses";

/** Something said about a place of the text: lines and columns from 1. Without an end it is about the word there. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly message: string;
}

/** What an editor tells its pane. */
export interface CodeEditorEvents extends MarkActions {
  /** The reader has typed. */
  edited(text: string): void;
  /** The cursor is in another word, or in none. */
  pointed(word: string): void;
  /** Ctrl+Enter. */
  run?(): void;
  /** Go on, or back, to a line; with it there is a gutter that says how often lines ran. */
  runTo?(line: number, backwards: boolean): void;
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
  const { tabSize } = state;
  if (state.selection.ranges.some(({ empty }) => !empty)) return indentMore(view);
  const change = state.changeByRange(({ head }) => {
    const column = head - state.doc.lineAt(head).from;
    const blanks = " ".repeat(tabSize - (column % tabSize));
    return { changes: { from: head, insert: blanks }, range: EditorSelection.cursor(head + blanks.length) };
  });
  view.dispatch(state.update(change, { userEvent: "input", scrollIntoView: true }));
  return true;
}

/**
 * A shadow root for an editor. It has one of its own: CodeMirror keeps its style sheets with the root, and those of one
 * window must not be used in another, where the pane may have gone.
 */
function rootIn(parent: HTMLElement): ShadowRoot {
  const host = parent.ownerDocument.createElement("div");
  host.style.height = "100%";
  parent.replaceChildren(host);
  return host.attachShadow({ mode: "open" });
}

/** A code editor for a language. It lives as long as its place stays in its window. */
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
    private language: EditorLanguage,
    private readonly events: CodeEditorEvents,
    private readonly label: string,
  ) {
    const root = rootIn(parent);
    this.view = new EditorView({ parent: root, root, state: this.stateOf("") });
    this.resized.observe(parent);
  }

  /** Shows another text, in another language if one is given, with a history of its own. */
  open(text: string, language: EditorLanguage = this.language): void {
    this.language = language;
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
  goTo(line: number, column = 1): void {
    const anchor = this.placeOf(line, column);
    this.view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
  }

  /** Marks what is wrong and what is doubtful, each at its place. */
  showDiagnostics(errors: readonly Fault[], warnings: readonly Fault[]): void {
    const mark = (severity: Mark["severity"]) => (fault: Fault) => this.mark(fault, severity);
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

  /** How often lines ran, and for what gas. */
  showUses(lines: readonly LineUse[]): void {
    showUses(this.view, lines);
  }

  destroy(): void {
    this.resized.disconnect();
    this.view.destroy();
    this.parent.replaceChildren();
  }

  /** A place of the text; the nearest one if there is none such. */
  private placeOf(line: number, column: number): number {
    const { doc } = this.view.state;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return Math.min(at.from + Math.max(column - 1, 0), at.to);
  }

  private mark({ line, column, endLine, endColumn, message }: Fault, severity: Mark["severity"]): Mark {
    const { doc } = this.view.state;
    const start = this.placeOf(line, column);
    if (endLine !== undefined && endColumn !== undefined) {
      const end = this.placeOf(endLine, endColumn);
      if (end > start) return { from: start, to: end, severity, message };
    }
    const { from, to } = wordAt(doc, start, this.language.word);
    const next = Math.min(start + 1, doc.lineAt(start).to);
    return { from: Math.min(from, start), to: Math.max(to, next), severity, message };
  }

  private stateOf(doc: string): EditorState {
    return EditorState.create({ doc, extensions: this.extensions() });
  }

  private extensions(): Extension {
    const { language, events } = this;
    const { run, runTo } = events;
    return [
      marks(events),
      lineNumbers(),
      runTo ? uses((line, backwards) => runTo(line, backwards)) : [],
      lintGutter(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      StreamLanguage.define(language.mode),
      indentUnit.of(" ".repeat(language.columns)),
      EditorState.tabSize.of(language.columns),
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
        ...(run ? [{ key: "Mod-Enter", run: () => this.did(run) }] : []),
        ...(runTo
          ? [
              {
                key: "Ctrl-F10",
                run: () => this.did(() => runTo(this.line, false)),
                shift: () => this.did(() => runTo(this.line, true)),
              },
            ]
          : []),
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

  private did(act: () => void): boolean {
    act();
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
