import { html, nothing } from "lit";
import type { RegisterField, RegisterView } from "../../protocol/inspection";
import "../frame/number_value";
import { FRAME } from "../../strings/frame";
import { PC } from "../../strings/pc";
import type { NumberForm } from "../frame/number_text";
import type { NumberTarget } from "../frame/number_value";

/** A register's bits as one number. */
export const wordOf = ({ value, high }: RegisterView): bigint => (BigInt(high >>> 0) << 32n) | BigInt(value >>> 0);

/** The register of the same name at the stop before. */
export const namesake = (registers: readonly RegisterView[] | undefined, name: string): RegisterView | undefined =>
  registers?.find((register) => register.name === name);

/** How a register's number is shown. */
export interface RowOptions {
  readonly form?: NumberForm;
  readonly target?: NumberTarget | undefined;
}

/** A register: its name and its number. */
export function registerRow(
  register: RegisterView,
  before: RegisterView | undefined,
  { form = "hex", target }: RowOptions = {},
) {
  return html`<dt title=${register.title}>${register.name}</dt>
    <dd><number-value .name=${register.name} .value=${wordOf(register)} .previous=${before ? wordOf(before) : null}
      .bits=${register.width} .form=${form} .target=${target}></number-value></dd>`;
}

const changed = (field: RegisterField, before: RegisterView | undefined): boolean => {
  const old = before?.bits.find(({ name }) => name === field.name);
  return old !== undefined && old.value !== field.value;
};

/** A register's bits by name: capital letters for those that are set, small ones for those that are clear. */
export function fieldList(register: RegisterView, before: RegisterView | undefined) {
  // Bits that are always 1 or 0 are no news.
  const fields = register.bits.filter(({ name }) => !/^\d+$/.test(name)).reverse();
  return html`<ul class="bits" aria-label=${register.name}>${fields.map((field) => bit(field, changed(field, before)))}</ul>`;
}

function bit(field: RegisterField, isChanged: boolean) {
  const { name, title, from, to, value, meaning } = field;
  const single = from === to;
  const text = single
    ? value
      ? name.toUpperCase()
      : name.toLowerCase()
    : `${name}=${value.toString(16).toUpperCase()}`;
  const said = single ? (value ? PC.registers.set : PC.registers.clear) : String(value);
  const place = single ? `${from}` : `${to}:${from}`;
  const hint = `${place} ${name}: ${title}${meaning ? ` — ${meaning}` : ""}`;
  return html`<li class="${value ? "set" : ""} ${isChanged ? "changed" : ""}" title=${hint}
    ><span aria-hidden="true">${text}</span><span class="heard">${name} ${said} ${isChanged ? FRAME.changed : nothing}</span></li>`;
}
