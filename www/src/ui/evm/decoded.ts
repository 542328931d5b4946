import { html, type TemplateResult } from "lit";
import type { Decoded } from "../../protocol/evm/whole";
import { shortAddress } from "./evm_text";

/** Data as the ABI reads it: `transfer(address 0x…, uint256 5)`. */
export function decoded({ signature, values }: Decoded): TemplateResult {
  const name = signature.slice(0, signature.indexOf("("));
  return html`<code><strong>${name}</strong>(${values.map(
    ({ type, value }, at) =>
      html`${at > 0 ? ", " : ""}<span class="note">${type}</span> <span title=${value}>${
        type === "address" ? shortAddress(value) : value
      }</span>`,
  )})</code>`;
}
