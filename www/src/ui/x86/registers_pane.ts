import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { looker } from "../../client/start";
import { whoWrote } from "../../client/wrote";
import type { AllRegisters, FpuRegister, RegisterView, SegmentDetail } from "../../protocol/inspection";
import { FRAME } from "../../strings/frame";
import { PC } from "../../strings/pc";
import { WROTE } from "../../strings/wrote";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { marked } from "../frame/marked";
import { NUMBER_FORMS, type NumberForm } from "../frame/number_text";
import type { AddressTarget } from "../frame/number_value";
import { PaneStateEvent } from "../frame/pane";
import { LookController } from "../look_controller";
import { addressLink } from "./far_value";
import { LANE_TYPES, lanesOf } from "./lanes";
import paneCss from "./pane.css?inline";
import recordsCss from "./records.css?inline";
import { fieldList, namesake, registerRow } from "./register_fields";
import registersCss from "./registers_pane.css?inline";

/** Into which segment a register points by default: SDM volume 1, section 3.4.2. */
const SEGMENT_OF: Readonly<Record<string, string>> = { ESP: "ss", EBP: "ss", EDI: "es", EIP: "cs" };

const WORDS = PC.registers;

/** What the pane keeps with the layout. */
interface Choice {
  readonly form: NumberForm;
  readonly lanes: string;
}

/** All registers, group by group. */
@customElement("registers-pane")
export class RegistersPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(recordsCss), unsafeCSS(registersCss)];

  @state() private form: NumberForm = "hex";
  @state() private lanes = "u32";
  private readonly registers = new LookController(this, looker, "allRegisters", () => []);

  /** Kept with the layout, and not to be trusted. */
  set paneState(kept: unknown) {
    const { form, lanes } = Object(kept) as Partial<Choice>;
    if (form && NUMBER_FORMS.includes(form)) this.form = form;
    if (LANE_TYPES.some(({ id }) => id === lanes)) this.lanes = String(lanes);
  }

  override render() {
    const { value: now, previous: before } = this.registers;
    if (!now) return html`<p class="note">${PC.noMachine}</p>`;
    return html`
      <div class="head">
        <p>${now.mode} · ${WORDS.ring(now.cpl)}${now.halted ? ` · ${WORDS.sleeps}` : nothing}</p>
        <select aria-label=${WORDS.form} @change=${this.chooseForm}>
          ${NUMBER_FORMS.map((form) => html`<option value=${form} ?selected=${form === this.form}>${FRAME.forms[form]}</option>`)}
        </select>
        <select aria-label=${WROTE.registerHint} title=${WROTE.registerHint} .value=${""} @change=${this.lastChange}>
          <option value="">${WROTE.register}</option>
          ${changeable(now).map((name) => html`<option>${name}</option>`)}
        </select>
      </div>
      <dl class="words">${now.general.map((register) => this.general(register, before))}</dl>
      <dl class="wide">${registerRow(now.eflags, before?.eflags)}</dl>
      ${fieldList(now.eflags, before?.eflags)}
      ${this.group(WORDS.segments, true, this.segments(now, before))}
      ${this.group(WORDS.control, false, this.control(now, before))}
      ${this.group(WORDS.debug, false, this.withBits(now.debug, before?.debug))}
      ${this.group(WORDS.fpu, false, this.fpu(now, before))}
      ${this.group(WORDS.mmx, false, this.vectors("MM", now.mmx, before?.mmx))}
      ${this.group(WORDS.sse, false, html`${this.vectors("XMM", now.xmm, before?.xmm)} ${this.withBits([now.mxcsr], before ? [before.mxcsr] : undefined)}`)}
      ${now.msrs.length > 0 ? this.group(WORDS.msrs, false, this.withBits(now.msrs, before?.msrs)) : nothing}
    `;
  }

  private group(title: string, open: boolean, inside: unknown) {
    return html`<details ?open=${open}><summary>${title}</summary>${inside}</details>`;
  }

  private general(register: RegisterView, before: AllRegisters | null) {
    const pane = register.name.toUpperCase() === "EIP" ? "code" : "memory";
    const target = { space: SEGMENT_OF[register.name.toUpperCase()] ?? "ds", pane } as const;
    return registerRow(register, namesake(before?.general, register.name), { form: this.form, target });
  }

  /** Registers with their bits by name under them. */
  private withBits(registers: readonly RegisterView[], before: readonly RegisterView[] | undefined) {
    return registers.map((register) => {
      const old = namesake(before, register.name);
      return html`<dl class="wide">${registerRow(register, old, { target: pointee(register.name) })}</dl>${register.bits.length > 0 ? fieldList(register, old) : nothing}`;
    });
  }

  private segments(now: AllRegisters, before: AllRegisters | null) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${WORDS.segments}><table>
      <thead><tr><th></th><th>${WORDS.selector}</th><th>${WORDS.base}</th><th>${WORDS.limit}</th><th>${WORDS.type}</th></tr></thead>
      <tbody>${now.segments.map((segment) =>
        this.segment(
          segment,
          before?.segments.find(({ name }) => name === segment.name),
        ),
      )}</tbody>
    </table></div>`;
  }

  private segment(now: SegmentDetail, before: SegmentDetail | undefined) {
    const name = now.name.toUpperCase();
    const linear = { space: "linear", pane: name === "CS" ? "code" : "memory" } as const;
    const cell = (key: "selector" | "base" | "limit", bits: number, target?: Omit<AddressTarget, "address">) => html`<td
      ><number-value .name="${name} ${WORDS[key]}" .bits=${bits} .value=${now[key] >>> 0} .target=${target}
        .previous=${before ? before[key] >>> 0 : null}></number-value></td>`;
    return html`<tr title="${now.selectorText} ${now.range}">
      <th scope="row">${name}</th>${cell("selector", 16)}${cell("base", 32, linear)}${cell("limit", 32)}<td class="type">${now.type}</td>
    </tr>`;
  }

  private control(now: AllRegisters, before: AllRegisters | null) {
    const tables = now.tables.map(({ name, base, limit }) => {
      const old = before?.tables.find((table) => table.name === name);
      return html`<dl class="wide"><dt>${name}</dt><dd>
        <number-value .name=${name} .value=${base >>> 0} .previous=${old ? old.base >>> 0 : null} .target=${{ space: "linear", pane: "memory" }}></number-value>
        <span class="note">${WORDS.limit}</span>
        <number-value .name="${name} ${WORDS.limit}" .bits=${16} .value=${limit} .previous=${old?.limit ?? null}></number-value>
      </dd></dl>`;
    });
    return html`${this.withBits(now.control, before?.control)} ${tables}`;
  }

  private fpu({ fpu }: AllRegisters, before: AllRegisters | null) {
    const old = before?.fpu;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${WORDS.fpu}><table>
        <thead><tr><th></th><th>${WORDS.value}</th><th>${WORDS.tag}</th><th>${WORDS.bytes}</th></tr></thead>
        <tbody>${fpu.stack.map((register, at) => this.fpuRegister(register, old?.stack[at]))}</tbody>
      </table></div>
      ${this.withBits([fpu.control, fpu.status, fpu.tag], old && [old.control, old.status, old.tag])}
      <dl class="wide">
        <dt>${WORDS.lastInstruction}</dt><dd>${farLink(fpu.instruction, "code")}</dd>
        <dt>${WORDS.lastOperand}</dt><dd>${farLink(fpu.operand, "memory")}</dd>
        <dt>${WORDS.opcode}</dt><dd>${fpu.opcode.toString(16).toUpperCase()}</dd>
      </dl>`;
  }

  private fpuRegister(now: FpuRegister, before: FpuRegister | undefined) {
    const shown = now.tag === "empty" ? "" : now.text;
    const old = before?.tag === "empty" ? "" : before?.text;
    return html`<tr class=${now.tag === "empty" ? "empty" : ""} title="R${now.physical}, ${now.class}">
      <th scope="row">${now.name.toUpperCase()}</th><td>${marked(shown, old)}</td><td>${marked(now.tag, before?.tag)}</td>
      <td>${now.hex.toUpperCase()}</td></tr>`;
  }

  private vectors(name: string, now: readonly string[], before: readonly string[] | undefined) {
    const type = LANE_TYPES.find(({ id }) => id === this.lanes) ?? LANE_TYPES[0];
    if (!type) return nothing;
    return html`
      <select aria-label=${WORDS.lanes} @change=${this.chooseLanes}>
        ${LANE_TYPES.map(({ id, title }) => html`<option value=${id} ?selected=${id === this.lanes}>${title}</option>`)}
      </select>
      <div class="scroll" tabindex="0" role="region" aria-label=${name}><table><tbody>${now.map((digits, at) => {
        const old = before?.[at];
        const lanes = lanesOf(digits, type);
        const oldLanes = old === undefined ? [] : lanesOf(old, type);
        return html`<tr><th scope="row">${name}${at}</th>${lanes.map((lane, index) => html`<td>${marked(lane, oldLanes[index])}</td>`)}</tr>`;
      })}</tbody></table></div>`;
  }

  private readonly lastChange = (event: Event): void => {
    const select = event.target as HTMLSelectElement;
    if (select.value) whoWrote("register", select.value.toLowerCase());
    select.value = "";
  };

  private readonly chooseForm = (event: Event): void => {
    this.form = (event.target as HTMLSelectElement).value as NumberForm;
    this.keep();
  };

  private readonly chooseLanes = (event: Event): void => {
    this.lanes = (event.target as HTMLSelectElement).value;
    this.keep();
  };

  private keep(): void {
    this.dispatchEvent(new PaneStateEvent({ form: this.form, lanes: this.lanes } satisfies Choice));
  }
}

