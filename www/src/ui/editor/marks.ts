import { type Extension, type Range, RangeSet, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter } from "@codemirror/view";

/** Where the machine stands; `changed` if memory has other bytes there than the source. */
export interface Standing {
  readonly line: number;
  readonly changed: boolean;
  /** Which part of the text it is about, where more than the line is known. */
  readonly part?: { readonly column: number; readonly endLine: number; readonly endColumn: number };
}

const setStanding = StateEffect.define<Standing | null>();
const setBreakpoints = StateEffect.define<readonly number[]>();

class Dot extends GutterMarker {
  /** What is inserted before the line's text moves the dot along. */
  override startSide = 1;
  override endSide = 1;

  constructor(private readonly label: string) {
    super();
  }

  override eq(other: Dot): boolean {
    return other.label === this.label;
  }

  override toDOM(): HTMLElement {
    const dot = document.createElement("span");
    dot.className = "breakpoint";
    dot.title = this.label;
    return dot;
  }
}

class Arrow extends GutterMarker {
  constructor(private readonly changed: boolean) {
    super();
  }

  override eq(other: Arrow): boolean {
    return other.changed === this.changed;
  }

  override toDOM(): HTMLElement {
    const arrow = document.createElement("span");
    arrow.className = "arrow";
    arrow.textContent = this.changed ? "≠" : "➤";
    return arrow;
  }
}

/** Keeps the gutter as wide as it is with marks. */
class Room extends GutterMarker {
  override toDOM(): HTMLElement {
    return document.createElement("span");
  }
}

const lineClass = (changed: boolean) => Decoration.line({ class: changed ? "cm-here cm-changed" : "cm-here" });

const partClass = Decoration.mark({ class: "cm-here-part" });

/** The part of the text that a standing is about: nothing if there is none such in it. */
function partOf(doc: Text, { line, part }: Standing): readonly Range<Decoration>[] {
  if (!part || part.endLine > doc.lines || part.endLine < line) return [];
  const place = (at: number, column: number) => Math.min(doc.line(at).from + Math.max(column - 1, 0), doc.line(at).to);
  const [from, to] = [place(line, part.column), place(part.endLine, part.endColumn)];
  return to > from ? [partClass.range(from, to)] : [];
}

interface StandingState {
  readonly decorations: DecorationSet;
  readonly arrows: RangeSet<GutterMarker>;
}

const NOWHERE: StandingState = { decorations: Decoration.none, arrows: RangeSet.empty };

const standing = StateField.define<StandingState>({
  create: () => NOWHERE,
  update(value, { effects, changes, newDoc }) {
    for (const effect of effects) {
      if (!effect.is(setStanding)) continue;
      const at = effect.value;
      if (!at || at.line > newDoc.lines) return NOWHERE;
      const { from } = newDoc.line(at.line);
      return {
        decorations: Decoration.set([lineClass(at.changed).range(from), ...partOf(newDoc, at)]),
        arrows: RangeSet.of([new Arrow(at.changed).range(from)]),
      };
    }
    return { decorations: value.decorations.map(changes), arrows: value.arrows.map(changes) };
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.decorations),
});

/** Breakpoints move with their lines as one types. */
function breakpointField(label: (line: number) => string) {
  const dots = (doc: Text, lines: readonly number[]) => {
    const there = [...new Set(lines)].filter((line) => line <= doc.lines).sort((a, b) => a - b);
    return RangeSet.of(there.map((line) => new Dot(label(line)).range(doc.line(line).from)));
  };
  return StateField.define<RangeSet<GutterMarker>>({
    create: () => RangeSet.empty,
    update(value: RangeSet<GutterMarker>, { effects, changes, docChanged, newDoc }) {
      const set = effects.findLast((effect) => effect.is(setBreakpoints));
      if (set?.is(setBreakpoints)) return dots(newDoc, set.value);
      // A dot that typing moved off its line's beginning goes back there.
      return docChanged ? dots(newDoc, linesOf(newDoc, value.map(changes))) : value;
    },
  });
}

export interface MarkActions {
  /** The reader asked for a breakpoint on a line, or for its end. */
  toggle(line: number): void;
  /** Breakpoints are on other lines now, because lines above them came or went. */
  moved(lines: readonly number[]): void;
  /** What a breakpoint is called. */
  label(line: number): string;
}

function linesOf(doc: Text, set: RangeSet<GutterMarker>): number[] {
  const lines: number[] = [];
  for (const cursor = set.iter(); cursor.value; cursor.next()) lines.push(doc.lineAt(cursor.from).number);
  return lines;
}

/** The gutter with breakpoints, the arrow, and the line where the machine stands. */
export function marks({ toggle, moved, label }: MarkActions): Extension {
  const breakpoints = breakpointField(label);
  return [
    standing,
    breakpoints,
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) moved(linesOf(state.doc, state.field(breakpoints)));
    }),
    gutter({
      class: "cm-breakpoints",
      markers: (view) => [view.state.field(breakpoints), view.state.field(standing).arrows],
      initialSpacer: () => new Room(),
      domEventHandlers: {
        mousedown(view, block) {
          toggle(view.state.doc.lineAt(block.from).number);
          return true;
        },
      },
    }),
  ];
}

/** So much of the source is seen around the line, where there is room: some lines. */
const MARGIN_PX = 72;

/** Shows where the machine stands, and scrolls there; null for nowhere in this source. */
export function showStanding(view: EditorView, at: Standing | null): void {
  const effects: StateEffect<unknown>[] = [setStanding.of(at)];
  if (at && at.line <= view.state.doc.lines) {
    effects.push(EditorView.scrollIntoView(view.state.doc.line(at.line).from, { y: "nearest", yMargin: MARGIN_PX }));
  }
  view.dispatch({ effects });
}

/** Shows breakpoints on these lines and no others. */
export function showBreakpoints(view: EditorView, lines: readonly number[]): void {
  view.dispatch({ effects: setBreakpoints.of(lines) });
}
