import {
  EMBED_VERSION,
  type EmbeddedEvent,
  type EmbeddedMethods,
  type EmbeddedQuestion,
  type EmbeddedReply,
  type EmbeddedSpec,
  type Handshake,
  isHandshake,
} from "../protocol/embed";
import { DRIVE_NAMES, type ImageSource, type MachineSpec } from "../protocol/machine_spec";
import { type Check, list, maybe, Refusal, record, text, whole } from "../protocol/schema";
import { oneOf, truth } from "../protocol/schema_forms";
import type { StepKind, StopSpec } from "../protocol/stops";
import { EMBEDDED } from "../strings/client/embedded";
import type { GlassboxApi } from "./api";
import { type Stops, stopSpec } from "./stops";
import type { Store } from "./store";

const MOST_TEXT = 4096;
const MOST_BYTES = 64 * 1024;
const MOST_STOPS = 1000;
const STEPS: readonly StepKind[] = ["into", "over", "out", "return", "to", "mode"];

const bytes: Check<Uint8Array<ArrayBuffer>> = (value, path) => {
  if (!(value instanceof Uint8Array) || !(value.buffer instanceof ArrayBuffer)) throw new Refusal(path);
  return value as Uint8Array<ArrayBuffer>;
};

const line = text(MOST_TEXT);
const most = Number.MAX_SAFE_INTEGER;

const SPEC: Check<EmbeddedSpec> = record<EmbeddedSpec>({
  title: text(200),
  memoryMb: maybe(whole(2048, 1)),
  drives: maybe(record(Object.fromEntries(DRIVE_NAMES.map((name) => [name, maybe(bytes)])))),
  kernel: maybe(
    record<NonNullable<EmbeddedSpec["kernel"]>>({ image: bytes, initrd: maybe(bytes), append: maybe(line) }),
  ),
  bootOrder: maybe(text(3, /^[acd]*$/)),
  rtcUnixSeconds: maybe(whole(2 ** 32 - 1)),
} as never);

const STOP = record<Partial<StopSpec> & { kind: StopSpec["kind"] }>({
  id: maybe(line),
  // What the engine does not know, it refuses by name.
  kind: line as Check<StopSpec["kind"]>,
  enabled: maybe(truth),
  at: maybe(line),
  symbol: maybe(line),
  length: maybe(whole(2 ** 32 - 1)),
  text: maybe(line),
  error: maybe(line),
  condition: maybe(line),
  from: maybe(whole(most)),
  log: maybe(line),
});

const MACHINE: Check<string | EmbeddedSpec> = (value, path) =>
  typeof value === "string" ? line(value, path) : SPEC(value, path);

/** What each method takes: whatever else comes is refused by the name of the argument. */
const ARGUMENTS: { readonly [Name in keyof EmbeddedMethods]: readonly Check<unknown>[] } = {
  boot: [MACHINE, truth],
  run: [],
  pause: [],
  step: [oneOf(...STEPS), line],
  back: [oneOf("into", "continue")],
  reset: [],
  powerOff: [],
  type: [line],
  sendSerial: [line, whole(3)],
  registers: [],
  memory: [whole(2 ** 32 - 1), whole(MOST_BYTES)],
  textScreen: [],
  setStops: [list(STOP, MOST_STOPS)],
  stateHash: [],
};

type Answered = { readonly [Name in keyof EmbeddedMethods]: (...args: never[]) => unknown };

const image = (name: string, given: Uint8Array<ArrayBuffer>): ImageSource => ({ kind: "bytes", name, bytes: given });

/** The machine that an embedding page describes, in the page's terms. */
export function embeddedMachine(spec: EmbeddedSpec): Partial<MachineSpec> & { title: string } {
  const { drives = {}, kernel, ...rest } = spec;
  const given = Object.entries(drives).filter((entry) => entry[1] !== undefined);
  return {
    ...rest,
    drives: Object.fromEntries(given.map(([name, contents]) => [name, image(`${name}.img`, contents)])),
    ...(kernel && {
      kernel: {
        image: image("kernel", kernel.image),
        append: kernel.append ?? "",
        ...(kernel.initrd && { initrd: image("initrd", kernel.initrd) }),
      },
    }),
  };
}

