import type { EvmAnswers, EvmCommand, EvmEvent, EvmQuery } from "../../protocol/evm/message";
import type { EvmProject } from "../../protocol/evm/request";
import type { Compilation } from "../../protocol/evm/solidity";
import { RUN } from "../../strings/worker/run";
import { Abi } from "./abi";
import { builtInMacros, forks, lastPanic, loadEvm, opcodes, presets } from "./engine";
import { Run } from "./run";
import { assembleText, keccakOf } from "./sources";
import { readFile } from "./state_test";

let run: Run | undefined;
/** Counts runs: one that takes long must not replace a newer one. */
let opened = 0;

function post(event: EvmEvent): void {
  self.postMessage(event);
}

/** The run goes on until the new one is complete: a bad request never costs a good run. */
async function open(project: EvmProject, compiled: Compilation | undefined): Promise<EvmAnswers["open"]> {
  const mine = ++opened;
  const next = await Run.open(project, post, () => mine === opened, compiled);
  if (mine !== opened) {
    next.end();
    throw new Error(RUN.another);
  }
  run?.end();
  run = next;
  return next.summary;
}

function current(): Run {
  if (!run) throw new Error(RUN.nothing);
  return run;
}

async function answer(query: EvmQuery): Promise<EvmAnswers[keyof EvmAnswers]> {
  await loadEvm();
  const mine = opened;
  switch (query.kind) {
    case "names":
      return { forks: forks(), chains: presets() };
    case "open":
      return open(query.project, query.compiled);
    case "select":
      return current().select(query.index);
    case "travel":
      return current().travel(query.travel, post);
    case "look":
      return current().look(query.memoryFrom, query.memorySize);
    case "code":
      return current().code(query.hash);
    case "compare":
      return current().compare(query.fork, post, () => mine === opened);
    case "compareRun":
      return current().compareRun(query.project, query.compiled, post, () => mine === opened);
    case "export":
      return current().export(query.what);
    case "import":
      return readFile(query.name, query.text);
    case "assemble": {
      const made = assembleText(query.text, query.fork);
      return "errors" in made ? { code: "", errors: made.errors } : { code: made.code, errors: [] };
    }
    case "words":
      return { opcodes: JSON.parse(opcodes(query.fork)), macros: JSON.parse(builtInMacros()) };
    case "encode":
      return new Abi([], keccakOf).encode(query.signature, query.values);
  }
}

async function handle(command: EvmCommand): Promise<void> {
  if (command.type === "ping") return post({ type: "pong" });
  const { id, query } = command;
  try {
    post({ type: "answer", id, value: await answer(query) });
  } catch (error) {
    // After a trap the module's memory can no longer be trusted.
    if (error instanceof WebAssembly.RuntimeError)
      return post({ type: "crash", message: lastPanic() ?? error.message });
    post({ type: "refused", id, message: error instanceof Error ? error.message : String(error) });
  }
}

self.onmessage = (message: MessageEvent<EvmCommand>) => void handle(message.data);
post({ type: "ready" });
