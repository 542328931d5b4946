import { embedded } from "../../client/embedding";

/** What the reader chose about the page's look, kept in this browser. */
export interface Settings {
  readonly theme: Theme;
  /** Percent of the browser's text size, 70 to 200. */
  readonly scale: number;
}

export type Theme = "system" | "light" | "dark";

export const THEMES: readonly Theme[] = ["system", "light", "dark"];
export const SMALLEST_SCALE = 70;
export const LARGEST_SCALE = 200;
export const SCALE_STEP = 10;

const KEY = "glassbox.settings";
const DEFAULT: Settings = { theme: "system", scale: 100 };

/** Settings out of what storage holds: anything, perhaps. */
export function readSettings(text: string | null): Settings {
  try {
    const { theme, scale } = Object(JSON.parse(text ?? "null"));
    return { theme: THEMES.includes(theme) ? theme : DEFAULT.theme, scale: within(scale) };
  } catch {
    return DEFAULT;
  }
}

function within(scale: unknown): number {
  if (typeof scale !== "number" || !Number.isFinite(scale)) return DEFAULT.scale;
  return Math.min(Math.max(Math.round(scale), SMALLEST_SCALE), LARGEST_SCALE);
}

export { embedded };

/** What is remembered: nothing of an embedded page, whose look is the embedding one's affair. */
const kept = (): Storage | null => (embedded === null ? localStorage : null);

/** Storage that a browser may refuse: private windows, sandboxed frames. */
export const storage = {
  get(key: string): string | null {
    try {
      return kept()?.getItem(key) ?? null;
    } catch {
      return null;
    }
  },
  set(key: string, value: string): void {
    try {
      kept()?.setItem(key, value);
    } catch {
      // Nothing is remembered then.
    }
  },
  remove(key: string): void {
    try {
      kept()?.removeItem(key);
    } catch {
      // Nothing was remembered.
    }
  },
};

let current = readSettings(storage.get(KEY));
const documents = new Set<Document>();

export const settings = (): Settings => current;

/** Dresses a document, this page's or a popped-out pane's, and keeps it so. */
export function dress(target: Document): () => void {
  documents.add(target);
  apply(target);
  return () => documents.delete(target);
}

/** Changes some of the settings, in all windows, and remembers them. */
export function change(part: Partial<Settings>): void {
  current = { theme: part.theme ?? current.theme, scale: within(part.scale ?? current.scale) };
  storage.set(KEY, JSON.stringify(current));
  for (const target of documents) apply(target);
}

function apply({ documentElement }: Document): void {
  documentElement.dataset.theme = current.theme;
  documentElement.style.setProperty("--text-scale", String(current.scale / 100));
}
