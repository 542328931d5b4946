import { type Extension, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, GutterMarker, gutter } from "@codemirror/view";

/** What a line did while the program ran. */
export interface LineUse {
  /** From 1. */
  readonly line: number;
  /** As it is shown: short. */
  readonly text: string;
  /** In full, for who points at it. */
  readonly title: string;
}

const setUses = StateEffect.define<readonly LineUse[]>();

class Use extends GutterMarker {
  constructor(private readonly use: LineUse) {
    super();
  }

  override eq(other: Use): boolean {
    return other.use.text === this.use.text && other.use.title === this.use.title;
  }

  override toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.textContent = this.use.text;
    span.title = this.use.title;
    return span;
  }
}

/** They stay with their lines as one types, until others come. */
const field = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(value, { effects, changes, newDoc }) {
    for (const effect of effects) {
      if (!effect.is(setUses)) continue;
      const there = effect.value.filter(({ line }) => line >= 1 && line <= newDoc.lines);
      const sorted = [...there].sort((one, other) => one.line - other.line);
      return RangeSet.of(sorted.map((use) => new Use(use).range(newDoc.line(use.line).from)));
    }
    return value.map(changes);
  },
});

/** A gutter that says how often lines ran; a click goes on to the line, with Shift back to it. */
export function uses(runTo: (line: number, backwards: boolean) => void): Extension {
  return [
    field,
    gutter({
      class: "cm-uses",
      markers: (view) => view.state.field(field),
      domEventHandlers: {
        mousedown(view, block, event) {
          runTo(view.state.doc.lineAt(block.from).number, (event as MouseEvent).shiftKey);
          return true;
        },
      },
    }),
  ];
}

/** Shows what lines did, and nothing at others. */
export function showUses(view: EditorView, lines: readonly LineUse[]): void {
  view.dispatch({ effects: setUses.of(lines) });
}
