import { evmStore } from "../../client/evm/start";
import type { SourceSpec } from "../../protocol/evm/request";
import type { Diagnostic } from "../../protocol/evm/solidity";
import type { SourceFault } from "./desk";
import { type Draft, isSolidity, sourcesOf } from "./transaction_form";

async function assemblerFaults({ name, text }: SourceSpec, fork: string): Promise<readonly SourceFault[]> {
  const { errors } = await evmStore.ask({ kind: "assemble", text, fork });
  return errors.map((error) => ({ ...error, file: name, severity: "error" }));
}

function compilerFault({ severity, message, range }: Diagnostic): SourceFault {
  const place = range ?? { file: "", line: 1, column: 1 };
  return { ...place, severity, message };
}

/** What is wrong with the sources of a draft, as assembler and compiler say. */
export async function check(draft: Draft, fork: string): Promise<readonly SourceFault[]> {
  const assembled = draft.sources.filter((source) => !isSolidity(source));
  const [found, compilation] = await Promise.all([
    Promise.all(assembled.map((source) => assemblerFaults(source, fork))),
    draft.sources.some(isSolidity) ? evmStore.compile(sourcesOf(draft)) : undefined,
  ]);
  return [...found.flat(), ...(compilation?.diagnostics ?? []).map(compilerFault)];
}
