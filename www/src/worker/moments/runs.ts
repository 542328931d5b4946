import { hex } from "../../host/fingerprint.mjs";
import { type MomentRecord, runLock } from "../../protocol/moments";
import type { Database } from "./database";

/** Runs that some tab goes on with. */
export async function liveRuns(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.map(({ name = "" }) => name));
}

/** What was kept of runs that ended with their tab, the latest first. */
export async function lostRuns(store: Database): Promise<readonly MomentRecord[]> {
  const live = await liveRuns();
  const lost = (await store.records()).filter(({ run }) => run !== null && !live.has(runLock(run)));
  return lost.sort((one, other) => other.date - one.date);
}

/** A name that no other moment has. */
export const newId = (): string => hex(crypto.getRandomValues(new Uint8Array(12)));
