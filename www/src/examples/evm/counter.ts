import { A, code, type EvmExample, pane } from "./example";

const SOURCE = `; A counter: add() adds one, get() tells the number.
    %dispatch "add()", @add, "get()", @get
    %revert "no such function"

add:
    PUSH 0
    SLOAD               ; the number so far
    PUSH 1
    ADD
    PUSH 0
    SSTORE              ; slot 0 holds it from now on
    STOP

get:
    PUSH 0
    SLOAD
    %return_top
`;

export const COUNTER: EvmExample = {
  id: "counter",
  summary: "One word of storage that transactions count up: calls, slots, warm and cold.",
  about: [
    [
      "A contract keeps words in ",
      pane("storage", "storage"),
      ". This one keeps a single number in slot 0. Three transactions are sent to it, one after the other: two call ",
      code("add()"),
      ", the last calls ",
      code("get()"),
      ".",
    ],
    [
      "The first four bytes of the ",
      pane("data", "call data"),
      " choose the function: the contract compares them with the selectors of the functions it knows, and jumps.",
    ],
    [
      "Writing the slot for the first time turns a zero into a number, which costs 20,000 gas; the second time it costs 2,900. Choose a transaction above, and compare their ",
      pane("gas", "gas"),
      ".",
    ],
  ],
  tries: [
    ["Step (F11) to ", code("SLOAD"), ". The text under the code says what it costs, and why: the slot is cold."],
    ["Press ↩ beside the slot in ", pane("storage", "storage"), " to go back to the instruction that wrote it."],
    [
      "Change the first transaction to call ",
      code("set()"),
      " in ",
      pane("transaction", "Transactions"),
      ", and run it: where does it fail?",
    ],
  ],
  project: {
    title: "Counter",
    request: {
      fork: "Osaka",
      transactions: [
        { to: A, call: { signature: "add()", values: [] } },
        { to: A, call: { signature: "add()", values: [] } },
        { to: A, call: { signature: "get()", values: [] } },
      ],
    },
    sources: [{ address: A, name: "counter", text: SOURCE }],
    abi: ["add()", "get()"],
  },
};
