import type { Compilation } from "../../protocol/evm/solidity";
import type { Summary } from "../../protocol/evm/whole";
import { EVM } from "../../strings/evm";
import { contractOf, deployable } from "./abi_form";
import { type Draft, isSolidity } from "./transaction_form";

/** An address that a contract of the project has. */
export interface KnownAddress {
  readonly address: string;
  /** The contract's name, or its source's. */
  readonly contract: string;
  readonly label: string;
}

/** Addresses of the project's contracts: where sources are put, and what the last run created. */
export function knownAddresses(
  { sources, transactions }: Draft,
  summary: Summary | null,
  compilation: Compilation | null,
): readonly KnownAddress[] {
  const own = deployable(compilation);
  const placed = sources.flatMap((source) => {
    const inFile = own.filter(({ file }) => file === source.name);
    const contract = isSolidity(source) ? (source.contract ?? inFile.at(-1)?.contract ?? source.name) : source.name;
    const first = source.address ? [{ address: source.address, contract, label: contract }] : [];
    return [...first, ...(source.also ?? []).map((one) => ({ ...one, label: one.contract }))];
  });
  const created = transactions.flatMap(({ kind, data }, at) => {
    const address = summary?.transactions[at]?.created;
    if (kind !== "deploy" || !address) return [];
    const contract = contractOf(compilation, data)?.contract ?? data.slice(1);
    return [{ address, contract, label: EVM.form.createdBy(contract, at + 1) }];
  });
  return [...placed, ...created].map(({ address, contract, label }) => ({ address, contract, label }));
}
