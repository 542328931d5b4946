import { html, nothing, type TemplateResult } from "lit";
import type { Decoded, DecodedValue } from "../../protocol/evm/whole";
import { shortAddress } from "./evm_text";

/** Values with their types, and names where there are some. */
function list(values: readonly DecodedValue[]) {
  return values.map(
    ({ name, type, value }, at) =>
      html`${at > 0 ? ", " : ""}<span class="note">${type}${name ? ` ${name}` : ""}</span> <span title=${value}>${
        type === "address" ? shortAddress(value) : value
      }</span>`,
  );
}

/** Data as the ABI reads it: `transfer(address 0x…, uint256 5)`, and what a call gave back. */
export function decoded({ signature, values, outputs }: Decoded): TemplateResult {
  const name = signature.slice(0, signature.indexOf("(")).replace(/^(?:function|event|error)\s+/, "");
  return html`<code><strong>${name}</strong>(${list(values)})${
    outputs && outputs.length > 0 ? html` → ${list(outputs)}` : nothing
  }</code>`;
}
