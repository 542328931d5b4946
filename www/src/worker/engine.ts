import { MACHINE } from "../strings/worker/machine";
import init, { lastPanic, Pc, PcConfig, StopKind } from "../wasm/x86/x86.js";
import wasmUrl from "../wasm/x86/x86_bg.wasm?url";
import { once } from "./loading";

export { lastPanic, Pc, PcConfig, StopKind };

/** Loads the x86 engine once; gives the memory in which its pictures lie. */
export const loadEngine: () => Promise<WebAssembly.Memory> = once(MACHINE.engine, async () => {
  const { memory } = await init({ module_or_path: new URL(wasmUrl, self.location.href) });
  return memory;
});
