import { A, B, C, code, type EvmExample, pane } from "./example";

const passing = (target: string) => `; Calls ${target}. If that fails it fails too, with the same words.
    PUSH 0
    PUSH 0
    PUSH 0
    PUSH 0
    PUSH 0
    PUSH ${target}
    GAS
    CALL
    PUSH @fine
    JUMPI
    RETURNDATASIZE
    PUSH 0
    PUSH 0
    RETURNDATACOPY
    RETURNDATASIZE
    PUSH 0
    REVERT
fine:
    STOP
`;

const SHELF = `; Notes that somebody asked, and finds nothing.
    PUSH 1
    PUSH 0
    SSTORE
    PUSH 0
    PUSH 0
    LOG0
    %revert "out of stock"
`;

export const BUBBLE: EvmExample = {
  id: "bubble",
  summary: "An error that rises through three contracts, and takes everything back on its way.",
  about: [
    [
      code("REVERT"),
      " ends a call, gives data to the caller, and undoes all that the call did: its ",
      pane("storage", "storage"),
      ", its ",
      pane("logs", "logs"),
      ", the ether it moved. Only the gas stays spent.",
    ],
    [
      "The shop calls the warehouse, the warehouse its shelf. The shelf reverts with a text; each caller copies the data it got back, and reverts with it. So the transaction ends with the words of a contract that its sender never heard of.",
    ],
    [
      "“To the failure” goes to where it began, not to where it ended: the innermost ",
      code("REVERT"),
      " whose data everybody passed on.",
    ],
  ],
  tries: [
    ["Press “To the failure”, then step: the ", pane("calls", "calls"), " close one by one."],
    ["Find the slot that was set to 1 in ", pane("storage", "storage"), ": what is it after the revert?"],
    ["Read the returned data in ", pane("data", "call data"), ": selector, offset, length, text."],
  ],
  project: {
    title: "A revert that bubbles up",
    request: { fork: "Osaka", transactions: [{ to: A, gas: 200_000 }] },
    sources: [
      { address: A, name: "shop", text: passing("0xbb") },
      { address: B, name: "warehouse", text: passing("0xcc") },
      { address: C, name: "shelf", text: SHELF },
    ],
    abi: ["Error(string)"],
  },
};