function methods(api: GlassboxApi, store: Store, stops: Stops): Answered {
  return {
    boot: (machine: string | EmbeddedSpec, paused: boolean) =>
      api.boot(typeof machine === "string" ? machine : embeddedMachine(machine), { paused }),
    run: () => api.run(),
    pause: () => api.pause(),
    step: (kind: StepKind, to: string) => store.send({ type: "stepBy", kind, to }),
    back: (kind: "into" | "continue") => store.send({ type: "goBack", kind }),
    reset: () => api.reset(),
    powerOff: () => api.powerOff(),
    type: (typed: string) => api.type(typed),
    sendSerial: (sent: string, port: number) => api.sendSerial(sent, port),
    registers: () => api.registers(),
    memory: (linear: number, length: number) => api.memory(linear, length),
    textScreen: async () => (await api.textScreen())?.rows ?? null,
    setStops: (list: readonly Parameters<typeof stopSpec>[0][]) => stops.replaceAll(list.map(stopSpec)),
    stateHash: () => api.stateHash(),
  };
}

/** What a question gives. Fails with one line that names what is wrong with it. */
export async function answerQuestion(known: Answered, question: unknown): Promise<unknown> {
  const { method, args } = Object(question) as Partial<EmbeddedQuestion>;
  if (typeof method !== "string" || !Object.hasOwn(ARGUMENTS, method)) {
    throw new Error(EMBEDDED.noMethod(JSON.stringify(method), Object.keys(ARGUMENTS).join(", ")));
  }
  const checks = ARGUMENTS[method];
  const given = Array.isArray(args) ? args : [];
  try {
    const checked = checks.map((check, index) => check(given[index], `${method}[${index}]`));
    return await known[method](...(checked as never[]));
  } catch (error) {
    if (error instanceof Refusal) throw new Error(EMBEDDED.refused(error.path));
    throw error;
  }
}

/** Lets the page around this one drive the machine: through one port, by the methods of `EmbeddedMethods` alone. */
export function serveEmbedder(api: GlassboxApi, store: Store, stops: Stops): void {
  const { parent } = window;
  if (parent === window) return;
  const known = methods(api, store, stops);
  const connect = (event: MessageEvent): void => {
    const [port] = event.ports;
    if (event.source !== parent || !port || !isHandshake(event.data, "connect")) return;
    removeEventListener("message", connect);
    const tell = (reply: EmbeddedReply) => port.postMessage(reply);
    port.onmessage = async ({ data }) => {
      const { id } = Object(data) as Partial<EmbeddedQuestion>;
      if (typeof id !== "number") return;
      try {
        tell({ id, value: await answerQuestion(known, data) });
      } catch (error) {
        tell({ id, error: error instanceof Error ? error.message : String(error) });
      }
    };
    tellEvents(store, tell);
  };
  addEventListener("message", connect);
  const ready: Handshake = { glassbox: EMBED_VERSION, say: "ready" };
  // Says nothing but that it is there: whoever frames it may know.
  parent.postMessage(ready, "*");
}

/** Passes on what the machine does. */
function tellEvents(store: Store, tell: (event: EmbeddedEvent) => void): void {
  const decoder = new TextDecoder("latin1");
  let { state, rests, problem } = store.view;
  store.listen("serial", ({ port, bytes }) => tell({ type: "serial", port, text: decoder.decode(bytes) }));
  store.watch(() => {
    const { view } = store;
    const { instructions } = view;
    if (view.state !== state) tell({ type: "state", state: view.state, message: view.message, instructions });
    if (view.rests !== rests) tell({ type: "stop", reason: view.stop, instructions });
    if (view.problem !== problem && view.problem) tell({ type: "problem", message: view.problem });
    ({ state, rests, problem } = view);
  });
}
