import type { LinkParts } from "../../protocol/links";
import type { Pc } from "../engine";

/** What links to a machine's present moment are made of. */
export function partsOf(pc: Pc): LinkParts {
  const recording = recordingOf(pc);
  const snapshot = pc.save() as Uint8Array<ArrayBuffer>;
  const { instructions, time } = pc;
  return { recording, snapshot, instruction: Number(instructions), time: String(time), hash: pc.stateHash() };
}

/** The run so far; null where it was not recorded from its beginning. */
function recordingOf(pc: Pc): Uint8Array<ArrayBuffer> | null {
  try {
    return pc.recording() as Uint8Array<ArrayBuffer>;
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return null;
  }
}
