import type { Command } from "../protocol/command";
import type { Event } from "../protocol/event";
import type { StopSpec } from "../protocol/stops";
import { assemble, loadOwnSymbols } from "./assembly";
import { lastPanic, loadEngine } from "./engine";
import { messageOf, Session } from "./session";

let session: Session | undefined;
/** The stops of the machine that was there: the next one has them from its first instruction on. */
let stops: readonly StopSpec[] = [];
/** What the machine is called: one that is started again has the symbols that were loaded for it. */
let title = "";
/** Counts boots: a machine whose images come late must not replace a newer one. */
let boots = 0;

function post(event: Event, transfer: Transferable[] = []): void {
  self.postMessage(event, { transfer });
}

function progress(name: string, loaded: number, total: number | null): void {
  post({ type: "progress", name, loaded, total });
}

/** The running machine goes on until the new one is complete: a bad file never costs a good machine. */
async function boot(command: Extract<Command, { type: "boot" }>): Promise<void> {
  const mine = ++boots;
  if (!session) post({ type: "state", state: "loading", message: command.spec.title });
  try {
    const memory = await loadEngine();
    const machine = await assemble(command.spec, progress);
    let told = "";
    if (command.arrival) {
      const { arrive } = await import("./links/arriving");
      told = await arrive(machine, command.arrival, command.record, { post, isOver: () => mine !== boots });
    }
    if (mine !== boots) return machine.pc.free();
    if (session) stops = session.stops();
    if (session && title === command.spec.title) session.leaveSymbols(machine.pc);
    loadOwnSymbols(machine, command.spec);
    session?.end();
    session = new Session(machine, memory, post, progress, command.record);
    title = command.spec.title;
    if (stops.length > 0) session.setStops(stops);
    if (command.paused) session.rested();
    else session.handle({ type: "run" });
    if (told) post({ type: "problem", message: told });
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      post({ type: "crash", message: lastPanic() ?? error.message });
      return;
    }
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

function powerOff(): void {
  boots++;
  if (session) stops = session.stops();
  session?.end();
  session = undefined;
  post({ type: "state", state: "off", message: "" });
}

function handle(command: Command): void {
  switch (command.type) {
    case "ping":
      return post({ type: "pong" });
    case "boot":
      void boot(command);
      return;
    case "powerOff":
      return powerOff();
    case "endBoot":
      return endBoot();
    case "query":
      if (!session) return post({ type: "refused", id: command.id, message: "there is no machine" });
  }
  session?.guarded(() => session?.handle(command));
}

self.onmessage = (message: MessageEvent<Command>) => handle(message.data);
post({ type: "ready" });
