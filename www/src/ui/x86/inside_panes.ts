import type { PaneKind } from "../frame/pane";
import { INSIDE } from "../strings/inside";

/** The panes that look into tables, logs and chips: their code comes when one of them is opened. */
const load = () => import("./inside");

export const INSIDE_PANES: readonly PaneKind[] = [
  { id: "stack", title: INSIDE.panes.stack, tag: "stack-pane", load },
  { id: "translation", title: INSIDE.panes.translation, tag: "translation-pane", many: true, load },
  { id: "tables", title: INSIDE.panes.tables, tag: "tables-pane", many: true, load },
  { id: "pages", title: INSIDE.panes.pages, tag: "pages-pane", load },
  { id: "log", title: INSIDE.panes.log, tag: "log-pane", load },
  { id: "ports", title: INSIDE.panes.ports, tag: "ports-pane", load },
  { id: "devices", title: INSIDE.panes.devices, tag: "devices-pane", many: true, load },
];
