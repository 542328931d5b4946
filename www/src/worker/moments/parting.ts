import { UserError } from "../../host/user_error.mjs";
import type { ComparedRun, CompareEvent, CompareQuery, Differences, Pair, PartingFound } from "../../protocol/compare";
import type { DisassemblyLine, Registers } from "../../protocol/inspection";
import type { DriveName, MachineSpec } from "../../protocol/machine_spec";
import type { MissingImage } from "../../protocol/moments";
import type { StopReason } from "../../protocol/stops";
import { IMAGES } from "../../strings/worker/images";
import { PARTING } from "../../strings/worker/moments/parting";
import { compareMoments, RunParting } from "../../wasm/x86/x86.js";
import { type Assembled, assemble, mediumKey } from "../assembly";
import { loadEngine } from "../engine";
import { sideOf } from "./comparing";
import { resolve } from "./recipe";

/** Instructions of each run that are executed at once: between, the page is heard. */
const STEPS = 4_000_000n;
/** Memory for moments of each run. */
const BUDGET = 96 << 20;

type Bytes = Uint8Array<ArrayBuffer>;
type Asked = Extract<CompareQuery, { kind: "parting" }>;
/** What the engine knows of it. */
type Known =
  | { readonly kind: "searching"; readonly equal: number; readonly differ: number }
  | { readonly kind: "at"; readonly equal: number }
  | { readonly kind: "nowhere"; readonly end: number }
  | { readonly kind: "fromTheStart" | "stopped" };

/** How a run is made again. */
interface Way {
  readonly spec: MachineSpec;
  readonly recording: Bytes;
}

const breathe = (): Promise<void> => new Promise((done) => setTimeout(done));

/** Where two runs part, by halving between a point at which they are equal and one at which they are not. */
export async function parting(
  { sides, site, files }: Asked,
  post: (event: CompareEvent) => void,
): Promise<PartingFound> {
  const ways = [await wayOf(sides[0], site, files), await wayOf(sides[1], site, files)] as const;
  const missing = ways.flatMap((way) => ("recording" in way ? [] : way));
  if (missing.length > 0) return { kind: "missing", images: once(missing) };
  await loadEngine();
  const first = await replayed(ways[0] as Way);
  const second = await replayed(ways[1] as Way).catch((error: unknown) => {
    free(first, error);
    throw error;
  });
  try {
    const found = await searched([first, second], post);
    free(first);
    free(second);
    return found;
  } catch (error) {
    free(first, error);
    free(second, error);
    throw error;
  }
}

/** Gives a machine back, unless a trap has taken the whole module with it. */
function free({ pc }: Assembled, error?: unknown): void {
  if (!(error instanceof WebAssembly.RuntimeError)) pc.free();
}

/** Each image is asked for once. */
function once(images: readonly MissingImage[]): readonly MissingImage[] {
  return [...new Map(images.map((image) => [image.role, image])).values()];
}

async function wayOf(run: ComparedRun, site: string, files: Asked["files"]): Promise<Way | readonly MissingImage[]> {
  if (run.kind === "run") return run;
  const { view, recipe, recording, image } = await sideOf(run);
  if (!recording) throw new UserError(PARTING.noRecording(view.name));
  const found = await resolve(recipe, { image, site, files });
  if (found.kind === "missing") return found.images;
  if (found.kind !== "spec") throw new UserError(PARTING.notPc(view.name));
  return { spec: found.spec, recording };
}

/** A machine just powered on that has a run before it. */
async function replayed({ spec, recording }: Way): Promise<Assembled> {
  const machine = await assemble(spec, () => undefined);
  try {
    machine.pc.replay(recording, BUDGET);
    return machine;
  } catch (error) {
    free(machine, error);
    throw error;
  }
}

/** A block of a disk at an address that a run needs; what was asked for, or null if it waits for none. */
async function supplied({ pc, readers }: Assembled): Promise<string | null> {
  const { requestDrive: drive, requestOffset: offset, requestLength: length } = pc;
  if (!drive) return null;
  const reader = readers.get(mediumKey(pc, drive as DriveName));
  if (!reader) throw new UserError(pc.takeDiskFailure() ?? IMAGES.noBlock);
  const pages = await reader.pages(offset, length);
  pc.supply(drive, pages.offset, pages.bytes);
  return `${drive} ${offset}`;
}

async function searched(machines: Pair<Assembled>, post: (event: CompareEvent) => void): Promise<PartingFound> {
  const [first, second] = [machines[0].pc, machines[1].pc];
  const search = new RunParting(first, second);
  try {
    for (;;) {
      const known = search.search(first, second, STEPS) as Known;
      switch (known.kind) {
        case "searching":
          post({ type: "searching", equal: known.equal, differ: known.differ });
          await breathe();
          break;
        case "stopped":
          if (!(await anySupplied(machines))) throw new UserError(PARTING.ended);
          break;
        case "at":
          return await partedAt(machines, known.equal);
        case "nowhere":
          return known;
        case "fromTheStart":
          return { kind: "fromTheStart" };
      }
    }
  } finally {
    search.free();
  }
}

async function anySupplied(machines: Pair<Assembled>): Promise<boolean> {
  const blocks = [await supplied(machines[0]), await supplied(machines[1])];
  return blocks.some((block) => block !== null);
}

/** Goes to an instruction of a run's. */
async function goTo(machine: Assembled, instruction: number): Promise<void> {
  for (;;) {
    const { reason } = machine.pc.goTo(BigInt(instruction), STEPS) as StopReason;
    if (reason === "needsBlock") await supplied(machine);
    else if (reason !== "outOfBudget") return;
    await breathe();
  }
}

/** The instruction after which two runs differ, and in what. */
async function partedAt(machines: Pair<Assembled>, equal: number): Promise<PartingFound> {
  const [{ pc: first }, { pc: second }] = machines;
  await goTo(machines[0], equal);
  const { linear_ip } = first.registers() as Registers;
  const [line] = first.disassemble(linear_ip, 1) as readonly DisassemblyLine[];
  await goTo(machines[0], equal + 1);
  await goTo(machines[1], equal + 1);
  const differences = compareMoments([first.save()], [second.save()]) as Differences;
  const instruction = line ? `${linear_ip.toString(16).padStart(8, "0")} ${line.text}` : "";
  return { kind: "at", equal, instruction, differences };
}
