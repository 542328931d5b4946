import type { Command } from "../protocol/command";
import type { Event } from "../protocol/event";
import type { MachineSpec } from "../protocol/machine_spec";
import { isMomentQuery, type MomentQuery, type MomentRecord } from "../protocol/moments";
import { isMovingCommand, type MovingCommand } from "../protocol/moving";
import type { StopSpec } from "../protocol/stops";
import { MACHINE } from "../strings/worker/machine";
import { type Assembled, assemble, loadOwnSymbols, mediaOf } from "./assembly";
import { lastPanic, loadEngine } from "./engine";
import type { Coming } from "./moments/opening";
import type { KeptMachine, Moments } from "./moments/start";
import type { Moving } from "./moving/start";
import { messageOf, Session } from "./session";

/** A machine that begins. */
type Begun = Pick<Extract<Command, { type: "boot" }>, "spec" | "site" | "record" | "paused" | "arrival"> & {
  readonly unasked?: boolean;
};

let session: Session | undefined;
/** The machine as what copies it sees it. */
let kept: KeptMachine | undefined;
/** Loaded with the first machine. */
let moments: Promise<Moments> | undefined;
/** The stops of the machine that was there: the next one has them from its first instruction on. */
let stops: readonly StopSpec[] = [];
/** What the machine is called: one that is started again has the symbols that were loaded for it. */
let title = "";
let moving: Promise<Moving> | undefined;
/** Counts boots: a machine whose images come late must not replace a newer one. */
let boots = 0;

function post(event: Event, transfer: Transferable[] = []): void {
  self.postMessage(event, { transfer });
}

function progress(name: string, loaded: number, total: number | null): void {
  post({ type: "progress", name, loaded, total });
}

function crashed(error: WebAssembly.RuntimeError): void {
  post({ type: "crash", message: lastPanic() ?? error.message });
}

/** A moment is saved while the machine goes on. */
async function aboutMoment(id: number, { kind, ...label }: MomentQuery): Promise<void> {
  try {
    if (!moments) throw new Error(MACHINE.none);
    const keeping = await moments;
    const saved = kind === "saveMoment" ? session?.saving(label.name) : undefined;
    const value = kind === "saveMoment" ? await keeping.save(label) : await keeping.file(label);
    saved?.();
    post({ type: "answer", id, value });
  } catch (error) {
    post({ type: "refused", id, message: messageOf(error) });
  }
}

/** A machine as its images make it, or at a saved moment, which is read while the images and the engine are loaded. */
async function made({ spec, moment }: Extract<Command, { type: "boot" }>) {
  if (moment === undefined) return { machine: await assemble(spec, progress), opened: null };
  const { fetchMoment } = await import("./moments/opening");
  const coming = fetchMoment(moment);
  // What fails while the images are loaded is told after that.
  coming.catch(() => undefined);
  const machine = await assemble(spec, progress).catch(async (error: unknown) => {
    void coming.then((found) => found.free()).catch(() => undefined);
    throw error;
  });
  let found: Coming | undefined;
  try {
    found = await coming;
    found.open(machine.pc);
    return { machine, opened: found.record };
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) machine.pc.free();
    throw error;
  } finally {
    found?.free();
  }
}

/** The machine takes the place of the one that was there. */
function begin(machine: Assembled, memory: WebAssembly.Memory, about: Begun, opened: MomentRecord | null): void {
  const { spec, site, record } = about;
  if (session) stops = session.stops();
  if (session && title === spec.title) session.leaveSymbols(machine.pc);
  loadOwnSymbols(machine, spec);
  endMoments();
  session?.end();
  post({ type: "begun" });
  const begun = new Session(machine, memory, post, progress, record);
  session = begun;
  kept = {
    pc: machine.pc,
    spec: () => ({ ...spec, drives: mediaOf(machine) }),
    pixels: () => begun.pixels(),
    settled: () => begun.settled,
    site,
    unasked: about.unasked !== false && about.arrival === undefined,
  };
  const whole = kept;
  moments = import("./moments/start").then(({ Moments }) => new Moments(whole, opened, crashed));
  title = spec.title;
  if (stops.length > 0) session.setStops(stops);
  if (about.paused || opened) session.rested();
  else session.handle({ type: "run" });
}

/** The running machine goes on until the new one is complete: a bad file never costs a good machine. */
async function boot(command: Extract<Command, { type: "boot" }>): Promise<void> {
  const mine = ++boots;
  if (!session) post({ type: "state", state: "loading", message: command.spec.title });
  try {
    const { machine, opened } = await made(command);
    const memory = await loadEngine();
    let told = "";
    if (command.arrival) {
      const { arrive } = await import("./links/arriving");
      told = await arrive(machine, command.arrival, command.record, { post, isOver: () => mine !== boots });
    }
    if (mine !== boots) return machine.pc.free();
    begin(machine, memory, command, opened);
    if (told) post({ type: "problem", message: told });
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return crashed(error);
    // What was to come here is not wanted any more: nobody has to know why it did not.
    if (mine !== boots) return;
    post({ type: "problem", message: messageOf(error) });
    if (!session) post({ type: "state", state: "off", message: "" });
  }
}

function endBoot(): void {
  boots++;
  if (!session) post({ type: "state", state: "off", message: "" });
}

/** Nothing of the machine is kept any more without being asked. */
function endMoments(): void {
  void moments?.then((keeping) => keeping.end());
  moments = undefined;
}

function powerOff(): void {
  boots++;
  if (session) stops = session.stops();
  endMoments();
  session?.end();
  session = undefined;
  post({ type: "state", state: "off", message: "" });
}

/** Machines that go to another worker, or come from one. */
async function move(command: MovingCommand): Promise<void> {
  moving ??= import("./moving/start").then(({ Moving }) => new Moving(movingHost));
  await (await moving).handle(command);
}

const movingHost = {
  post,
  source: () => session && kept && moments && { ...kept, moments, session, letGo: powerOff },
  assemble: (spec: MachineSpec) => assemble(spec, progress),
  begin: async (machine: Assembled, about: Begun, its: readonly StopSpec[]) => {
    boots++;
    begin(machine, await loadEngine(), about, null);
    session?.setStops(its);
  },
  crashed,
};

function handle(command: Command): void {
  if (isMovingCommand(command)) return void move(command);
  switch (command.type) {
    case "ping":
      return post({ type: "pong" });
    case "boot":
      void boot(command);
      return;
    case "powerOff":
      return powerOff();
    case "keepMoment":
      void moments?.then((keeping) => keeping.keep());
      return;
    case "endBoot":
      return endBoot();
    case "query":
      if (isMomentQuery(command.query)) return void aboutMoment(command.id, command.query);
      if (!session) return post({ type: "refused", id: command.id, message: MACHINE.none });
  }
  session?.guarded(() => session?.handle(command));
}

self.onmessage = (message: MessageEvent<Command>) => handle(message.data);
post({ type: "ready" });
// It is there when a machine is picked. What fails now is tried again then, and told.
loadEngine().catch(() => undefined);
