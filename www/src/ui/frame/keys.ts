/** What keys can ask of a page. */
export type ActionName =
  | "run"
  | "breakpoint"
  | "over"
  | "into"
  | "out"
  | "back"
  | "backTo"
  | "cursor"
  | "goTo"
  | "save"
  | "help";

/** What a page does at a key; a missing one leaves the key to the browser. */
export type Actions = Partial<Record<ActionName, () => void>>;

/** A key as the page needs it. */
export interface Chord {
  readonly key: string;
  readonly ctrl?: boolean;
  readonly shift?: boolean;
}

/** As gdb's, Visual Studio's and Chromium's debuggers have them. */
export const KEYS: Readonly<Record<ActionName, Chord>> = {
  run: { key: "F5" },
  breakpoint: { key: "F9" },
  over: { key: "F10" },
  into: { key: "F11" },
  out: { key: "F11", shift: true },
  back: { key: "F11", ctrl: true },
  backTo: { key: "F11", ctrl: true, shift: true },
  cursor: { key: "F10", ctrl: true },
  goTo: { key: "g", ctrl: true },
  save: { key: "F7" },
  help: { key: "?" },
};

/** An element with this attribute takes all keys while it has the focus: a machine's screen, a terminal. */
export const HOLDS_KEYS = "data-holds-keys";

/** What of a keyboard event matters. */
export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** A chord as it is written. */
export function chordText({ key, ctrl, shift }: Chord): string {
  return [ctrl ? "Ctrl" : "", shift ? "Shift" : "", key.length === 1 ? key.toUpperCase() : key]
    .filter(Boolean)
    .join("+");
}

/** The action of a key; `?` carries the Shift it needs on most keyboards. */
export function actionOf(event: PressedKey): ActionName | undefined {
  const names = Object.keys(KEYS) as ActionName[];
  return names.find((name) => {
    const { key, ctrl = false, shift = false } = KEYS[name];
    const held = event.ctrlKey || event.metaKey;
    const sameShift = key === "?" || event.shiftKey === shift;
    return event.key.toLowerCase() === key.toLowerCase() && held === ctrl && sameShift && !event.altKey;
  });
}

const registered: Actions[] = [];

/** Makes a page's actions answer to the keys; gives the function that ends it. The last one registered goes first. */
export function register(actions: Actions): () => void {
  registered.unshift(actions);
  return () => {
    const at = registered.indexOf(actions);
    if (at >= 0) registered.splice(at, 1);
  };
}

/** Does an action, if any page has it. */
export function perform(name: ActionName): boolean {
  const action = registered.find((actions) => actions[name])?.[name];
  action?.();
  return action !== undefined;
}

const WRITING = "input:not([type=checkbox],[type=radio],[type=button]),textarea,select,[contenteditable]";

function heard(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const path = event.composedPath().filter((target): target is Element => (target as Node).nodeType === 1);
  if (path.some((element) => element.hasAttribute(HOLDS_KEYS))) return;
  const name = actionOf(event);
  if (!name || (name === "help" && path[0]?.matches(WRITING))) return;
  if (perform(name)) event.preventDefault();
}

/** Listens to a window's keys, this page's or a popped-out pane's. */
export function listen(target: Window): () => void {
  target.addEventListener("keydown", heard);
  return () => target.removeEventListener("keydown", heard);
}
