import { evmStore } from "../../client/evm/start";
import type { SourceSpec } from "../../protocol/evm/request";
import type { SourceFault } from "./desk";
import type { Draft } from "./transaction_form";

async function assemblerFaults({ name, text }: SourceSpec, fork: string): Promise<readonly SourceFault[]> {
  const { errors } = await evmStore.ask({ kind: "assemble", text, fork });
  return errors.map((error) => ({ ...error, file: name, severity: "error" }));
}

/** What is wrong with the sources of a draft, as assembler and compiler say. */
export async function check({ sources }: Draft, fork: string): Promise<readonly SourceFault[]> {
  const assembled = sources.filter(({ language }) => language !== "solidity");
  const faults = await Promise.all(assembled.map((source) => assemblerFaults(source, fork)));
  return faults.flat();
}
