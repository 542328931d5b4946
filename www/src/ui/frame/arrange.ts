import type { AddPanelPositionOptions, DockviewApi } from "dockview-core";
import type { PaneKind, Placement, Preset } from "./pane";

/** Puts a preset's panes into an empty dock; in a narrow one they all become tabs of one group. */
export function arrange(
  api: DockviewApi,
  { panes }: Preset,
  kinds: ReadonlyMap<string, PaneKind>,
  narrow: boolean,
): void {
  api.clear();
  for (const placement of panes) {
    const kind = kinds.get(placement.pane);
    if (!kind) continue;
    const beside = api.getPanel(narrow ? (panes[0]?.pane ?? "") : (placement.beside ?? ""));
    const within = narrow || placement.direction === "within";
    api.addPanel({
      id: kind.id,
      component: kind.id,
      title: kind.title,
      inactive: within && beside !== undefined,
      ...(beside && { position: { referencePanel: beside, direction: within ? "within" : placement.direction } }),
      ...(!within && beside && sizeOf(placement, beside.group)),
    } as Parameters<DockviewApi["addPanel"]>[0] & { position: AddPanelPositionOptions; floating: false });
  }
  api.panels[0]?.api.setActive();
}

/** The pixels of a placement's part of the group that it shares the room with. */
function sizeOf({ direction, size }: Placement, { width, height }: { width: number; height: number }) {
  if (size === undefined) return {};
  const across = direction === "left" || direction === "right" || direction === undefined;
  return across ? { initialWidth: Math.round(size * width) } : { initialHeight: Math.round(size * height) };
}
