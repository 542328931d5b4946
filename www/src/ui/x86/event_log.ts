import { html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { looker, store } from "../../client/start";
import type { EventLog, LogFilter } from "../../protocol/inspection";
import { INSIDE } from "../../strings/inside";
import { PC } from "../../strings/pc";
import { GlassElement } from "../frame/element";
import { rangeOf } from "./cells";

const WORDS = INSIDE.log;
/** Events a log keeps. */
const CAPACITY = 4096;
/** Events shown. */
export const SHOWN = 256;

/** What the panes of both logs have in common: the switch, and the filter by number. */
export abstract class EventLogPane extends GlassElement {
  @state() protected numbers = "";

  /** Which of the two logs this is. */
  protected abstract readonly which: "interrupts" | "ports";
  protected abstract ask(): void;

  /** The filter's numbers; none where the text is no range. */
  protected get range(): Pick<LogFilter, "first" | "last"> {
    return rangeOf(this.numbers) ?? {};
  }

  protected bar(log: EventLog<unknown>, hint: string, more: unknown) {
    const bad = rangeOf(this.numbers) === null;
    return html`<div class="bar">
      <button type="button" aria-pressed=${log.on} @click=${() => void this.turn(!log.on)}>${log.on ? WORDS.stop : WORDS.start}</button>
      <span class="grow"><input type="text" spellcheck="false" autocomplete="off" maxlength="20" aria-label=${hint} placeholder=${hint}
        aria-invalid=${bad} .value=${this.numbers} @input=${this.write} /></span>${more}
      <span class="push">${log.on ? WORDS.total(log.total) : nothing}</span>
    </div>${bad ? html`<p class="bad" role="alert">${WORDS.badFilter}</p>` : nothing}`;
  }

  /** What to say instead of a list of events, if anything. */
  protected nothingToShow(log: EventLog<unknown>) {
    if (!log.on) return html`<p class="note">${WORDS.off}</p>`;
    return log.events.length === 0 ? html`<p class="note">${WORDS.none}</p>` : null;
  }

  protected get noMachine() {
    return html`<p class="note">${PC.noMachine}</p>`;
  }

  /** Switches this log, and leaves the other as it is. */
  private async turn(on: boolean): Promise<void> {
    const interrupts = this.which === "interrupts" ? on : (await store.inspect("interruptLog", { count: 1 })).on;
    const ports = this.which === "ports" ? on : (await store.inspect("portLog", { count: 1 })).on;
    await store.inspect("setEventLogs", interrupts, ports, CAPACITY);
    looker.refresh();
  }

  private readonly write = (event: Event): void => {
    this.numbers = (event.target as HTMLInputElement).value;
    this.ask();
  };
}
