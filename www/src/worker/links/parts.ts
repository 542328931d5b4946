import type { LinkParts } from "../../protocol/links";
import type { Pc } from "../engine";

/** What links to a machine's present moment are made of; with its `whole` state as a snapshot, if asked. */
export function partsOf(pc: Pc, whole: boolean): LinkParts {
  const recording = recordingOf(pc);
  const snapshot = whole ? (pc.save() as Uint8Array<ArrayBuffer>) : null;
  const { instructions, time } = pc;
  return { recording, snapshot, instruction: Number(instructions), time: String(time), hash: pc.stateHash() };
}

/** The run so far; null where it was not recorded from its beginning. */
export function recordingOf(pc: Pc): Uint8Array<ArrayBuffer> | null {
  try {
    return pc.recording() as Uint8Array<ArrayBuffer>;
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return null;
  }
}
