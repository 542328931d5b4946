import { html, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import { store } from "../../client/start";
import type { CodeLine, Registers } from "../../protocol/inspection";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { ViewController } from "../view_controller";
import cpuCss from "./cpu_panel.css?inline";
import panelCss from "./panel.css?inline";
import { generalRows, hex, type RegisterRow, systemRows } from "./register_text";

const LINES = 16;
const STEPS = [1, 10, 1000] as const;

/** Registers and the code at EIP, while the machine rests. */
@customElement("cpu-panel")
export class CpuPanel extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(panelCss), unsafeCSS(cpuCss)];

  @state() private registers: Registers | null = null;
  @state() private code: readonly CodeLine[] = [];
  private readonly view = new ViewController(this, store);
  private end: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.end = store.watch(() => void this.look());
    void this.look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end?.();
  }

  private get resting(): boolean {
    const { state } = this.view.value;
    return state === "paused" || state === "stopped";
  }

  private async look(): Promise<void> {
    if (!this.resting) return;
    try {
      const registers = await store.ask({ kind: "registers" });
      this.registers = registers;
      this.code = await store.ask({ kind: "disassembly", linear: registers.linear_ip, count: LINES });
    } catch {
      // The machine went away while it was asked: the next change of state shows what there is.
      this.registers = null;
    }
  }

  override render() {
    return html`<section aria-labelledby="title">
      <h2 id="title">CPU</h2>
      ${this.resting && this.registers ? this.inside(this.registers) : html`<p class="note">Pause the machine to look inside.</p>`}
    </section>`;
  }

  private inside(registers: Registers) {
    const steps = STEPS.map(
      (
        count,
      ) => html`<button type="button" ?disabled=${this.view.value.state !== "paused"} @click=${() => store.send({ type: "step", count })}>
        Step ${count}
      </button>`,
    );
    return html`
      <div class="buttons">${steps}</div>
      ${this.rows(generalRows(registers), "general")}
      <div class="code">
        <table aria-label="Code at EIP">
          <tbody>
            ${this.code.map((line, index) => this.line(line, index === 0))}
          </tbody>
        </table>
      </div>
      <details>
        <summary>Segments and system registers</summary>
        ${this.rows(systemRows(registers), "")}
      </details>
    `;
  }

  private rows(rows: readonly RegisterRow[], kind: string) {
    return html`<dl class=${kind}>
      ${rows.map(({ name, value }) => html`<dt>${name}</dt><dd class=${value.length > 10 ? "long" : ""}>${value}</dd>`)}
    </dl>`;
  }

  private line({ address, bytes, text }: CodeLine, current: boolean) {
    return html`<tr class=${current ? "current" : ""}>
      <td>${hex(address, 8)}</td>
      <td class="bytes">${bytes.map((byte) => hex(byte, 2)).join(" ")}</td>
      <td>${text}</td>
    </tr>`;
  }
}
