import type { AssemblerCommand, AssemblerEvent } from "../../protocol/nasm";
import { ASSEMBLER } from "../../strings/worker/assembler";
import { readAssembly, readMnemonics } from "./answers";
import { loadAssembler } from "./engine";

function post(event: AssemblerEvent): void {
  self.postMessage(event);
}

async function answer(command: AssemblerCommand): Promise<AssemblerEvent> {
  const { assemble, mnemonics } = await loadAssembler();
  const { id } = command;
  switch (command.type) {
    case "assemble":
      return { type: "assembled", id, assembly: readAssembly(assemble(command.text, "{}")) };
    case "mnemonics":
      return { type: "mnemonics", id, mnemonics: readMnemonics(mnemonics()) };
  }
}

self.onmessage = async ({ data }: MessageEvent<AssemblerCommand>) => {
  try {
    post(await answer(data));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // A trap leaves the module in no state to go on with: the page starts another worker.
    if (error instanceof WebAssembly.RuntimeError) reportError(new Error(ASSEMBLER.broke(message)));
    else post({ type: "failed", id: data.id, message });
  }
};
