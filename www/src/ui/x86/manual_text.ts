import { html, nothing } from "lit";
import type { ManualLine } from "../../protocol/inspection";
import { PC } from "../../strings/pc";

const WORDS = PC.code;

/** What the manual says of an instruction, in a few lines. */
export function manualText({
  mnemonic,
  title,
  operation,
  flagsRead,
  flagsWritten,
  flagsUndefined,
  faults,
}: ManualLine) {
  const flags = (what: string, names: readonly string[]) =>
    names.length > 0 ? html`<span>${what} <code>${names.join(" ")}</code></span> ` : nothing;
  return html`
    <p><b>${mnemonic.toUpperCase()}</b> ${title}</p>
    <p>${operation}</p>
    <p class="note">
      ${flags(WORDS.reads, flagsRead)}${flags(WORDS.writes, flagsWritten)}${flags(WORDS.undefined, flagsUndefined)}
      ${faults.length > 0 ? html`<span>${WORDS.faults}: ${faults.join("; ")}</span>` : nothing}
    </p>
  `;
}
