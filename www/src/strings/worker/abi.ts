/** What is wrong with a signature, with values for it, or with data that should be such values. */
export const ABI = {
  noType: (type: string) =>
    `${type || "an empty type"}: no type known here; use uint256, address, bool, bytes32, string, T[], (T, T) ...`,
  openBracket: (signature: string) => `${signature}: a bracket is not closed`,
  noFunction: (signature: string) => `${signature}: no function; write it as transfer(address,uint256)`,
  leftOver: (signature: string, rest: string) => `${signature}: what is "${rest}"?`,
  tooDeep: (signature: string) => `${signature}: too deep`,
  notNumber: (what: string) => `${what}: expected a number, such as 12 or 0xc`,
  notHex: (what: string) => `${what}: expected bytes in hexadecimal, such as 0x6001`,
  doesNotFit: (type: string, value: string) => `${type}: ${value} does not fit`,
  notBool: "bool: expected true or false",
  notAddress: "address: expected 0x and 40 hexadecimal digits",
  tooManyBytes: (type: string, bytes: number) => `${type}: at most ${bytes} bytes`,
  notArray: (type: string) => `${type}: expected an array, such as ["1", "2"]`,
  items: (type: string, length: number | null | undefined) => `${type}: ${length} items`,
  notTuple: (name: string, members: number) => `${name}: expected ${members} values, such as ["1", "2"]`,
  arguments: (signature: string, wanted: number, given: number) =>
    `${signature} takes ${wanted} arguments, not ${given}`,
  dataEnds: "the data ends before it should",
  tooManyValues: "too many values",
  tooManyItems: "too many items",
} as const;
