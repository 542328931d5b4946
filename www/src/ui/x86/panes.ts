import type { PaneKind, Preset } from "../frame/pane";
import { PC } from "../strings/pc";

/** The PC's panes. */
export const X86_PANES: readonly PaneKind[] = [
  { id: "screen", title: PC.panes.screen, tag: "screen-pane" },
  { id: "serial", title: PC.panes.serial, tag: "serial-terminal" },
  { id: "cpu", title: PC.panes.cpu, tag: "cpu-panel" },
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
      { pane: "cpu", beside: "screen", direction: "right", size: 0.4 },
      { pane: "serial", beside: "screen", direction: "below", size: 0.3 },
    ],
  },
  {
    id: "debug",
    title: PC.presets.debug,
    panes: [
      { pane: "screen" },
      { pane: "serial", beside: "screen", direction: "within" },
      { pane: "cpu", beside: "screen", direction: "right", size: 0.6 },
    ],
  },
];
