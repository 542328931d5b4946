import { A, B, code, type EvmExample, pane } from "./example";

const VAULT = `; enter(): may not be entered again before it has left.
    %dispatch "enter()", @enter
    %revert "no such function"

enter:
    PUSH 0
    TLOAD
    ISZERO
    %require "locked"
    PUSH 1
    PUSH 0
    TSTORE                      ; locks
    PUSH 0
    SLOAD
    PUSH 1
    ADD
    PUSH 0
    SSTORE                      ; counts visits
    PUSH 0
    PUSH 0
    PUSH 0
    PUSH 0
    PUSH 0
    CALLER
    GAS
    CALL                        ; the visitor may do what it likes
    POP
    PUSH 0
    PUSH 0
    TSTORE                      ; unlocks
    STOP
`;

const VISITOR = `; Enters the vault; when the vault calls back, tries to enter it again.
    PUSH32 selector("enter()") << 224
    PUSH 0
    MSTORE
    PUSH 0
    PUSH 0
    PUSH 4
    PUSH 0
    PUSH 0
    PUSH 0xaa
    GAS
    CALL
    STOP
`;

export const TRANSIENT: EvmExample = {
  id: "transient",
  summary: "A lock that costs 100 gas and opens by itself: TSTORE and TLOAD.",
  about: [
    [
      "Transient storage (EIP-1153, from Cancun on) is like storage, but it is empty when a transaction begins, and costs 100 gas to read or write. That makes it the right place for a lock: ",
      pane("storage", "the word"),
      " is 1 while somebody is inside.",
    ],
    [
      "The visitor enters the vault. The vault calls it back, and it tries to enter once more: the inner call fails with ",
      code("locked"),
      ", the visitor does not mind, and the vault unlocks. It counts one visit.",
    ],
    ["With storage instead the lock would cost 2,100 and more: see ", pane("gas", "Gas"), "."],
  ],
  tries: [
    ["Watch ", pane("storage", "transient storage"), " while you press “Next call”."],
    [
      "Run it under Shanghai with ",
      pane("compare", "Compare"),
      ": the first step that differs is the first ",
      code("TLOAD"),
      ".",
    ],
    ["Take the require away in ", pane("source", "Sources"), ". How deep does it go, and what stops it?"],
  ],
  project: {
    title: "A transient lock",
    request: { fork: "Osaka", transactions: [{ to: B, gas: 500_000 }] },
    sources: [
      { address: A, name: "vault", text: VAULT },
      { address: B, name: "visitor", text: VISITOR },
    ],
    abi: ["enter()"],
  },
};
