import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { evmStore } from "../../client/evm/start";
import type { FunctionFrame, LocalVariable, Scene, VariablePlace } from "../../protocol/evm/scene";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { marked } from "../frame/marked";
import { evmDesk } from "./desk_start";
import { EvmController } from "./evm_controller";
import { shortenHex, shortHex } from "./evm_text";
import paneCss from "./pane.css?inline";
import variablesCss from "./variables_pane.css?inline";

const WORDS = EVM.variables;

function placeText(where: VariablePlace): string {
  switch (where.in) {
    case "stack":
      return WORDS.places.stack(where.index);
    case "memory":
      return WORDS.places.memory(shortHex(BigInt(where.offset)));
    case "calldata":
      return WORDS.places.calldata(shortHex(BigInt(where.offset)));
    case "storage":
      return WORDS.places.storage(shortHex(BigInt(where.slot)));
  }
}

const sameVariable = (one: LocalVariable, other: LocalVariable): boolean =>
  one.name === other.name &&
  one.declared.file === other.declared.file &&
  one.declared.line === other.declared.line &&
  one.declared.column === other.declared.column;

/** The value of a variable at the moment shown before, if that was in the same call of the same function. */
function before(variable: LocalVariable, frame: FunctionFrame, depth: number, scene: Scene, previous: Scene | null) {
  const functions = previous?.call === scene.call ? previous.functions : undefined;
  const same = functions?.at(-depth - 1);
  if (!same || same.name !== frame.name) return undefined;
  return same.variables.find((other) => sameVariable(other, variable))?.value;
}

/** The functions that were entered, the innermost first, with what their variables hold. */
@customElement("evm-variables")
export class VariablesPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(variablesCss)];

  private readonly evm = new EvmController(this);

  override render() {
    const { scene, code } = this.evm.value;
    if (!scene) return html`<p class="note">${EVM.nothing}</p>`;
    if (code?.source?.language !== "solidity") return html`<p class="note">${WORDS.noSource}</p>`;
    const { functions = [], variablesUnknown } = scene;
    const why = variablesUnknown ? html`<p class="why">${WORDS.unknown[variablesUnknown]}</p>` : nothing;
    if (functions.length === 0) return html`${why}<p class="note">${WORDS.noFunctions}</p>`;
    return html`${why}<ol aria-label=${WORDS.functions}>${functions.map((frame, at) =>
      this.frame(frame, at, functions.length - 1 - at, scene),
    )}</ol>`;
  }

  /** `depth` counts from the outermost function. */
  private frame(frame: FunctionFrame, at: number, depth: number, scene: Scene) {
    // The innermost function's are those that can be named where it stands.
    const variables = at === 0 ? (scene.variables ?? frame.variables) : frame.variables;
    const { name, at: place } = frame;
    return html`<li>
      <h3><code>${name}</code> ${at === 0 ? html`<span class="chip strong">${WORDS.innermost}</span>` : nothing}
        ${
          place
            ? html`<button type="button" class="link" title=${WORDS.go} @click=${() => this.show(place.file)}
              >${WORDS.line(place.file, place.line)}</button>`
            : nothing
        }</h3>
      ${
        variables.length === 0
          ? scene.variablesUnknown
            ? nothing
            : html`<p class="note">${WORDS.none}</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label=${`${WORDS.local}: ${name}`}><table>
            <thead><tr><th>${WORDS.name}</th><th>${WORDS.value}</th><th>${WORDS.type}</th><th>${WORDS.where}</th><th></th></tr></thead>
            <tbody>${variables.map((one) => this.variable(one, before(one, frame, depth, scene, this.evm.value.previous)))}</tbody>
          </table></div>`
      }
    </li>`;
  }

  private variable({ name, type, value, kind, where }: LocalVariable, old: string | null | undefined) {
    const back = () => evmStore.travel({ backwards: { until: "stackChanges", index: where.index } });
    return html`<tr>
      <th scope="row"><code>${name}</code>${kind === "local" ? nothing : html` <span class="chip">${WORDS.kinds[kind]}</span>`}</th>
      <td class="mono value" title=${value ?? nothing}>${
        value === null
          ? html`<span class="note">${WORDS.unread}</span>`
          : marked(shortenHex(value), old && shortenHex(old))
      }</td>
      <td class="note type">${type}</td>
      <td class="note">${placeText(where)}</td>
      <td><button type="button" class="small" title=${WORDS.origin} aria-label=${`${WORDS.origin}: ${name}`} @click=${back}>↩</button></td>
    </tr>`;
  }

  private show(file: string): void {
    const at = evmDesk.view.draft.sources.findIndex(({ name }) => name === file);
    if (at >= 0) evmDesk.call(at);
  }
}
