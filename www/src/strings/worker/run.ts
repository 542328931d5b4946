/** What is said of a run of the EVM. */
export const RUN = {
  evm: "The EVM",
  cryptography: "The cryptography",
  another: "another run was opened",
  nothing: "nothing was opened yet",
  reverted: (error: string, values: string) => `the contract reverted: ${error}(${values})`,
  notSelected: "no transaction is selected",
  notCompiled: "The Solidity sources were not compiled.",
  noTransaction: "there is no such transaction",
  noSource: "There is no Solidity source to step in.",
  noCode: "there is no such code",
  unknown: (name: string, why: string) => `${name}: neither hexadecimal code nor JSON (${why})`,
  unknownJson: (name: string) => `${name}: expected a state test, a prestate or code`,
} as const;
