import type { Terminal } from "@xterm/xterm";
import xtermCss from "@xterm/xterm/css/xterm.css?inline";
import { html, LitElement, unsafeCSS } from "lit";
import { customElement, query } from "lit/decorators.js";
import { store } from "../../client/start";
import controlsCss from "../controls/controls.css?inline";
import panelCss from "./panel.css?inline";
import terminalCss from "./serial_terminal.css?inline";

const COM1 = 0;
const THEME = { background: "#0b1215", foreground: "#dcebef", cursor: "#4cc8d6" };

/** A terminal on the machine's first serial port. */
@customElement("serial-terminal")
export class SerialTerminal extends LitElement {
  static override styles = [unsafeCSS(xtermCss), unsafeCSS(controlsCss), unsafeCSS(panelCss), unsafeCSS(terminalCss)];

  @query(".terminal") private readonly place!: HTMLDivElement;
  private terminal: Terminal | undefined;
  private ends: (() => void)[] = [];
  /** What came before xterm.js was loaded. */
  private early: Uint8Array[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.ends = [store.listen("serial", ({ port, bytes }) => port === COM1 && this.write(bytes))];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    this.terminal?.dispose();
    this.terminal = undefined;
  }

  override render() {
    return html`<section aria-labelledby="title">
      <h2 id="title">Serial terminal (COM1)</h2>
      <div class="terminal"></div>
    </section>`;
  }

  override async firstUpdated(): Promise<void> {
    const [{ Terminal }, { FitAddon }] = await Promise.all([import("@xterm/xterm"), import("@xterm/addon-fit")]);
    if (!this.isConnected) return;
    const terminal = new Terminal({ fontSize: 13, scrollback: 5000, theme: THEME, screenReaderMode: true });
    const fitting = new FitAddon();
    terminal.loadAddon(fitting);
    terminal.open(this.place);
    terminal.onData((text) => this.send(new TextEncoder().encode(text)));
    terminal.onBinary((text) => this.send(Uint8Array.from(text, (char) => char.charCodeAt(0))));
    const resized = new ResizeObserver(() => fitting.fit());
    resized.observe(this.place);
    this.ends.push(() => resized.disconnect());
    this.terminal = terminal;
    for (const bytes of this.early) terminal.write(bytes);
    this.early = [];
  }

  private write(bytes: Uint8Array): void {
    if (this.terminal) this.terminal.write(bytes);
    else this.early.push(bytes);
  }

  private send(bytes: Uint8Array<ArrayBuffer>): void {
    store.send({ type: "serialInput", port: COM1, bytes });
  }
}
