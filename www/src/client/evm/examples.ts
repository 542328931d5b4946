import { EVM_EXAMPLES } from "../../examples/evm/catalog";
import type { EvmExample } from "../../examples/evm/example";
import type { EvmProject } from "../../protocol/evm/request";

/** The example that a project is, also after it was changed. */
export const exampleOf = (project: EvmProject | null): EvmExample | undefined =>
  project === null ? undefined : EVM_EXAMPLES.find((example) => example.project.title === project.title);

/** The example with an id. */
export const exampleById = (id: string): EvmExample | undefined => EVM_EXAMPLES.find((example) => example.id === id);

export { EVM_EXAMPLES };
