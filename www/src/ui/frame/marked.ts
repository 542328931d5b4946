import { html } from "lit";
import { FRAME } from "../../strings/frame";

/** A text, marked and with the previous one beside it if it changed. The component's style has `changed` and `was`. */
export function marked(now: string, before: string | null | undefined) {
  if (before === undefined || before === null || before === now) return html`${now}`;
  return html`<span class="changed">${now}</span><span class="was"><i>${FRAME.was}</i> ${before || "–"}</span>`;
}
