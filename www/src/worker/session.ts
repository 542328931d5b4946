import type { Command } from "../protocol/command";
import type { Event, MachineState, SpeakerChange } from "../protocol/event";
import type { Answers, Pixels, Query } from "../protocol/inspection";
import type { DriveName } from "../protocol/machine_spec";
import { isMomentQuery, type MomentQuery } from "../protocol/moments";
import type { StepKind, StopError, StopReason, StopSpec, StopView } from "../protocol/stops";
import { isPastCommand, type PastCommand } from "../protocol/timeline";
import { MACHINE } from "../strings/worker/machine";
import { type Assembled, insert, mediumKey } from "./assembly";
import { lastPanic, type Pc, StopKind } from "./engine";
import { exportImage } from "./export";
import { inspect } from "./inspect";
import { openMedium, type Progress } from "./media";
import { Pacer } from "./pacing";
import { Past } from "./past";
import { missingBlock } from "./remote_blocks";
import { Speedometer } from "./speedometer";
import { Typing } from "./typing";
import { Video } from "./video";

const SERIAL_PORTS = 4;
/** The most instructions one step command executes. */
const MOST_STEPS = 10_000_000;

/** A debugger's command that takes more than one slice is resumed in the next ones. */
interface Goal {
  readonly command: "continue" | StepKind;
  readonly argument: string;
  begun: boolean;
}

/** Instructions of the first slice of a step: it nearly always ends there, and the page never sees it run. */
const STEP_SLICE = 200_000n;
const STEP_NS = 5_000_000n;

type Post = (event: Event, transfer?: Transferable[]) => void;

/** One machine that runs: slices, pacing, output, input. */
export class Session {
  private readonly pc: Pc;
  private readonly pacer = new Pacer();
  private readonly speedometer = new Speedometer();
  private readonly typing = new Typing((code, pressed) => this.pc.key(code, pressed));
  private readonly video: Video;
  private readonly soon = new MessageChannel();
  private state: MachineState = "paused";
  /** What the debugger was asked for, until it is done: a run, or a step that is longer than a slice. */
  private goal: Goal | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly past: Past;
  /** What the machine does, it does again: the page has what came out of it. */
  private repeats = false;
  /** What the page was told last. */
  private told = { message: "", past: false };

  constructor(
    private readonly machine: Assembled,
    memory: WebAssembly.Memory,
    private readonly post: Post,
    private readonly progress: Progress,
    record?: number,
  ) {
    this.pc = machine.pc;
    this.video = new Video(memory, (frame) => post({ type: "frame", ...frame }, [frame.buffer]));
    this.soon.port1.onmessage = () => this.guarded(() => this.slice());
    this.past = new Past(machine, this.video, {
      state: () => this.state,
      halt: () => this.halt(),
      rest: (state, message, stop) => this.rest(state, message, stop),
      enter: (state, message) => this.enter(state, message),
      later: (body) => setTimeout(() => this.guarded(body)),
    });
    this.past.record(record, machine.recorded);
  }

  /** Carries a command out. */
  handle(command: Command): void {
    if (isPastCommand(command)) this.past.handle(command);
    else this.carryOut(command);
    this.leavePast();
  }

  private carryOut(command: Exclude<Command, PastCommand>): void {
    switch (command.type) {
      case "run":
      case "retry":
        return this.run();
      case "pause":
        return this.pause();
      case "step":
        return this.step(command.count);
      case "stepBy":
        return this.stepBy(command.kind, command.to);
      case "reset":
        return this.reset();
      case "key":
        return this.typing.key(command.code, command.pressed, Number(this.pc.time));
      case "typeText":
        return this.typing.add(command.text);
      case "mouse":
        return this.pc.mouse(command.dx, command.dy, command.wheel, command.buttons);
      case "serialInput":
        return this.pc.serialInput(command.port, command.bytes);
      case "insert":
        void this.insert(command);
        return;
      case "eject":
        return this.eject(command.drive);
      case "frameShown":
        return this.video.shown(command.buffer);
      case "query":
        if (isMomentQuery(command.query)) return; // the same
        return this.answer(command.id, command.query);
      case "boot":
      case "powerOff":
      case "keepMoment":
      case "ping":
        return; // these are above one machine
    }
  }

