/**
 * A kind of pane that a workbench can show: a custom element in a dock. The element extends `GlassElement`, fills the room
 * it gets and scrolls inside. It is connected only while it can be seen: what it asks of a machine it asks between
 * `connectedCallback` and `disconnectedCallback`.
 */
export interface PaneKind {
  /** As in stored layouts: lower-case letters and dashes, never changed once published. */
  readonly id: string;
  /** On the tab. */
  readonly title: string;
  /** The custom element's name. */
  readonly tag: string;
  /** Whether it may be opened more than once, as memory views are. */
  readonly many?: boolean;
  /** Loads the element's code, where that is not in the page's first bundle. */
  readonly load?: () => Promise<unknown>;
}

/** A pane that keeps something with the layout, as a memory view its address. */
export interface StatefulPane extends HTMLElement {
  /** Set before the element is connected for the first time; anything that survives JSON, and not to be trusted. */
  paneState?: unknown;
}

/** Tells the workbench what to keep of a pane: at most 2 KiB of JSON. */
export class PaneStateEvent extends CustomEvent<unknown> {
  constructor(state: unknown) {
    super("pane-state", { detail: state, bubbles: true, composed: true });
  }
}

/** Where a preset puts a pane: beside another one, or into the same group of tabs. */
export interface Placement {
  readonly pane: string;
  readonly beside?: string;
  readonly direction?: "left" | "right" | "above" | "below" | "within";
  /** Its part of the width or height it shares, 0 to 1. */
  readonly size?: number;
}

/** A named arrangement of panes. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly panes: readonly Placement[];
}
