/** What is said of the EVM's sources: assembler and Solidity. */
export const SOURCES = {
  error: (name: string, line: number | undefined, column: number | undefined, message: string | undefined) =>
    `${name}, line ${line}, column ${column}: ${message}`,
  noneCalled: (name: string) => `data: there is no source called ${name}`,
  notReached: (line: number, file: string) => `No instruction that ran comes from line ${line} of ${file}.`,
  notPlaced: (library: string) => `The library ${library} is used, but has no address: put it into the world, too.`,
  noContract: (name: string, file = "") => `There is no contract called ${name}${file && ` in ${file}`}.`,
  abstract: (contract: string) => `${contract} is abstract or an interface: it has no code.`,
  noContractIn: (file: string) => `${file} has no contract that could be put at an address.`,
  bytes: (length: number) => `(${length} bytes)`,
} as const;
