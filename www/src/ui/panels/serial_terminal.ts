import type { Terminal } from "@xterm/xterm";
import xtermCss from "@xterm/xterm/css/xterm.css?inline";
import { html, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { store } from "../../client/start";
import { SERIAL_PORTS } from "../../client/store";
import type { MachineSpec } from "../../protocol/machine_spec";
import { PC } from "../../strings/pc";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { ViewController } from "../view_controller";
import panelCss from "./panel.css?inline";
import terminalCss from "./serial_terminal.css?inline";

const THEME = { background: "#0b1215", foreground: "#dcebef", cursor: "#4cc8d6" };

/** A terminal on one of the machine's serial ports. */
@customElement("serial-terminal")
export class SerialTerminal extends GlassElement {
  static override styles = [unsafeCSS(xtermCss), unsafeCSS(controlsCss), unsafeCSS(panelCss), unsafeCSS(terminalCss)];

  @query(".terminal") private readonly place!: HTMLDivElement;
  @state() private port = 0;
  private readonly view = new ViewController(this, store);
  private terminal: Terminal | undefined;
  private ends: (() => void)[] = [];
  /** The machine and the port whose output is shown. */
  private shown: readonly [MachineSpec | null, number] | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.start();
    this.ends = [store.listen("serial", ({ port, bytes }) => port === this.port && this.terminal?.write(bytes))];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    this.terminal?.dispose();
    this.terminal = undefined;
    this.shown = undefined;
  }

  override render() {
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">${PC.serial.title}</h2>
        <select aria-label=${PC.serial.port} @change=${this.choose}>
          ${SERIAL_PORTS.map((port) => this.option(port))}
        </select>
      </div>
      <div class="terminal" data-holds-keys></div>
    </section>`;
  }

  /** A mark tells the ports that have said something. */
  private option(port: number) {
    const mark = this.view.value.ports.includes(port) ? " •" : "";
    return html`<option value=${port} ?selected=${port === this.port}>${PC.serial.name(port + 1)}${mark}</option>`;
  }

  private readonly choose = (event: Event): void => {
    this.port = Number((event.target as HTMLSelectElement).value);
    this.terminal?.focus();
  };

  override updated(): void {
    this.show();
  }

  /** Shows what came so far, if this is another machine or port than before. */
  private show(): void {
    const { spec } = this.view.value;
    if (!this.terminal || (this.shown?.[0] === spec && this.shown[1] === this.port)) return;
    this.shown = [spec, this.port];
    this.terminal.reset();
    this.terminal.write(store.serial[this.port]?.bytes ?? "");
  }

  private async start(): Promise<void> {
    await this.updateComplete;
    const [{ Terminal }, { FitAddon }] = await Promise.all([import("@xterm/xterm"), import("@xterm/addon-fit")]);
    if (!this.isConnected || this.terminal) return;
    const terminal = new Terminal({ fontSize: 13, scrollback: 5000, theme: THEME, screenReaderMode: true });
    const fitting = new FitAddon();
    terminal.loadAddon(fitting);
    terminal.open(this.place);
    // The way out for those who have no mouse: the terminal takes Tab.
    terminal.attachCustomKeyEventHandler((event) => {
      const leaves = event.code === "KeyG" && event.ctrlKey && event.altKey;
      if (leaves) terminal.blur();
      return !leaves;
    });
    terminal.onData((text) => this.send(new TextEncoder().encode(text)));
    terminal.onBinary((text) => this.send(Uint8Array.from(text, (char) => char.charCodeAt(0))));
    const resized = new ResizeObserver(() => fitting.fit());
    resized.observe(this.place);
    this.ends.push(() => resized.disconnect());
    this.terminal = terminal;
    this.show();
  }

  private send(bytes: Uint8Array<ArrayBuffer>): void {
    store.send({ type: "serialInput", port: this.port, bytes });
  }
}
