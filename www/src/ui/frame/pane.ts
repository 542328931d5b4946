/** A kind of pane that a workbench can show: a custom element in a dock. */
export interface PaneKind {
  /** As in stored layouts: never changed once published. */
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
