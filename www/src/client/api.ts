import type { Answers } from "../protocol/inspection";
import type { DriveName, MachineSpec } from "../protocol/machine_spec";
import type { MomentView, SaveReport } from "../protocol/moments";
import { CLIENT } from "../strings/client/connection";
import { guestSpec, loadGallery, machineSpec } from "./gallery";
import type { Sound, Speaker } from "./speaker";
import type { Store, View } from "./store";

/** `window.glassbox`: the machine in this page, for tests and for lessons. */
export interface GlassboxApi {
  /** Boots a guest of the gallery by name, or a machine by its parts. */
  boot(machine: string | (Partial<MachineSpec> & { title: string }), options?: { paused?: boolean }): Promise<void>;
  run(): void;
  pause(): void;
  step(count?: number): void;
  reset(): void;
  powerOff(): void;
  /** Types a text at the machine's keyboard, a US one. */
  type(text: string): void;
  /** Sends text to a serial port: 0 is COM1. */
  sendSerial(text: string, port?: number): void;
  /** All that came from a serial port since power-on, the last 256 KiB of it: 0 is COM1. */
  serialText(port?: number): string;
  /** All that came from the debug ports since power-on, the last 256 KiB of it. */
  debugText(): string;
  /** The rows of the text screen, or null in a graphics mode. */
  textScreen(): Promise<Answers["textScreen"]>;
  registers(): Promise<Answers["registers"]>;
  disassembly(linear: number, count: number): Promise<Answers["disassembly"]>;
  memory(linear: number, length: number): Promise<Answers["memory"]>;
  screenPixels(): Promise<Answers["pixels"]>;
  stateHash(): Promise<string>;
  /** A floppy or hard disk as the guest left it. */
  diskImage(drive: DriveName): Promise<Blob>;
  /** Saves the machine as it is now; gives the moment's id. */
  saveMoment(name: string, note?: string): Promise<SaveReport>;
  /** Goes to a saved moment: the machine rests there. */
  openMoment(id: string): Promise<void>;
  /** The moments that this browser keeps. */
  moments(): Promise<readonly MomentView[]>;
  /** The PC speaker as the browser's audio has it: what it plays, and how loud it was of late (0 to 1). */
  sound(): Sound;
  /** State, message, speed, problem. */
  status(): View;
}

/** The library, loaded when it is asked for. */
const library = async () => (await import("./library/start")).library;

async function specOf(machine: string | (Partial<MachineSpec> & { title: string })): Promise<MachineSpec> {
  if (typeof machine !== "string") return machineSpec(machine);
  const guests = await loadGallery();
  const guest = guests.find(({ name }) => name === machine);
  if (!guest) throw new Error(CLIENT.noGuest(machine, guests.map(({ name }) => name).join(", ")));
  return guestSpec(guest);
}

/** Makes the page's API over its store and its loudspeaker. */
export function makeApi(store: Store, speaker: Speaker): GlassboxApi {
  return {
    async boot(machine, { paused = false } = {}) {
      const spec = await specOf(machine);
      store.boot(spec, paused);
    },
    run: () => store.send({ type: "run" }),
    pause: () => store.send({ type: "pause" }),
    step: (count = 1) => store.send({ type: "step", count }),
    reset: () => store.send({ type: "reset" }),
    powerOff: () => store.powerOff(),
    type: (text) => store.send({ type: "typeText", text }),
    sendSerial: (text, port = 0) => store.send({ type: "serialInput", port, bytes: new TextEncoder().encode(text) }),
    serialText: (port = 0) => store.serial[port]?.value ?? "",
    debugText: () => store.debug.value,
    textScreen: () => store.ask({ kind: "textScreen" }),
    registers: () => store.ask({ kind: "registers" }),
    disassembly: (linear, count) => store.ask({ kind: "disassembly", linear, count }),
    memory: (linear, length) => store.ask({ kind: "memory", linear, length }),
    screenPixels: () => store.ask({ kind: "pixels" }),
    diskImage: (drive) => store.ask({ kind: "diskImage", drive }) as Promise<Blob>,
    stateHash: () => store.ask({ kind: "stateHash" }),
    saveMoment: async (name, note = "") => (await library()).save(name, note),
    openMoment: async (id) => {
      const { kind } = await (await library()).open(id);
      if (kind !== "opened") throw new Error(CLIENT.inGallery);
    },
    moments: async () => {
      const kept = await library();
      await kept.refresh();
      if (kept.problem) throw new Error(kept.problem);
      return kept.all ?? [];
    },
    sound: () => speaker.sound(),
    status: () => store.view,
  };
}
