import { LOADING } from "../strings/worker/loading";

/** Why a module cannot be had, and what helps: the browser's own words say neither. */
function remedy(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof WebAssembly.CompileError) {
    return LOADING.refused(reason);
  }
  return LOADING.unreachable(reason);
}

/**
 * Loads a wasm module once. What failed is tried again the next time.
 * @param what the module's name in messages
 */
export function once<T>(what: string, load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw new Error(LOADING.failed(what, remedy(error)));
    });
    return loading;
  };
}
