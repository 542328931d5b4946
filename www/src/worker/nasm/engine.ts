import init, { assemble, mnemonics } from "../../wasm/nasm/nasm.js";
import wasmUrl from "../../wasm/nasm/nasm_bg.wasm?url";

let loading: Promise<unknown> | undefined;

/** Loads the assembler once; its functions give JSON. */
export async function loadAssembler() {
  loading ??= init({ module_or_path: new URL(wasmUrl, self.location.href) });
  await loading;
  return { assemble, mnemonics };
}