/** Registers and flags of which is known who changed them last. */
function changeable({ general, eflags, segments, control, fpu, mmx, xmm }: AllRegisters): readonly string[] {
  const flags = eflags.bits.filter(({ name }) => /^[a-z]f$/i.test(name));
  const named = [...general, eflags, ...flags, ...segments, ...control, ...fpu.stack].map(({ name }) => name);
  return [...named, ...mmx.map((_, at) => `mm${at}`), ...xmm.map((_, at) => `xmm${at}`)].map((name) =>
    name.toUpperCase(),
  );
}

/** Where what a control, debug or model-specific register holds leads, if it is an address: SDM volume 3A, 2.5, 17.2, 5.8.7. */
function pointee(name: string): Omit<AddressTarget, "address"> | undefined {
  const upper = name.toUpperCase();
  if (upper === "CR3") return { space: "physical", pane: "memory" };
  if (/^(CR2|DR[0-3]|.*SYSENTER_ESP)$/.test(upper)) return { space: "linear", pane: "memory" };
  return /SYSENTER_EIP$/.test(upper) ? { space: "linear", pane: "code" } : undefined;
}

/** A selector and offset, as `0008:00001234`. */
function farLink(text: string, pane: AddressTarget["pane"]) {
  const [, selector, offset] = /^([0-9a-f]{1,4}):([0-9a-f]{1,8})$/i.exec(text) ?? [];
  if (selector === undefined) return text;
  return addressLink(text, { space: selector.toLowerCase(), address: BigInt(`0x${offset}`), pane });
}
