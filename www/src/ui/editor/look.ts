import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** All colours are the page's own, so that both themes and the font scale hold here. */
const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--faint)", fontStyle: "italic" },
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.definitionKeyword, color: "var(--changed)" },
  { tag: tags.processingInstruction, color: "var(--changed)", fontWeight: "600" },
  { tag: tags.typeName, color: "var(--changed)" },
  { tag: tags.standard(tags.variableName), color: "var(--number)" },
  { tag: tags.labelName, color: "var(--text)", fontWeight: "700" },
  { tag: tags.modifier, color: "var(--accent)" },
  { tag: tags.atom, color: "var(--text)" },
  { tag: tags.variableName, color: "var(--text)" },
  { tag: tags.string, color: "var(--string)" },
  { tag: tags.number, color: "var(--number)" },
  { tag: tags.operator, color: "var(--faint)" },
  { tag: tags.punctuation, color: "var(--faint)" },
]);

const frame = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--raised)", fontSize: "0.82rem" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--accent)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)",
  },
  ".cm-gutters": { backgroundColor: "var(--ground)", color: "var(--faint)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--text) 4%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--text)" },
  ".cm-here": { backgroundColor: "var(--accent-soft)", boxShadow: "inset 3px 0 var(--accent)" },
  ".cm-here.cm-changed": { backgroundColor: "var(--changed-soft)", boxShadow: "inset 3px 0 var(--changed)" },
  ".cm-here-part": {
    backgroundColor: "color-mix(in srgb, var(--accent) 20%, transparent)",
    borderBottom: "2px solid var(--accent)",
  },
  ".cm-uses": { cursor: "pointer", minWidth: "2.5em" },
  ".cm-uses .cm-gutterElement": { textAlign: "right", padding: "0 0.5em", fontVariantNumeric: "tabular-nums" },
  ".cm-uses .cm-gutterElement:hover": { backgroundColor: "var(--accent-soft)", color: "var(--text)" },
  ".cm-breakpoints": { cursor: "pointer" },
  ".cm-breakpoints .cm-gutterElement": {
    width: "2.1em",
    display: "flex",
    alignItems: "center",
    justifyContent: "flex-end",
    gap: "0.15em",
  },
  ".breakpoint": {
    display: "inline-block",
    width: "0.75em",
    height: "0.75em",
    borderRadius: "50%",
    backgroundColor: "var(--danger)",
  },
  ".arrow": { color: "var(--accent)", fontSize: "0.9em", lineHeight: "1" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    color: "var(--text)",
    border: "1px solid var(--line)",
    borderRadius: "8px",
    boxShadow: "var(--shadow)",
    fontSize: "0.82rem",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
  },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionInfo": { maxWidth: "24rem", padding: "0.4rem 0.6rem" },
  ".explanation": { maxWidth: "28rem", padding: "0.4rem 0.6rem" },
  ".explanation code": { display: "block", fontFamily: "var(--mono)", color: "var(--faint)" },
  ".explanation p": { margin: "0.2rem 0" },
  ".cm-diagnostic": { borderLeft: "4px solid var(--danger)" },
  ".cm-panels": { backgroundColor: "var(--ground)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-panel input, .cm-panel button": { font: "inherit", color: "var(--text)", background: "var(--raised)" },
  ".cm-button": { backgroundImage: "none", border: "1px solid var(--line)", borderRadius: "6px" },
  ".cm-textfield": { border: "1px solid var(--line)", borderRadius: "6px", backgroundColor: "var(--raised)" },
  ".cm-searchMatch": { backgroundColor: "var(--changed-soft)", outline: "1px solid var(--changed)" },
  ".cm-searchMatch-selected": { backgroundColor: "color-mix(in srgb, var(--changed) 35%, transparent)" },
});

/** How the editor looks. */
export const look: Extension = [frame, syntaxHighlighting(colours)];
