import { A, code, type EvmExample, pane } from "./example";

const SOURCE = `; Writes a word twice as far each time, until gas runs out.
    PUSH 32
again:
    DUP1
    DUP1
    MSTORE
    PUSH 1
    SHL
    PUSH @again
    JUMP
`;

export const OUT_OF_GAS: EvmExample = {
  id: "out_of_gas",
  summary: "Memory that grows twice as far each time, and the square in its price.",
  about: [
    [
      pane("memory", "Memory"),
      " costs gas when it grows: 3 for each word, and the square of the number of words divided by 512. For small programs the square is nothing; from some 20 kilobytes on it is what matters.",
    ],
    [
      "This loop writes at 32, 64, 128, 256 … It has 100,000 gas. Look how the price of ",
      code("MSTORE"),
      " rises from turn to turn: it doubles at first, and goes up fourfold in the end.",
    ],
    [
      "When gas runs out nothing of the call is left, and all gas it was given is gone. The text under the ",
      pane("code", "code"),
      " says what was wanted, for what, and what there was.",
    ],
  ],
  tries: [
    ["Press “To the failure”, and read the sum."],
    ["Go back turn by turn with ↩ of the lowest word in ", pane("stack", "the stack"), "."],
    ["How much gas does one turn more take? Try it in ", pane("transaction", "Transactions"), "."],
  ],
  project: {
    title: "Out of gas",
    request: { fork: "Osaka", transactions: [{ to: A, gas: 100_000 }] },
    sources: [{ address: A, name: "memory", text: SOURCE }],
    abi: [],
  },
};
