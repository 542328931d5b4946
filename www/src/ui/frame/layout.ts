import type { SerializedDockview } from "dockview-core";

/** Longer texts are no layout of ours. */
const MOST_TEXT = 64 * 1024;
const MOST_PANELS = 48;
const DEEPEST = 12;
const MOST_STATE = 2048;
const LARGEST_SIZE = 100_000;

type Json = Record<string, unknown>;
type Panels = SerializedDockview["panels"];
type Root = SerializedDockview["grid"]["root"];

/** What a stored layout may contain: the ids of the kinds of panes and their titles. */
export type KnownKinds = ReadonlyMap<string, { readonly title: string; readonly many?: boolean }>;

class NoLayout extends Error {}

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function record(value: unknown): Json {
  if (!isRecord(value)) throw new NoLayout();
  return value;
}

function size(value: unknown): number {
  if (typeof value !== "number" || !(value >= 0 && value <= LARGEST_SIZE)) throw new NoLayout();
  return value;
}

/** The kind of a panel: its id up to the number that tells several of a kind apart. */
export const kindOf = (panel: string): string => panel.replace(/~\d+$/, "");

function panelsOf(value: unknown, kinds: KnownKinds): Panels {
  const entries = Object.entries(record(value));
  if (entries.length === 0 || entries.length > MOST_PANELS) throw new NoLayout();
  const panels: Panels = {};
  for (const [id, panel] of entries) {
    const kind = kinds.get(kindOf(id));
    if (!kind || !/^[a-z][a-z-]*(~\d{1,4})?$/.test(id) || (id.includes("~") && !kind.many)) throw new NoLayout();
    const { params } = record(panel);
    const state = isRecord(params) ? params.state : undefined;
    const kept = state !== undefined && JSON.stringify(state).length <= MOST_STATE;
    panels[id] = { id, contentComponent: kindOf(id), title: kind.title, ...(kept && { params: { state } }) };
  }
  return panels;
}

/** Reads the tree of groups; every panel has to stand in it just once. */
class TreeReader {
  private readonly left: Set<string>;
  private groups = 0;

  constructor(panels: Panels) {
    this.left = new Set(Object.keys(panels));
  }

  read(value: unknown): Root {
    const root = this.node(value, 0);
    if (root.type !== "branch" || this.left.size > 0) throw new NoLayout();
    return root;
  }

  private node(value: unknown, depth: number): Root {
    const { type, data, size: part } = record(value);
    if (depth > DEEPEST) throw new NoLayout();
    if (type === "leaf") return { type, data: this.group(record(data)), size: size(part ?? 0) };
    if (type !== "branch" || !Array.isArray(data) || data.length === 0) throw new NoLayout();
    return { type, data: data.map((child) => this.node(child, depth + 1)), size: size(part ?? 0) };
  }

  private group({ views, activeView }: Json) {
    if (!Array.isArray(views) || views.length === 0) throw new NoLayout();
    for (const id of views) if (!this.left.delete(id)) throw new NoLayout();
    const active: string = views.includes(activeView) ? (activeView as string) : views[0];
    this.groups++;
    return { views: views as string[], activeView: active, id: String(this.groups) };
  }
}

/**
 * A stored layout made anew of nothing but what a layout may hold, or null: storage may hold the layout of an older page,
 * or what somebody else wrote there.
 */
export function readLayout(text: string | null, kinds: KnownKinds): SerializedDockview | null {
  if (text === null || text.length > MOST_TEXT) return null;
  try {
    const { grid, panels } = record(JSON.parse(text));
    const { root, width, height, orientation } = record(grid);
    if (orientation !== "HORIZONTAL" && orientation !== "VERTICAL") return null;
    const known = panelsOf(panels, kinds);
    const tree = new TreeReader(known).read(root);
    return {
      grid: { root: tree, width: size(width), height: size(height), orientation: orientation as never },
      panels: known,
    };
  } catch (error) {
    if (error instanceof NoLayout || error instanceof SyntaxError) return null;
    throw error;
  }
}
