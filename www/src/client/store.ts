import type { Command } from "../protocol/command";
import type { Event, MachineState, SpeakerChange, Speed } from "../protocol/event";
import type { Answers, Inspection, InspectionMethod, Query } from "../protocol/inspection";
import type { Arrival } from "../protocol/links";
import type { DriveName, ImageSource, MachineSpec } from "../protocol/machine_spec";
import type { StopReason } from "../protocol/stops";
import { CLIENT } from "../strings/client/connection";
import { Connection, type ConnectionEvent, type Port } from "./connection";
import { recordBytes } from "./record_budget";
import { Tail } from "./tail";

export interface Download {
  readonly name: string;
  readonly loaded: number;
  readonly total: number | null;
}

export type Frame = Extract<Event, { type: "frame" }>;

/** What the components show. A new object for every change. */
export interface View {
  readonly state: MachineState | "lost";
  /** Why the machine is in this state, for the user. */
  readonly message: string;
  readonly spec: MachineSpec | null;
  readonly speed: Speed | null;
  readonly downloads: readonly Download[];
  /** Something that failed, until the user has seen it. */
  readonly problem: string;
  /** Whether the BIOS still looks for something to boot. */
  readonly starting: boolean;
  /** Serial ports that something came from, COM1 being 0. */
  readonly ports: readonly number[];
  /** Instructions executed when the machine last rested. */
  readonly instructions: number;
  /** Counts the moments at which a machine rested: what is seen of one belongs together. */
  readonly rests: number;
  /** Why it rests, when the debugger made it rest. */
  readonly stop: StopReason | null;
  /** What the machine does now it has done before. */
  readonly past: boolean;
  /** Lines that stops wrote, the last of them. */
  readonly stopLog: readonly string[];
}

export const SERIAL_PORTS = [0, 1, 2, 3] as const;
/** What SeaBIOS says on its debug port when it goes to a boot sector, or gives up. */
const BIOS_IS_DONE = /Booting from [0-9a-f]+:|No bootable device/;
/** A line of the BIOS is not longer. */
const BIOS_LINE = 200;

const NOTHING: View = {
  state: "off",
  message: "",
  spec: null,
  speed: null,
  downloads: [],
  problem: "",
  starting: false,
  ports: [],
  instructions: 0,
  rests: 0,
  stop: null,
  past: false,
  stopLog: [],
};

const LOG_LINES = 1000;

/** Output that is passed on as it comes, not kept in the view. */
interface Streams {
  frame: Frame;
  serial: { port: number; bytes: Uint8Array };
  speaker: readonly SpeakerChange[];
  arriving: { readonly done: number; readonly total: number };
  moving: Extract<Event, { type: "moving" }>;
}

type Listener<Name extends keyof Streams> = (value: Streams[Name]) => void;

/** The page's picture of the machine, and the page's hands on it. */
export class Store {
  private current: View = NOTHING;
  private connection: Connection | undefined;
  /** What is on its way. It may never come: until the worker says that it has begun, all is of the machine before. */
  private booting: MachineSpec | undefined;
  private begun: MachineSpec | undefined;
  /** It was at work before: no BIOS starts in it. */
  private opening = false;
  /** What came from the serial ports since power-on. */
  readonly serial: readonly Tail[] = SERIAL_PORTS.map(() => new Tail());
  /** What came from the debug ports since power-on. */
  readonly debug = new Tail();
  private readonly watchers = new Set<() => void>();
  private readonly streams: { [Name in keyof Streams]: Set<Listener<Name>> } = {
    frame: new Set(),
    serial: new Set(),
    speaker: new Set(),
    arriving: new Set(),
    moving: new Set(),
  };

  /**
   * @param site the address of the page's root
   * @param unasked whether running machines are kept without being asked
   */
  constructor(
    private readonly startWorker: () => Port,
    private readonly site = "",
    private readonly unasked = true,
  ) {}

  get view(): View {
    return this.current;
  }

  /** Calls `watcher` after every change of the view; gives the function that ends it. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Calls `listener` for everything of a stream; gives the function that ends it. */
  listen<Name extends keyof Streams>(name: Name, listener: Listener<Name>): () => void {
    this.streams[name].add(listener);
    return () => this.streams[name].delete(listener);
  }

  /** Boots a machine, or goes to a moment of it; the running one goes on until the new one is complete. */
  boot(spec: MachineSpec, paused = false, to: { readonly moment?: string; readonly arrival?: Arrival } = {}): void {
    this.booting = spec;
    this.opening = Object.keys(to).length > 0;
    this.change({ problem: "", downloads: [] });
    if (this.current.state === "off" || this.current.state === "lost") this.change({ spec, message: "", speed: null });
    const { site, unasked } = this;
    this.connect().send({ type: "boot", spec, paused, record: recordBytes(), site, unasked, ...to });
  }

