import { A, B, code, type EvmExample, pane } from "./example";

const PROXY = `; Runs another contract's code on its own storage. Slot 0 says whose.
    CALLDATASIZE
    PUSH 0
    PUSH 0
    CALLDATACOPY
    PUSH 0
    PUSH 0
    CALLDATASIZE
    PUSH 0
    PUSH 0
    SLOAD                       ; the implementation
    GAS
    DELEGATECALL
    RETURNDATASIZE
    PUSH 0
    PUSH 0
    RETURNDATACOPY
    PUSH @fine
    JUMPI
    RETURNDATASIZE
    PUSH 0
    REVERT
fine:
    RETURNDATASIZE
    PUSH 0
    RETURN
`;

const IMPLEMENTATION = `; Keeps a number in slot 1 of whoever runs it.
    %dispatch "set(uint256)", @set, "get()", @get
    %revert "no such function"

set:
    %argument 0
    PUSH 1
    SSTORE
    STOP

get:
    PUSH 1
    SLOAD
    %return_top
`;

export const PROXY_EXAMPLE: EvmExample = {
  id: "proxy",
  summary: "A contract that borrows another's code: DELEGATECALL, and whose storage it is.",
  about: [
    [
      "Code cannot be changed once it is there. A proxy gets around that: it has hardly any code of its own, and runs that of an implementation, whose address it keeps in ",
      pane("storage", "storage"),
      ". To upgrade it is to write one slot.",
    ],
    [
      code("DELEGATECALL"),
      " runs the other contract's code, but storage, balance, caller and value stay those of the proxy. In the ",
      pane("code", "code"),
      " you see the implementation's source while slots of the proxy change.",
    ],
    [
      "The first transaction sets 42 through the proxy, the second reads it back through the proxy. The third asks the implementation itself: it never heard of 42.",
    ],
  ],
  tries: [
    [
      "In transaction 1, at ",
      code("SSTORE"),
      ": under which address does the slot appear in ",
      pane("storage", "storage"),
      "?",
    ],
    ["Compare the outputs of transactions 2 and 3 in ", pane("data", "call data"), ", at their ends."],
    [
      "Let the implementation use slot 0 instead of 1 in ",
      pane("source", "Sources"),
      ": set() then destroys the proxy.",
    ],
  ],
  project: {
    title: "Proxy and DELEGATECALL",
    request: {
      fork: "Osaka",
      transactions: [
        { to: A, call: { signature: "set(uint256)", values: ["42"] } },
        { to: A, call: { signature: "get()", values: [] } },
        { to: B, call: { signature: "get()", values: [] } },
      ],
    },
    sources: [
      { address: A, name: "proxy", text: PROXY, storage: { "0x00": B } },
      { address: B, name: "implementation", text: IMPLEMENTATION },
    ],
    abi: ["set(uint256)", "get()"],
  },
};
