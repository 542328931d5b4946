import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { NumberValue } from "../frame/number_value";
import { shortHex } from "./evm_text";

/** A word of 256 bits: without leading zeros, and the middle of a long one left out; all of it when it is pointed at. */
@customElement("evm-word")
export class EvmWord extends NumberValue {
  constructor() {
    super();
    this.bits = 256;
    this.order = "big";
  }

  protected override text(value: number | bigint): string {
    return shortHex(BigInt(value));
  }
}

/** A word with its name and, if it changed, its previous value. */
export function word(value: string, name: string, previous?: string | null): TemplateResult {
  const before = previous === undefined || previous === null ? null : BigInt(previous);
  return html`<evm-word .value=${BigInt(value)} .name=${name} .previous=${before}></evm-word>`;
}
