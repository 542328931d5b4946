import { ASSEMBLER } from "../../strings/worker/assembler";
import init, { assemble, mnemonics } from "../../wasm/nasm/nasm.js";
import wasmUrl from "../../wasm/nasm/nasm_bg.wasm?url";
import { once } from "../loading";

const load = once(ASSEMBLER.assembler, () => init({ module_or_path: new URL(wasmUrl, self.location.href) }));

/** Loads the assembler once; its functions give JSON. */
export async function loadAssembler() {
  await load();
  return { assemble, mnemonics };
}
