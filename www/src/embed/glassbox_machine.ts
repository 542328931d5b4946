import {
  EMBED_VERSION,
  type EmbeddedEvent,
  type EmbeddedMethods,
  type EmbeddedReply,
  type EmbeddedSpec,
  type Handshake,
  isHandshake,
} from "../protocol/embed";
import type { Registers } from "../protocol/inspection";
import type { StepKind, StopError, StopReason, StopSpec } from "../protocol/stops";
import { EMBED } from "../strings/embed";

export type { EmbeddedSpec, Registers, StepKind, StopError, StopReason, StopSpec };

/** What the element's events carry in `detail`. */
export interface GlassboxMachineEvents {
  /** The page in the frame is there, and can be asked. */
  ready: CustomEvent<null>;
  state: CustomEvent<Omit<Extract<EmbeddedEvent, { type: "state" }>, "type">>;
  stop: CustomEvent<Omit<Extract<EmbeddedEvent, { type: "stop" }>, "type">>;
  serial: CustomEvent<Omit<Extract<EmbeddedEvent, { type: "serial" }>, "type">>;
  problem: CustomEvent<Omit<Extract<EmbeddedEvent, { type: "problem" }>, "type">>;
}

/** Presets of panes: the screen alone, what a lesson needs, everything. */
export type PanesPreset = "watch" | "learn" | "debug";

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

const STYLE = `
  :host { display: block; height: 30rem; }
  :host([hidden]) { display: none; }
  iframe { display: block; width: 100%; height: 100%; border: 0; }
`;

/**
 * `<glassbox-machine>`: a PC made of glass in a teaching page.
 *
 * | attribute | what it is |
 * | --- | --- |
 * | `page` | address of the site's `x86/` page; beside this script, if left out |
 * | `link` | a link to a moment, whole or from its `#` on: the reader is asked, then it opens paused there |
 * | `preset` | `watch`, `learn` or `debug` panes |
 * | `label` | what assistive technology calls the frame |
 *
 * Nothing is downloaded but the page itself. Methods wait until it is there; they fail with the page's one line of why.
 */
export class GlassboxMachine extends HTMLElement {
  static readonly observedAttributes = ["page", "link", "preset", "label"];

  private readonly frame = document.createElement("iframe");
  private port: MessagePort | undefined;
  private asked = 0;
  private readonly waiting = new Map<number, Waiting>();
  /** Questions from before the page was there. */
  private early: (() => void)[] = [];

  constructor() {
    super();
    const style = document.createElement("style");
    style.textContent = STYLE;
    this.frame.allow = "fullscreen; clipboard-write";
    this.attachShadow({ mode: "open" }).append(style, this.frame);
  }

  connectedCallback(): void {
    addEventListener("message", this.heard);
    this.load();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this.heard);
    this.leave(EMBED.removed);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.load();
  }

  override addEventListener<Name extends keyof GlassboxMachineEvents>(
    type: Name,
    listener: (event: GlassboxMachineEvents[Name]) => void,
    options?: AddEventListenerOptions | boolean,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: AddEventListenerOptions | boolean,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | ((event: never) => void),
    options?: AddEventListenerOptions | boolean,
  ): void {
    super.addEventListener(type, listener as EventListener, options);
  }

  /** Boots a guest of the site's gallery by name, or a machine by its parts. */
  boot(machine: string | EmbeddedSpec, { paused = false } = {}): Promise<void> {
    return this.ask("boot", machine, paused);
  }

  run(): Promise<void> {
    return this.ask("run");
  }

  pause(): Promise<void> {
    return this.ask("pause");
  }

  /** Steps a paused machine; `to` has an address, as a stop's `at`. Listen for `stop` to know when it is done. */
  step(kind: StepKind = "into", to = ""): Promise<void> {
    return this.ask("step", kind, to);
  }

  /** Goes back by an instruction, or to the last stop met before. */
  back(kind: "into" | "continue" = "into"): Promise<void> {
    return this.ask("back", kind);
  }

  /** Presses the reset button. */
  reset(): Promise<void> {
    return this.ask("reset");
  }

  powerOff(): Promise<void> {
    return this.ask("powerOff");
  }

  /** Types at the machine's keyboard, a US one. */
  type(text: string): Promise<void> {
    return this.ask("type", text);
  }

  /** Sends text to a serial port: 0 is COM1. */
  sendSerial(text: string, port = 0): Promise<void> {
    return this.ask("sendSerial", text, port);
  }

  registers(): Promise<Registers> {
    return this.ask("registers");
  }

  /** Bytes at a linear address, at most 64 KiB; null where no memory answers. */
  memory(linear: number, length: number): Promise<readonly (number | null)[]> {
    return this.ask("memory", linear, length);
  }

  /** The rows of the text screen, or null in a graphics mode. */
  textScreen(): Promise<readonly string[] | null> {
    return this.ask("textScreen");
  }

  /** Replaces all stops; gives what is wrong with them, and then the old ones stay. */
  setStops(stops: readonly (Partial<StopSpec> & Pick<StopSpec, "kind">)[]): Promise<readonly StopError[]> {
    return this.ask("setStops", stops);
  }

  /** A hash of the machine's whole state, 32 hexadecimal digits. */
  stateHash(): Promise<string> {
    return this.ask("stateHash");
  }

  /** The address that is framed; a change of the link alone does not load the page anew. */
  private load(): void {
    const page = new URL(
      this.getAttribute("page") ?? new URL(/* @vite-ignore */ "../x86/", import.meta.url),
      document.baseURI,
    );
    page.searchParams.set("embed", this.getAttribute("preset") ?? "");
    const link = this.getAttribute("link") ?? "";
    page.hash = link.includes("#") ? link.slice(link.indexOf("#")) : link;
    this.frame.title = this.getAttribute("label") ?? "Glassbox";
    if (this.frame.src !== page.href) this.frame.src = page.href;
  }

  /** The page in the frame says that it is there: it gets a port, and nobody else does. */
  private readonly heard = (event: MessageEvent): void => {
    const { origin } = new URL(this.frame.src);
    const own = event.source === this.frame.contentWindow && event.origin === origin;
    if (!own || !isHandshake(event.data, "ready")) return;
    this.leave(EMBED.loadedAnew);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<EmbeddedReply>) => this.told(data);
    this.port = port1;
    const connect: Handshake = { glassbox: EMBED_VERSION, say: "connect" };
    this.frame.contentWindow?.postMessage(connect, origin, [port2]);
    for (const question of this.early.splice(0)) question();
    this.dispatchEvent(new CustomEvent("ready", { detail: null }));
  };

  private told(reply: EmbeddedReply): void {
    if ("type" in reply) {
      const { type, ...detail } = reply;
      this.dispatchEvent(new CustomEvent(type, { detail }));
      return;
    }
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ("error" in reply) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.value);
  }

  private ask<Name extends keyof EmbeddedMethods>(
    method: Name,
    ...args: Parameters<EmbeddedMethods[Name]>
  ): Promise<ReturnType<EmbeddedMethods[Name]>> {
    return new Promise((resolve, reject) => {
      const id = ++this.asked;
      const send = () => {
        this.waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
        this.port?.postMessage({ id, method, args });
      };
      if (this.port) send();
      else this.early.push(send);
    });
  }

  private leave(why: string): void {
    this.port?.close();
    this.port = undefined;
    for (const { reject } of this.waiting.values()) reject(new Error(why));
    this.waiting.clear();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "glassbox-machine": GlassboxMachine;
  }
}

if (!customElements.get("glassbox-machine")) customElements.define("glassbox-machine", GlassboxMachine);
