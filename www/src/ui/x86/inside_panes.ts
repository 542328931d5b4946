import { INSIDE_PANE_TITLES as TITLES } from "../../strings/inside_titles";
import type { PaneKind } from "../frame/pane";

/** The code of all panes that look into the machine comes in one piece, when the first of them is opened. */
export const looking = () => import("./inside");

/** Those that look into tables, logs and chips. */
export const INSIDE_PANES: readonly PaneKind[] = [
  { id: "stack", title: TITLES.stack, tag: "stack-pane", load: looking },
  { id: "translation", title: TITLES.translation, tag: "translation-pane", many: true, load: looking },
  { id: "tables", title: TITLES.tables, tag: "tables-pane", many: true, load: looking },
  { id: "pages", title: TITLES.pages, tag: "pages-pane", load: looking },
  { id: "log", title: TITLES.log, tag: "log-pane", load: looking },
  { id: "ports", title: TITLES.ports, tag: "ports-pane", load: looking },
  { id: "devices", title: TITLES.devices, tag: "devices-pane", many: true, load: looking },
  { id: "symbols", title: TITLES.symbols, tag: "symbols-pane", load: looking },
  { id: "counts", title: TITLES.counts, tag: "counts-pane", load: looking },
];
