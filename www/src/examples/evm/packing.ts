import { A, code, type EvmExample, pane } from "./example";

const SOURCE = `; Two numbers of 128 bits: in one slot, or in two.
    %dispatch "packed(uint128,uint128)", @packed, "apart(uint128,uint128)", @apart, "high()", @high
    %revert "no such function"

packed:
    %argument 1
    PUSH 128
    SHL                         ; the upper half
    %argument 0
    OR                          ; and the lower
    PUSH 0
    SSTORE
    STOP

apart:
    %argument 0
    PUSH 1
    SSTORE
    %argument 1
    PUSH 2
    SSTORE
    STOP

high:
    PUSH 0
    SLOAD
    PUSH 128
    SHR
    %return_top
`;

export const PACKING: EvmExample = {
  id: "packing",
  summary: "Two numbers in one slot: shifts and masks against 22,100 gas.",
  about: [
    [
      "A slot has 256 bits, and a new one costs 22,100 gas, whatever is in it. Compilers therefore put small variables side by side into one slot. It takes a shift and an ",
      code("OR"),
      " to write, and a shift to read: 3 gas each.",
    ],
    [
      "The first transaction writes two numbers of 128 bits ",
      pane("storage", "into one slot"),
      ", the second the same two into two slots. The third reads the upper half back.",
    ],
    ["What this does to the price is in ", pane("gas", "Gas"), "; compare the transactions' totals above."],
  ],
  tries: [
    ["Point at the value of slot 0 in ", pane("storage", "storage"), ": all 64 digits, and both halves."],
    ["Step over ", code("SHL"), " and watch the ", pane("stack", "stack"), "."],
    [
      "Call packed() twice in a row. What does the second cost? Only one half changes: what would a contract have to do then?",
    ],
  ],
  project: {
    title: "Storage packing",
    request: {
      fork: "Osaka",
      transactions: [
        { to: A, call: { signature: "packed(uint128,uint128)", values: ["7", "9"] } },
        { to: A, call: { signature: "apart(uint128,uint128)", values: ["7", "9"] } },
        { to: A, call: { signature: "high()", values: [] } },
      ],
    },
    sources: [{ address: A, name: "packing", text: SOURCE }],
    abi: ["packed(uint128,uint128)", "apart(uint128,uint128)", "high()"],
  },
};
