import type { SolidityCommand, SolidityEvent } from "../../protocol/evm/solidity";
import { Compiler } from "./compiler";
import { startSoljson } from "./soljson";

const post = (event: SolidityEvent): void => self.postMessage(event);

const compiler = new Compiler(startSoljson, (progress) => post({ type: "progress", ...progress }));

async function handle(command: SolidityCommand): Promise<void> {
  if (command.type === "ping") return post({ type: "pong" });
  const { id, query } = command;
  try {
    post({ type: "answer", id, value: await compiler.compile(query.request) });
  } catch (error) {
    post({ type: "refused", id, message: error instanceof Error ? error.message : String(error) });
  }
}

self.onmessage = (message: MessageEvent<SolidityCommand>) => void handle(message.data);
post({ type: "ready" });
