import { sha256 as hashOf } from "../../host/fingerprint.mjs";
import { UserError } from "../../host/user_error.mjs";
import type { Event } from "../../protocol/event";
import type { Arrival, Way } from "../../protocol/links";
import type { StopReason } from "../../protocol/stops";
import { ARRIVING } from "../../strings/worker/links";
import type { Assembled } from "../assembly";
import { missingBlock } from "../remote_blocks";

/** Instructions that are executed again at once: between, the page is heard. */
const STEPS = 4_000_000n;

/** What the way to a moment tells, and asks, as it goes. */
export interface Journey {
  /** Tells the page how far it is. */
  readonly post: (event: Event) => void;
  /** Nobody waits for it any more. */
  readonly isOver: () => boolean;
}

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Loads a file from another host, as long as it is as large as was said; what is loaded is what was named. */
async function download(way: Extract<Way, { file: string }>, { post, isOver }: Journey) {
  const { file, size, sha256 } = way;
  // A redirection leads to an address that the reader was not asked about.
  const options = { credentials: "omit", redirect: "error", referrerPolicy: "no-referrer" } as const;
  const response = await fetch(file, options).catch((error: unknown) => {
    throw new UserError(ARRIVING.unloadable(file, String(error)));
  });
  if (!response.ok || !response.body) throw new UserError(ARRIVING.refused(file, response.status));
  const bytes = new Uint8Array(size);
  const reader = response.body.getReader();
  let loaded = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (isOver() || loaded + part.value.length > size) {
      await reader.cancel();
      throw new UserError(ARRIVING.tooLarge(file, size));
    }
    bytes.set(part.value, loaded);
    loaded += part.value.length;
    post({ type: "arriving", done: loaded, total: size });
  }
  if (loaded === size && (await hashOf(bytes)) === sha256) return bytes;
  throw new UserError(ARRIVING.otherFile(file));
}

/** Makes a run again, up to a virtual time: that tells a moment exactly, also where the CPU sleeps. */
async function replay(machine: Assembled, { instruction, time }: Arrival, journey: Journey): Promise<void> {
  const { pc } = machine;
  while (!journey.isOver()) {
    const { reason } = pc.goToTime(BigInt(time), STEPS) as StopReason;
    if (reason === "needsBlock") {
      const block = missingBlock(machine);
      block.supply(await block.load());
    } else if (reason !== "outOfBudget") return;
    journey.post({ type: "arriving", done: Number(pc.instructions), total: instruction });
    await breathe();
  }
}

/** Goes the way. */
async function go(machine: Assembled, arrival: Arrival, record: number | undefined, journey: Journey): Promise<void> {
  const { pc } = machine;
  const { way } = arrival;
  if ("recording" in way) {
    // Without a record there is no way to walk; who wants none has it no longer than that.
    pc.replay(way.recording, record || undefined);
    machine.recorded = record !== 0;
    await replay(machine, arrival, journey);
  } else {
    pc.open(["file" in way ? await download(way, journey) : way.snapshot]);
  }
}

/**
 * Brings a machine that was just powered on to a moment; a machine that does not come there is given back. Gives what the
 * reader has to know if it is another moment than the maker of the link saw; empty if it is the same.
 * @throws Error if the way leads nowhere
 */
export async function arrive(
  machine: Assembled,
  arrival: Arrival,
  record: number | undefined,
  journey: Journey,
): Promise<string> {
  const { pc } = machine;
  const { instruction, hash } = arrival;
  try {
    await go(machine, arrival, record, journey);
    if (journey.isOver() || pc.stateHash() === hash) return "";
    const came = Number(pc.instructions);
    return came === instruction ? ARRIVING.otherState(came) : ARRIVING.otherPlace(instruction, came);
  } catch (error) {
    // A trap has taken the whole module with it.
    if (!(error instanceof WebAssembly.RuntimeError)) pc.free();
    throw error;
  }
}
