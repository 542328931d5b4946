import init, { lastPanic, Pc, PcConfig, StopKind } from "../wasm/x86/x86.js";
import wasmUrl from "../wasm/x86/x86_bg.wasm?url";

export { lastPanic, Pc, PcConfig, StopKind };

let loading: Promise<WebAssembly.Memory> | undefined;

/** Loads the x86 engine once; gives the memory in which its pictures lie. */
export function loadEngine(): Promise<WebAssembly.Memory> {
  loading ??= init({ module_or_path: new URL(wasmUrl, self.location.href) }).then((exports) => exports.memory);
  return loading;
}