  /** The machine is switched off and its memory given back. */
  end(): void {
    clearTimeout(this.timer);
    this.past.stop();
    this.soon.port1.onmessage = null;
    this.state = "off";
    this.silence();
    this.pc.free();
  }

  /** A trap in the engine leaves it in an unknown state: report it and never touch the machine again. */
  guarded(body: () => void): void {
    try {
      body();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) {
        this.rest("paused", "");
        this.post({ type: "problem", message: messageOf(error) });
        return;
      }
      this.state = "stopped";
      this.post({ type: "crash", message: lastPanic() ?? error.message });
    }
  }

  /** Tells the page where the machine stands before it has run. */
  rested(): void {
    this.enter("paused", "");
  }

  private enter(state: MachineState, message: string, stop?: StopReason): void {
    this.state = state;
    const instructions = Number(this.pc.instructions);
    const past = this.past.isPast;
    this.told = { message, past };
    this.post({ type: "state", state, message, instructions, past, ...(stop && { stop }) });
  }

  /** The past ended, because the machine came to its end or because somebody changed something: the page is told. */
  private leavePast(): void {
    if (this.told.past && this.state !== "off" && !this.past.isPast) this.enter(this.state, this.told.message);
  }

  /** Goes on with what was asked for; without anything, until somebody pauses or a stop is met. */
  private run(): void {
    if (this.state === "running" || this.state === "off") return;
    this.goal ??= { command: "continue", argument: "", begun: false };
    const now = performance.now();
    const [instructions, time] = [Number(this.pc.instructions), Number(this.pc.time)];
    this.pacer.start(now, time);
    this.speedometer.start(now, instructions, time);
    this.enter("running", "");
    this.soon.port2.postMessage(null);
  }

  /** Rests where it is; whether it ran, or waited for a disk. */
  hold(): boolean {
    const ran = this.state === "running" || this.state === "waiting";
    if (this.past.busy) this.past.end();
    // The way home may wait for a disk: then it rests where it is.
    if (this.past.busy) this.past.end();
    if (ran) this.rest("paused", "");
    return ran;
  }

  private pause(): void {
    if (this.past.busy) return this.past.end();
    if (this.state !== "running") return;
    this.goal = null;
    this.rest("paused", "");
  }

  /** Stops running, and shows what there is to see. */
  private rest(state: MachineState, message: string, stop?: StopReason): void {
    clearTimeout(this.timer);
    this.output();
    this.silence();
    this.video.show(this.pc, performance.now());
    this.enter(state, message, stop);
  }

  /** Whatever the machine was to do, it is to do no more. */
  private halt(): void {
    this.goal = null;
    this.typing.clear();
    if (this.state === "running") this.rest("paused", "");
  }

  /** Lets the debugger go on with the goal, at most to an instruction and a virtual time. */
  private debugRun(instructions: bigint, time: bigint): StopReason {
    const { command, argument, begun } = this.goal ?? { command: "continue", argument: "", begun: false };
    const limit = this.past.limit(instructions, time);
    this.repeats = limit.repeats;
    const way = begun ? "resume" : command;
    const reason = this.pc.debugRun(way, argument, limit.instructions, limit.time) as StopReason;
    if (this.goal) this.goal.begun = true;
    return reason;
  }

  private stepBy(command: StepKind, argument: string): void {
    if (this.state !== "paused") return;
    this.typing.due(Number(this.pc.time));
    this.goal = { command, argument, begun: false };
    try {
      const reason = this.debugRun(this.pc.instructions + STEP_SLICE, this.pc.time + STEP_NS);
      if (reason.reason === "outOfBudget") this.run();
      else this.stopped(reason);
    } catch (error) {
      this.goal = null;
      throw error;
    }
  }

  private step(count: number): void {
    if (this.state !== "paused") return;
    this.typing.due(Number(this.pc.time));
    this.goal = null;
    this.repeats = this.past.isPast;
    let stop = StopKind.Limit;
    for (let done = 0; done < Math.min(count, MOST_STEPS) && stop === StopKind.Limit; done++) stop = this.pc.step();
    if (stop === StopKind.Limit) this.rest("paused", "");
    else this.stopped(REASONS[stop]);
  }

  private reset(): void {
    this.pc.reset();
    this.typing.clear();
    if (this.state === "stopped") this.run();
    else this.video.show(this.pc, performance.now());
  }

  private slice(): void {
    if (this.state !== "running") return;
    const before = performance.now();
    const plan = this.pacer.plan(before, Number(this.pc.time));
    if (plan.sleepMs > 0) {
      this.timer = setTimeout(() => this.guarded(() => this.slice()), plan.sleepMs);
      this.video.refresh(this.pc, before);
      return;
    }
    this.typing.due(Number(this.pc.time));
    const start = this.pc.instructions;
    const until = this.pc.time + BigInt(Math.round(plan.nanoseconds));
    const stop = this.debugRun(start + BigInt(plan.instructions), until);
    const after = performance.now();
    this.pacer.ran(Number(this.pc.instructions - start), after - before);
    const repeated = this.repeats;
    this.output();
    this.video.refresh(this.pc, after);
    if (!repeated) this.past.look(after);
    this.leavePast();
    this.report(after);
    if (stop.reason === "outOfBudget") this.soon.port2.postMessage(null);
    else this.stopped(stop);
  }

  private report(now: number): void {
    const { instructions, time, halted } = this.pc;
    const speed = this.speedometer.measure(now, Number(instructions), Number(time), halted);
    if (speed) this.post({ type: "speed", speed });
  }

  private silence(): void {
    this.post({ type: "speaker", changes: [{ seconds: Number(this.pc.time) / 1e9, hertz: 0 }] });
  }

  private output(): void {
    const { repeats } = this;
    this.repeats = false;
    for (let port = 0; port < SERIAL_PORTS; port++) {
      const bytes = this.pc.takeSerial(port) as Uint8Array<ArrayBuffer>;
      if (bytes.length > 0 && !repeats) this.post({ type: "serial", port, bytes }, [bytes.buffer]);
    }
    const speaker = this.pc.takeSpeaker();
    if (speaker.length > 0 && !repeats) this.post({ type: "speaker", changes: speakerChanges(speaker) });
    const lines: readonly string[] = this.pc.takeStopLog();
    if (lines.length > 0) this.post({ type: "stopLog", lines });
    const bytes = this.pc.takeDebug() as Uint8Array<ArrayBuffer>;
    if (bytes.length > 0 && !repeats) this.post({ type: "debug", bytes }, [bytes.buffer]);
  }

  private stopped(stop: Pick<StopReason, "reason"> & Partial<StopReason>): void {
    if (stop.reason === "needsBlock") {
      void this.fetchBlock();
      return;
    }
    this.goal = null;
    switch (stop.reason) {
      case "powerOff":
        return this.rest("stopped", MACHINE.poweredOff);
      case "shutdown":
        return this.rest("stopped", MACHINE.tripleFault);
      case "haltedForever":
        return this.rest("stopped", MACHINE.haltedForever);
      case "exitPort":
        return this.rest("stopped", MACHINE.exited(this.pc.exitCode));
      case "done":
      case "beginning":
      case "stopped":
        return this.rest("paused", "", stop as StopReason);
      case "outOfBudget":
        return;
    }
  }

  /** The machine waits, not the clock: the guest sees nothing of this. */
  private async fetchBlock(): Promise<void> {
    const { past } = this;
    const waits = () => this.state === "waiting" && !past.busy;
    try {
      const block = missingBlock(this.machine);
      this.enter("waiting", MACHINE.loadingFrom(block.url));
      const pages = await block.load();
      if (!waits()) return;
      this.guarded(() => {
        block.supply(pages);
        this.run();
      });
    } catch (error) {
      if (this.state === "running" || waits()) this.rest("paused", messageOf(error));
    }
  }

  private async insert(command: Extract<Command, { type: "insert" }>): Promise<void> {
    try {
      const medium = await openMedium(command.drive, command.source, this.progress);
      if (this.state === "off") return;
      insert(this.machine, command.drive, medium);
      this.machine.media.set(mediumKey(this.pc, command.drive), command.source);
    } catch (error) {
      this.post({ type: "problem", message: messageOf(error) });
    }
  }

  private eject(drive: DriveName): void {
    this.pc.eject(drive);
  }

  /** Whether it is where the page sees it: neither on its way through the past, nor without a disk block. */
  get settled(): boolean {
    return this.state !== "waiting" && this.state !== "off" && !this.past.busy;
  }

  /** The machine is being saved as it is now: tells its record when that is done. */
  saving(name: string): () => void {
    const { here } = this.past;
    return () => {
      if (this.state !== "off") this.past.saved(name, here);
    };
  }

  /** A copy of the picture, which the page has then too. */
  pixels(): Pixels {
    const pixels = this.video.pixels(this.pc);
    this.video.show(this.pc, performance.now());
    return pixels;
  }

  private answer(id: number, query: Exclude<Query, MomentQuery>): void {
    if (query.kind === "diskImage") {
      void this.export(id, query.drive);
      return;
    }
    if (query.kind === "linkParts" || query.kind === "branchRuns") {
      const parts = ({ runParts }: typeof import("./moments/run_parts")) =>
        this.reply(id, () => runParts(this.pc, query, this.state));
      void import("./moments/run_parts").then((module) => this.guarded(() => parts(module)));
      return;
    }
    this.reply(id, () => this.look(query));
  }

  private reply(id: number, look: () => Answers[keyof Answers]): void {
    // It was switched off since it was asked.
    if (this.state === "off") return;
    try {
      this.post({ type: "answer", id, value: look() });
      this.leavePast();
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      this.post({ type: "refused", id, message: messageOf(error) });
    }
  }

  private async export(id: number, drive: DriveName): Promise<void> {
    const ran = this.state === "running";
    this.pause();
    try {
      const value = await exportImage(this.machine, drive, this.progress);
      this.post({ type: "answer", id, value });
    } catch (error) {
      this.post({ type: "refused", id, message: messageOf(error) });
    }
    if (ran && this.state === "paused") this.run();
  }

  private look(
    query: Exclude<Query, MomentQuery | { kind: "diskImage" | "linkParts" | "branchRuns" }>,
  ): Answers[keyof Answers] {
    switch (query.kind) {
      case "textScreen":
        return this.pc.textScreen();
      case "registers":
        return this.pc.registers();
      case "disassembly":
        return this.pc.disassemble(query.linear, query.count);
      case "memory":
        return this.pc.readMemory(query.linear, query.length);
      case "pixels":
        return this.video.pixels(this.pc);
      case "stateHash":
        return this.pc.stateHash();
      case "inspect":
        return inspect(this.pc, query.method, query.args);
      case "timeline":
        return this.past.view(query);
      case "setStops":
        return this.setStops(query.stops);
      case "stops":
        return this.pc.stops();
      case "checkExpression":
        return this.pc.checkExpression(query.text);
    }
  }

  /** The stops, as they would be set again. */
  stops(): readonly StopSpec[] {
    const views: readonly StopView[] = this.pc.stops();
    return views.map(({ hits: _, ...spec }) => spec);
  }

  /** The machine ends, and is started again as another one: that one has the symbols that were loaded. */
  leaveSymbols(to: Pc): void {
    to.takeSymbols(this.pc);
  }

  /** Sets all stops, or none of them if one is wrong. */
  setStops(stops: readonly StopSpec[]): readonly StopError[] {
    return this.pc.setStops(stops);
  }
}

/** What the engine calls the ends of a run. */
const REASONS: Readonly<Record<StopKind, Pick<StopReason, "reason">>> = {
  [StopKind.Limit]: { reason: "outOfBudget" },
  [StopKind.NeedsBlock]: { reason: "needsBlock" },
  [StopKind.PowerOff]: { reason: "powerOff" },
  [StopKind.Shutdown]: { reason: "shutdown" },
  [StopKind.HaltedForever]: { reason: "haltedForever" },
  [StopKind.ExitPort]: { reason: "exitPort" },
};

/** At most so many changes of the speaker are worth their sound in one slice: a guest may toggle it by hand. */
const MOST_CHANGES = 64;

function speakerChanges(pairs: Float64Array): SpeakerChange[] {
  const changes: SpeakerChange[] = [];
  for (let at = Math.max(pairs.length - 2 * MOST_CHANGES, 0); at < pairs.length; at += 2) {
    changes.push({ seconds: (pairs[at] ?? 0) / 1e9, hertz: pairs[at + 1] ?? 0 });
  }
  return changes;
}

/** One line for the user. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
