/** The panes that a lesson may point at: their ids in the page's workbench. */
export const PANE_IDS = [
  "screen",
  "serial",
  "registers",
  "code",
  "memory",
  "stack",
  "stops",
  "translation",
  "tables",
  "pages",
  "log",
  "ports",
  "devices",
  "editor",
  "lesson",
] as const;

export type PaneId = (typeof PANE_IDS)[number];

/** A word or two that open a pane, at a linear address where that says more. */
export interface PaneReference {
  readonly pane: PaneId;
  readonly text: string;
  readonly address?: number;
}

/** A label of the program: the place to stop at. */
export interface LabelReference {
  readonly label: string;
}

/** Something as it stands in the source, or as one types it. */
export interface Code {
  readonly code: string;
}

export type Span = string | PaneReference | LabelReference | Code;

/** What a lesson's text is made of: plain data, never markup. */
export type Paragraph = readonly Span[];

/** The text of an example: what it shows, and what to try. */
export interface Lesson {
  readonly about: readonly Paragraph[];
  readonly steps: readonly Paragraph[];
}

export const pane = (id: PaneId, text: string, address?: number): PaneReference => ({
  pane: id,
  text,
  ...(address !== undefined && { address }),
});

export const at = (label: string): LabelReference => ({ label });

export const code = (text: string): Code => ({ code: text });

/** A paragraph as plain text. */
export function plainText(paragraph: Paragraph): string {
  return paragraph
    .map((span) => {
      if (typeof span === "string") return span;
      if ("pane" in span) return span.text;
      return "label" in span ? span.label : span.code;
    })
    .join("");
}
