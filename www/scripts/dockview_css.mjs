// The package dockview-core brings its style sheet only inside a script that puts it into the document's head, where it
// does not reach the workbench's shadow root. This takes the sheet out of that script, without the ready-made themes.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const ID = "virtual:dockview-styles";
/** What this page has not: themes, floating groups, stacked panes, pinned tabs and groups of them, menus of dockview's own. */
const UNUSED =
  /\.(dockview-theme|dockview-spaced|dv-(resize-container|floating|pane-container|context-menu|tab-group|edge-peek|auto-edge|pinned|debug|smart-guide))/;

/** The top-level rules of a style sheet, each with its block. */
function rulesOf(css) {
  const rules = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < css.length; at++) {
    if (css[at] === "{") depth++;
    if (css[at] !== "}" || --depth > 0) continue;
    rules.push(css.slice(start, at + 1).trim());
    start = at + 1;
  }
  return rules;
}

/** Whether a rule is only about what this page has not. */
const isUnused = (rule) => {
  const [selectors] = rule.split("{", 1);
  return !selectors.startsWith("@") && selectors.split(",").every((selector) => UNUSED.test(selector));
};

/** Dockview's style sheet without comments and what is not used of it. */
export function dockviewCss() {
  const main = createRequire(import.meta.url).resolve("dockview-core");
  const script = readFileSync(join(dirname(main), "../dockview-core.js"), "utf8");
  const [, literal] = /\.textContent = ("(?:[^"\\]|\\.)*")/.exec(script) ?? [];
  if (!literal) throw new Error("dockview-core.js no longer holds its style sheet: see scripts/dockview_css.mjs");
  const css = JSON.parse(literal).replace(/\/\*[\s\S]*?\*\//g, "");
  const kept = rulesOf(css).filter((rule) => !isUnused(rule));
  return kept
    .join("")
    .replace(/\s+/g, " ")
    .replace(/\s*([{};,])\s*/g, "$1")
    .replace(/:\s+/g, ":")
    .replace(/;}/g, "}");
}

/** Makes the sheet importable as `virtual:dockview-styles`: a string. */
export function dockviewStyles() {
  return {
    name: "dockview-styles",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export default ${JSON.stringify(dockviewCss())};` : undefined),
  };
}