  /** The machine that is on its way is not wanted any more. */
  endBoot(): void {
    this.booting = undefined;
    this.send({ type: "endBoot" });
  }

  /** Starts the same machine again in a new worker, after the old one was lost. */
  restart(): void {
    const { spec } = this.current;
    if (spec) this.boot(spec);
  }

  /** Switches the machine off and forgets it. */
  powerOff(): void {
    this.connection?.send({ type: "powerOff" });
    this.booting = this.begun = undefined;
    this.change({ ...NOTHING });
  }

  send(command: Command, transfer: Transferable[] = []): void {
    this.connection?.send(command, transfer);
  }

  ask<Kind extends Query["kind"]>(query: Extract<Query, { kind: Kind }>): Promise<Answers[Kind]> {
    return this.connection?.ask(query) ?? Promise.reject(new Error(CLIENT.none));
  }

  /** Asks the engine's bindings. */
  inspect<Method extends InspectionMethod>(
    method: Method,
    ...args: Parameters<Inspection[Method]>
  ): Promise<ReturnType<Inspection[Method]>> {
    return this.ask({ kind: "inspect", method, args }) as Promise<ReturnType<Inspection[Method]>>;
  }

  insert(drive: DriveName, source: ImageSource): void {
    this.send({ type: "insert", drive, source });
  }

  /** Shows a failure. */
  report(problem: string): void {
    this.change({ problem });
  }

  /** The user has seen the failure. */
  dismiss(): void {
    this.change({ problem: "" });
  }

  /** Starts the worker, so that the engine's code is there when a machine is picked. */
  connect(): Connection {
    this.connection ??= new Connection(this.startWorker(), (event) => this.receive(event));
    return this.connection;
  }

  private change(part: Partial<View>): void {
    this.current = { ...this.current, ...part };
    for (const watcher of this.watchers) watcher();
  }

  private receive(event: ConnectionEvent): void {
    switch (event.type) {
      case "state":
        return this.enter(event);
      case "progress":
        return this.progress(event);
      case "speed":
        return this.change({ speed: event.speed });
      case "speaker":
        return this.emit("speaker", event.changes);
      case "problem":
        return this.change({ problem: event.message, downloads: [] });
      case "lost":
        this.connection = undefined;
        this.booting = this.begun = undefined;
        return this.change({ state: "lost", message: event.message, downloads: [] });
      case "arriving":
        return this.emit("arriving", event);
      case "moving":
        return this.emit("moving", event);
      case "coming":
        this.booting = event.spec;
        this.opening = true;
        return;
      case "begun":
        this.begun = this.booting;
        this.booting = undefined;
        return;
      case "frame":
        return this.emit("frame", event);
      case "serial":
        return this.takeSerial(event);
      case "stopLog":
        return this.change({ stopLog: [...this.current.stopLog, ...event.lines].slice(-LOG_LINES) });
      case "debug":
        return this.takeDebug(event.bytes);
    }
  }

  private enter({ state, message, instructions, stop, past = false }: Extract<Event, { type: "state" }>): void {
    const { begun } = this;
    if (begun && (state === "running" || state === "paused")) {
      for (const tail of [...this.serial, this.debug]) tail.clear();
      // A kernel is started without the BIOS; how far another BIOS has come nobody knows.
      const starting = !this.opening && !begun.kernel && begun.bios.kind === "url";
      this.change({ spec: begun, downloads: [], speed: null, starting, ports: [], stopLog: [] });
      this.begun = undefined;
    }
    if (state === "off") return this.change({ ...NOTHING, problem: this.current.problem });
    const rests = this.current.rests + (state === "paused" || state === "stopped" ? 1 : 0);
    this.change({
      state,
      message,
      rests,
      past,
      stop: stop ?? null,
      instructions: instructions ?? this.current.instructions,
    });
  }

  private takeSerial(event: Streams["serial"]): void {
    this.serial[event.port]?.add(event.bytes);
    this.emit("serial", event);
    const { ports } = this.current;
    if (!ports.includes(event.port)) this.change({ ports: [...ports, event.port].sort() });
  }

  private takeDebug(bytes: Uint8Array): void {
    const before = this.debug.value.slice(-BIOS_LINE);
    this.debug.add(bytes);
    if (!this.current.starting) return;
    const news = before + this.debug.value.slice(-bytes.length);
    if (BIOS_IS_DONE.test(news)) this.change({ starting: false });
  }

  private progress({ name, loaded, total }: Download): void {
    const others = this.current.downloads.filter((download) => download.name !== name);
    this.change({ downloads: loaded === total ? others : [...others, { name, loaded, total }] });
  }

  private emit<Name extends keyof Streams>(name: Name, value: Streams[Name]): void {
    for (const listener of this.streams[name]) listener(value);
  }
}
