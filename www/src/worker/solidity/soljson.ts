import soljsonUrl from "solc/soljson.js?url";
import type { CompilerProgress } from "../../protocol/evm/solidity";
import { COMPILER } from "../../strings/worker/compiler";
import type { Engine } from "./compiler";
import glue from "./soljson_glue.js?raw";

/** Where the browser keeps the compiler, so that it is there without a network. */
const STORE = "glassbox-compilers";
/** Progress is told at most so often. */
const EVERY_MS = 100;

type Tell = (progress: CompilerProgress) => void;

/** The compiler, from the browser's store if it is there, else from the site. */
async function fetched(url: string, tell: Tell): Promise<Blob> {
  const store = await openStore();
  const kept = await store?.match(url);
  if (kept) return kept.blob();
  const response = await fetch(url);
  if (!response.ok) throw new Error(COMPILER.status(response.status));
  const blob = await received(response, tell);
  await keep(store, url, blob);
  return blob;
}

/** A browser may refuse to keep anything, as in a private window. */
async function openStore(): Promise<Cache | undefined> {
  try {
    return await caches.open(STORE);
  } catch {
    return undefined;
  }
}

async function keep(store: Cache | undefined, url: string, blob: Blob): Promise<void> {
  try {
    // Older compilers have other addresses.
    for (const old of (await store?.keys()) ?? []) await store?.delete(old);
    await store?.put(url, new Response(blob, { headers: { "Content-Type": "text/javascript" } }));
  } catch {
    // It is fetched again the next time.
  }
}

async function forget(): Promise<void> {
  try {
    await caches.delete(STORE);
  } catch {
    // There was none.
  }
}

async function received(response: Response, tell: Tell): Promise<Blob> {
  if (!response.body) return response.blob();
  // Of a response that was packed the header counts other bytes than the ones that come.
  const packed = response.headers.has("Content-Encoding");
  const length = Number(response.headers.get("Content-Length"));
  const total = packed || !(length > 0) ? null : length;
  const pieces: BlobPart[] = [];
  const reader = response.body.getReader();
  let [sum, told] = [0, 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces);
    pieces.push(value);
    sum += value.length;
    if (performance.now() - told < EVERY_MS) continue;
    told = performance.now();
    tell({ phase: "loading", received: sum, total });
  }
}

/**
 * Loads the compiler, and starts it in a worker of its own: it computes for seconds without a break. The worker's text is
 * made of the compiler, as its makers publish it, and of the few lines behind it.
 */
export async function startSoljson(tell: Tell): Promise<Engine> {
  const url = new URL(soljsonUrl, self.location.href).href;
  tell({ phase: "loading", received: 0, total: null });
  const compiler = await fetched(url, tell).catch((error: unknown) => {
    throw new Error(COMPILER.notLoaded(error instanceof Error ? error.message : String(error)));
  });
  const address = URL.createObjectURL(new Blob([compiler, "\n", glue], { type: "text/javascript" }));
  const worker = new Worker(address, { name: "solc" });
  worker.addEventListener("message", () => URL.revokeObjectURL(address), { once: true });
  // What was kept may be damaged: it is fetched anew.
  worker.addEventListener("error", () => void forget());
  return worker as unknown as Engine;
}
