import { html } from "lit";
import "../frame/number_value";
import { hex } from "../frame/number_text";
import type { AddressTarget } from "../frame/number_value";

/** What a number in a table is, and where it leads. */
export interface CellOptions {
  readonly name: string;
  readonly bits?: number;
  readonly previous?: number | null | undefined;
  /** The address space it counts in; none for plain numbers. */
  readonly space?: string;
  readonly pane?: AddressTarget["pane"];
}

/** A number of the machine. */
export function cell(value: number, { name, bits = 32, previous, space, pane = "memory" }: CellOptions) {
  return html`<number-value .name=${name} .bits=${bits} .value=${value >>> 0} .target=${space ? { space, pane } : undefined}
    .previous=${previous === undefined || previous === null ? null : previous >>> 0}></number-value>`;
}

/** `CS:EIP`; where the segment begins at no known place, the text alone. */
export const farText = (selector: number, offset: number): string =>
  `${hex(selector, 4)}:${hex(offset, offset > 0xffff || offset < 0 ? 8 : 4)}`;

/** What a person wrote as `20` or `20-2f`: first and last, both there; nothing for an empty text; null for another one. */
export function rangeOf(text: string): { first?: number; last?: number } | null {
  const trimmed = text.trim();
  if (trimmed === "") return {};
  const found = /^([0-9a-f]{1,4})(?:\s*[-–]\s*([0-9a-f]{1,4}))?$/i.exec(trimmed);
  if (!found) return null;
  const first = Number.parseInt(found[1] ?? "", 16);
  const last = found[2] === undefined ? first : Number.parseInt(found[2], 16);
  return first <= last ? { first, last } : null;
}
