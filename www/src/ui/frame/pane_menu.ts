import type { DockviewGroupPanel, IHeaderActionsRenderer } from "dockview-core";
import { html } from "lit";
import { FRAME } from "../../strings/frame";
import "./menu_button";
import type { MenuButton, MenuItem } from "./menu_button";

const DOTS = html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 6.500a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3m5 0a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3m5 0a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3" /></svg>`;

type Side = "left" | "right" | "up" | "down";

const SIZE_STEP = 80;
const SIZES = {
  wider: [SIZE_STEP, 0],
  narrower: [-SIZE_STEP, 0],
  taller: [0, SIZE_STEP],
  shorter: [0, -SIZE_STEP],
} as const;
const EDGES = { left: "left", right: "right", up: "top", down: "bottom" } as const;

/** The menu at the right end of a group's tabs: all that dragging does, for those who do not drag. */
export function groupMenu(group: DockviewGroupPanel, popoutFailed: () => void): IHeaderActionsRenderer {
  const element = document.createElement("menu-button") as MenuButton;
  element.className = "group-menu";
  element.toggleAttribute("quiet", true);
  element.label = FRAME.bench.paneMenu;
  element.face = DOTS;
  return {
    element,
    init: ({ containerApi }) => {
      element.items = () => items(group, containerApi, popoutFailed);
    },
    dispose: () => undefined,
  };
}

type Container = Parameters<IHeaderActionsRenderer["init"]>[0]["containerApi"];

function items(group: DockviewGroupPanel, api: Container, popoutFailed: () => void): readonly MenuItem[] {
  const panel = group.activePanel;
  if (!panel) return [];
  const popOut = async () => {
    const size = { left: screenX + 80, top: screenY + 80, width: group.width, height: group.height };
    if (!(await api.addPopoutGroup(panel, { position: size }))) popoutFailed();
  };
  const popped = group.api.location.type === "popout";
  const maximized = api.hasMaximizedGroup();
  const maximize = () => (maximized ? api.exitMaximizedGroup() : api.maximizeGroup(panel));
  const sides = Object.entries(FRAME.bench.move) as [Side, string][];
  return [
    { title: maximized ? FRAME.bench.restore : FRAME.bench.maximize, act: maximize, disabled: popped },
    { title: FRAME.bench.popOut, act: () => void popOut(), disabled: popped },
    ...sides.map(([side, title], index) => ({
      title,
      parted: index === 0,
      disabled: popped || maximized,
      act: () => move(side, group, api),
    })),
    ...(Object.entries(FRAME.bench.size) as [keyof typeof SIZES, string][]).map(([size, title], index) => ({
      title,
      parted: index === 0,
      disabled: popped || maximized,
      act: () => resize(group, SIZES[size]),
    })),
    { title: FRAME.bench.close, parted: true, act: () => panel.api.close() },
  ];
}

/** What the borders between panes do when they are dragged: by so many pixels of width and height. */
function resize(group: DockviewGroupPanel, [width, height]: readonly [number, number]): void {
  group.api.setSize({
    ...(width !== 0 && { width: Math.max(group.width + width, SIZE_STEP) }),
    ...(height !== 0 && { height: Math.max(group.height + height, SIZE_STEP) }),
  });
}

/** Into the group on that side; at the edge, into a new group there. */
function move(side: Side, group: DockviewGroupPanel, api: Container): void {
  const panel = group.activePanel;
  if (!panel) return;
  const neighbour = api.adjacentGroupInDirection(group, side);
  if (neighbour) panel.api.moveTo({ group: neighbour as DockviewGroupPanel });
  else if (group.panels.length > 1) panel.api.moveTo({ group, position: EDGES[side] });
  panel.api.setActive();
}
