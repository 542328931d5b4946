import { beforeEach, expect, it, vi } from "vitest";
import type { StopReason } from "../protocol/stops";
import type { Assembled } from "./assembly";
import { Past } from "./past";
import type { Video } from "./video";

vi.mock("./timeline_record", () => ({ Along: class {} }));
vi.useFakeTimers();

const point = (instruction: number, time = instruction * 10) => ({ instruction, time });

/** A machine that can be placed, whose ways through the past take as many pieces as `pieces` says. */
class Machine {
  here = point(100);
  end = point(100);
  pieces = 1;
  found: StopReason["reason"] = "done";
  readonly calls: string[] = [];
  record = (bytes: number) => void this.calls.push(`record ${bytes}`);
  get instructions() {
    return BigInt(this.here.instruction);
  }
  get time() {
    return BigInt(this.here.time);
  }
  past = () => ({
    start: point(0),
    end: this.end,
    here: this.here,
    isPast: this.here.time < this.end.time,
    bytes: 0,
    branch: 0,
  });
  goTo = (instruction: bigint) => this.way(`goTo ${instruction}`, point(Number(instruction)));
  goToTime = (time: bigint) => this.way(`goToTime ${time}`, point(Number(time) / 10));
  goBack = (kind: string, at: string) => this.way(`${kind} ${at}`.trim(), point(this.here.instruction - 10));

  private way(call: string, to: ReturnType<typeof point>) {
    this.calls.push(call);
    this.here = to;
    return { reason: --this.pieces > 0 ? "outOfBudget" : this.found, hits: [], ...to };
  }
}

let machine: Machine;
let past: Past;
let told: string[];
let rested: (stop?: StopReason) => void;
let state: string;

beforeEach(() => {
  machine = new Machine();
  told = [];
  rested = () => undefined;
  state = "paused";
  past = new Past({ pc: machine, readers: new Map() } as unknown as Assembled, {} as Video, {
    state: () => state as "paused",
    halt: () => void told.push("halt"),
    rest: (next, message, stop) => {
      rested(stop);
      state = next;
      told.push(`${next} ${message}`.trim());
    },
    enter: (next, message) => {
      state = next;
      told.push(`${next} ${message}`);
    },
    later: (body) => setTimeout(body),
  });
  past.record(1 << 20);
  machine.calls.length = 0;
});

it("goes there at once where that is one piece of work", () => {
  past.handle({ type: "goTo", instruction: 40 });
  expect(machine.calls).toEqual(["goTo 40"]);
  expect(told).toEqual(["halt", "paused"]);
  expect(past.isPast).toBe(true);
});

it("hears the page between two pieces, and goes to the newer of two points", () => {
  machine.pieces = 3;
  past.handle({ type: "goTo", instruction: 40 });
  expect(state).toBe("waiting");
  machine.pieces = 1;
  past.handle({ type: "goToTime", time: 700 });
  vi.runAllTimers();
  expect(machine.calls).toEqual(["goTo 40", "goToTime 700"]);
  expect(told.at(-1)).toBe("paused");
});

it("a search that is ended goes back to where it began, to the same virtual time", () => {
  machine.here = { instruction: 100, time: 5555 };
  machine.pieces = 3;
  past.handle({ type: "goBack", kind: "write", at: "7c00" });
  vi.advanceTimersToNextTimer();
  past.end();
  vi.runAllTimers();
  expect(machine.calls).toEqual(["write 7c00", "resume", "goToTime 5555"]);
  expect(past.busy).toBe(false);
});

it("a way back that follows a search begins where the search did", () => {
  machine.pieces = 3;
  past.handle({ type: "goBack", kind: "continue" });
  machine.pieces = 1;
  past.handle({ type: "goBack", kind: "into" });
  expect(machine.calls).toEqual(["continue", "goToTime 1000", "into"]);
});

it("goes home when nothing that is recorded did what was asked for", () => {
  machine.found = "beginning";
  expect(() => past.handle({ type: "goBack", kind: "register", at: "eax" })).toThrow("Nothing that is recorded");
  expect(machine.calls).toEqual(["register eax", "goToTime 1000"]);
  past.handle({ type: "goBack", kind: "continue" });
  expect(told.at(-1)).toBe("paused");
});

it("names the register that was looked for", () => {
  let met: unknown;
  const hits = [{ kind: "register", symbol: "" }];
  machine.goBack = () => ({ reason: "stopped", hits, ...point(90) }) as never;
  rested = (stop) => {
    met = stop?.hits;
  };
  past.handle({ type: "goBack", kind: "register", at: " eax" });
  expect(met).toEqual([{ kind: "register", symbol: "EAX" }]);
});

it("a slice of the past ends where the past does, and what it says was said before", () => {
  expect(past.limit(500n, 9000n)).toEqual({ instructions: 500n, time: 9000n, repeats: false });
  past.handle({ type: "goTo", instruction: 40 });
  expect(past.limit(50n, 450n)).toEqual({ instructions: 50n, time: 450n, repeats: true });
  expect(past.limit(500n, 9000n)).toEqual({ instructions: 100n, time: 1000n, repeats: true });
  // Asleep at the last instruction: time alone goes on.
  machine.here = point(100, 990);
  expect(past.limit(500n, 9000n)).toEqual({ instructions: 500n, time: 1000n, repeats: true });
  machine.here = point(100);
  expect(past.limit(500n, 9000n).repeats).toBe(false);
  expect(past.isPast).toBe(false);
});

it("does nothing where nothing is recorded, or a disk block is waited for", () => {
  state = "waiting";
  past.handle({ type: "goTo", instruction: 40 });
  state = "paused";
  past.record(0);
  past.handle({ type: "goTo", instruction: 40 });
  expect(machine.calls).toEqual(["record 0"]);
});
