import { A, code, type EvmExample, pane } from "./example";

const SOURCE = `; SHA-256 of "abc", by the contract at address 2.
    PUSH32 left("abc")
    PUSH 0
    MSTORE
    PUSH 32                     ; 32 bytes of output,
    PUSH 32                     ; to 32;
    PUSH 3                      ; 3 bytes of input,
    PUSH 0                      ; from 0
    PUSH 2
    GAS
    STATICCALL
    %require "refused"
    PUSH 32
    PUSH 32
    RETURN
`;

export const PRECOMPILE: EvmExample = {
  id: "precompile",
  summary: "SHA-256 by a contract that has no code: the precompiled ones.",
  about: [
    [
      "What would be too slow in bytecode is built into every client, and is called like a contract: signatures at address 1, SHA-256 at 2, RIPEMD-160 at 3, big powers at 5, curves from 6 on. There is no code there to step into.",
    ],
    [
      "This program puts ",
      code("abc"),
      " into ",
      pane("memory", "memory"),
      " and asks address 2 for its hash. The price is 60 gas and 12 for each word: ",
      pane("calls", "Calls"),
      " shows it as the callee's.",
    ],
    [
      "The page did not have SHA-256 until this example asked for it: the module was loaded just now, and the instruction executed again.",
    ],
  ],
  tries: [
    ["Step over ", code("STATICCALL"), ", and see the second row of ", pane("memory", "memory"), " change."],
    ["Compare the output with any other tool: ", code("printf abc | sha256sum"), "."],
    ["Give the call no gas instead of ", code("GAS"), ": what does ", pane("stack", "the stack"), " say then?"],
  ],
  project: {
    title: "A precompiled contract",
    request: { fork: "Osaka", transactions: [{ to: A, gas: 100_000 }] },
    sources: [{ address: A, name: "hash", text: SOURCE }],
    abi: [],
  },
};
