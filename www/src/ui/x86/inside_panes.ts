import type { PaneKind } from "../frame/pane";
import { INSIDE } from "../strings/inside";

/** The code of all panes that look into the machine comes in one piece, when the first of them is opened. */
export const looking = () => import("./inside");

/** Those that look into tables, logs and chips. */
export const INSIDE_PANES: readonly PaneKind[] = [
  { id: "stack", title: INSIDE.panes.stack, tag: "stack-pane", load: looking },
  { id: "translation", title: INSIDE.panes.translation, tag: "translation-pane", many: true, load: looking },
  { id: "tables", title: INSIDE.panes.tables, tag: "tables-pane", many: true, load: looking },
  { id: "pages", title: INSIDE.panes.pages, tag: "pages-pane", load: looking },
  { id: "log", title: INSIDE.panes.log, tag: "log-pane", load: looking },
  { id: "ports", title: INSIDE.panes.ports, tag: "ports-pane", load: looking },
  { id: "devices", title: INSIDE.panes.devices, tag: "devices-pane", many: true, load: looking },
];
