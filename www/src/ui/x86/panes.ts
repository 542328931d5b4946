import { PC } from "../../strings/pc";
import { EDITOR_PANES, PROGRAM_PRESET } from "../editor/panes";
import type { PaneKind, Preset } from "../frame/pane";
import { INSIDE_PANES, looking } from "./inside_panes";

/** The PC's panes. A new one is a component in this folder, a line here, and a title in the strings. */
export const X86_PANES: readonly PaneKind[] = [
  { id: "screen", title: PC.panes.screen, tag: "screen-pane", load: () => import("../screen/screen_pane") },
  { id: "serial", title: PC.panes.serial, tag: "serial-terminal", load: () => import("../panels/serial_terminal") },
  { id: "code", title: PC.panes.code, tag: "code-pane", load: looking },
  { id: "registers", title: PC.panes.registers, tag: "registers-pane", load: looking },
  { id: "memory", title: PC.panes.memory, tag: "memory-pane", many: true, load: looking },
  { id: "stops", title: PC.panes.stops, tag: "stops-pane", load: looking },
  ...INSIDE_PANES,
  ...EDITOR_PANES,
];

/** How they are arranged: nothing but the machine; the machine and where it stands; all of it. */
export const X86_PRESETS: readonly Preset[] = [
  {
    id: "watch",
    title: PC.presets.watch,
    panes: [{ pane: "screen" }, { pane: "serial", beside: "screen", direction: "right", size: 0.36 }],
  },
  {
    id: "learn",
    title: PC.presets.learn,
    panes: [
      { pane: "screen" },
      { pane: "code", beside: "screen", direction: "right", size: 0.44 },
      { pane: "serial", beside: "screen", direction: "below", size: 0.28 },
      { pane: "registers", beside: "code", direction: "below", size: 0.45 },
      { pane: "stack", beside: "registers", direction: "within" },
    ],
  },
  {
    id: "debug",
    title: PC.presets.debug,
    panes: [
      { pane: "code" },
      { pane: "screen", beside: "code", direction: "right", size: 0.5 },
      { pane: "serial", beside: "screen", direction: "within" },
      { pane: "memory", beside: "code", direction: "below", size: 0.42 },
      { pane: "stops", beside: "memory", direction: "within" },
      { pane: "registers", beside: "screen", direction: "below", size: 0.6 },
      { pane: "stack", beside: "registers", direction: "within" },
      { pane: "translation", beside: "registers", direction: "within" },
      { pane: "tables", beside: "memory", direction: "within" },
      { pane: "log", beside: "memory", direction: "within" },
      { pane: "symbols", beside: "memory", direction: "within" },
      { pane: "counts", beside: "memory", direction: "within" },
      { pane: "devices", beside: "registers", direction: "within" },
    ],
  },
  PROGRAM_PRESET,
];
