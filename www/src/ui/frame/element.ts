import { type CSSResultOrNative, LitElement } from "lit";

/** A style sheet belongs to one document: those made for other windows than this one. */
const elsewhere = new WeakMap<Document, Map<CSSStyleSheet, CSSStyleSheet>>();

function textOf(sheet: CSSStyleSheet): string {
  return Array.from(sheet.cssRules, (rule) => rule.cssText).join("\n");
}

/** The same style sheet, made for another document's window. */
function copyFor(owner: Document, sheet: CSSStyleSheet): CSSStyleSheet {
  const copies = elsewhere.get(owner) ?? new Map<CSSStyleSheet, CSSStyleSheet>();
  elsewhere.set(owner, copies);
  const known = copies.get(sheet);
  if (known) return known;
  const Sheet = (owner.defaultView as (Window & typeof globalThis) | null)?.CSSStyleSheet ?? CSSStyleSheet;
  const copy = new Sheet();
  copy.replaceSync(textOf(sheet));
  copies.set(sheet, copy);
  return copy;
}

const sheetOf = (style: CSSResultOrNative): CSSStyleSheet | undefined =>
  style instanceof CSSStyleSheet ? style : style.styleSheet;

/**
 * What every element of the page extends. Panes may be popped out into a window of their own; a shadow root loses its
 * style sheets when it is moved into another document, and must not be given those of the first. This gives it copies.
 */
export class GlassElement extends LitElement {
  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    if (this.ownerDocument === document) return super.createRenderRoot();
    const root = this.shadowRoot ?? this.attachShadow((this.constructor as typeof LitElement).shadowRootOptions);
    this.dress(root);
    return root;
  }

  /** The element was moved into another window, or back. */
  adoptedCallback(): void {
    if (this.shadowRoot) this.dress(this.shadowRoot);
    this.requestUpdate();
  }

  private dress(root: ShadowRoot): void {
    const sheets = (this.constructor as typeof LitElement).elementStyles.flatMap((style) => sheetOf(style) ?? []);
    const here = this.ownerDocument === document;
    root.adoptedStyleSheets = here ? sheets : sheets.map((sheet) => copyFor(this.ownerDocument, sheet));
  }
}
