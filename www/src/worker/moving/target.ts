import { UserError } from "../../host/user_error.mjs";
import type { MachineSpec } from "../../protocol/machine_spec";
import type { Recipe } from "../../protocol/moments";
import type { LastRound, MovingState, OwnFiles, Round } from "../../protocol/moving";
import { MOVE } from "../../strings/worker/moving";
import { PageLibrary } from "../../wasm/x86/x86.js";
import type { Assembled } from "../assembly";
import type { Pc } from "../engine";
import { readCard } from "../moments/card";
import { resolve } from "../moments/recipe";
import { Silent, type Talk } from "./wire";

/** Bytes of packed pages that are taken at most: of the largest machine, and what it wrote to its disks. */
const MOST_BYTES = 4 * 2 ** 30;
/** The reader at the other end may take this long to begin. */
const BEGIN_MS = 24 * 3600 * 1000;
/** The source makes its first copy of a large machine. */
const ROUND_MS = 30_000;

/** What the worker that takes a machine in can do. */
export interface Host {
  readonly site: string;
  readonly tell: (state: MovingState) => void;
  /** The reader agrees to what is offered; fails when that does not come. */
  readonly agreed: () => Promise<void>;
  readonly assemble: (spec: MachineSpec) => Promise<Assembled>;
}

/** A machine that came, and is let go where it was. */
export interface Come {
  readonly machine: Assembled;
  readonly spec: MachineSpec;
  readonly last: LastRound;
  /** The other end said that it let the machine go. */
  readonly sure: boolean;
  readonly rounds: readonly Round[];
}

/**
 * Takes a machine in. It is whole and checked, and let go at the other end if that is `sure`, when this comes back.
 * @throws an error of one line; nothing is left behind
 */
export async function takeIn(talk: Talk, host: Host): Promise<Come> {
  host.tell({ phase: "waiting" });
  const { card: bytes, files } = await talk.next(["offer"], BEGIN_MS);
  const { card, images } = await readCard(bytes);
  const { recipe } = card.body;
  host.tell({ phase: "offered", recipe, instruction: card.instruction });
  await host.agreed();
  host.tell({ phase: "loading" });
  const spec = await specOf(recipe, images, files, host.site);
  const machine = await host.assemble(spec);
  try {
    talk.say({ say: "ready" });
    return { machine, spec, ...(await receive(machine.pc, talk, host.tell)) };
  } catch (error) {
    // A trap has taken the whole module with it.
    if (!(error instanceof WebAssembly.RuntimeError)) machine.pc.free();
    throw error;
  }
}

async function specOf(
  recipe: Recipe,
  images: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  files: OwnFiles,
  site: string,
): Promise<MachineSpec> {
  const image = async (sha256: string) => images.get(sha256);
  const found = await resolve(recipe, { image, site, files });
  if (found.kind === "spec") return found.spec;
  const names = found.kind === "missing" ? found.images.map(({ name }) => name).join(", ") : "";
  throw new UserError(MOVE.missing(names));
}

/** Takes rounds until the last one is there and the machine is this one's. */
async function receive(pc: Pc, talk: Talk, tell: Host["tell"]): Promise<Pick<Come, "last" | "rounds" | "sure">> {
  const library = new PageLibrary();
  const rounds: Round[] = [];
  let [pages, bytes, begun, all] = [0, 0, performance.now(), 0];
  try {
    for (;;) {
      tell({ phase: "copying", rounds: [...rounds], last: false });
      const message = await talk.next(["pages", "round"], ROUND_MS);
      if (message.say === "pages") {
        all += message.bytes.length;
        if (all > MOST_BYTES) throw new UserError(MOVE.tooMany);
        library.load(message.ids, message.bytes);
        talk.say({ say: "got" });
        pages += message.ids.length / 32;
        bytes += message.bytes.length;
        continue;
      }
      // The rounds before the last are opened too: that one has only little left to do.
      pc.openMoment(message.manifest, library);
      talk.say({ say: "there", id: stateOf(pc) });
      rounds.push({ pages, bytes: bytes + message.manifest.length, took: performance.now() - begun });
      [pages, bytes, begun] = [0, 0, performance.now()];
      if (message.last) return { last: message.last, rounds, sure: await isLetGo(talk) };
    }
  } finally {
    library.free();
  }
}

/** Whether the other end says so. Who hears nothing cannot know: then the machine is kept, and stands still. */
async function isLetGo(talk: Talk): Promise<boolean> {
  try {
    await talk.next(["yours"]);
    return true;
  } catch (error) {
    if (error instanceof Silent) return false;
    throw error;
  }
}

/** The id of the machine's whole state as it is here. */
function stateOf(pc: Pc): string {
  pc.finishMoment(pc.beginMoment());
  return pc.snapshotId ?? "";
}
