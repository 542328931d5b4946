import { A, B, code, type EvmExample, pane } from "./example";

const RELAY = `; relay(id): notes that a message was delivered, and delivers it.
    %dispatch "relay(uint256)", @relay
    %revert "no such function"

relay:
    PUSH 1
    %argument 0
    SSTORE                      ; delivered, it says
    PUSH32 selector("work(uint256)") << 224
    PUSH 0
    MSTORE
    %argument 0
    PUSH 4
    MSTORE
    PUSH 0
    PUSH 0
    PUSH 36
    PUSH 0
    PUSH 0
    PUSH 0xbb
    GAS
    CALL
    POP                         ; how it went is not looked at
    STOP
`;

const WORKER = `; work(id): two new slots, some 44,000 gas.
    %dispatch "work(uint256)", @work
    %revert "no such function"

work:
    PUSH 1
    %argument 0
    SSTORE
    PUSH 1
    PUSH 1000
    %argument 0
    ADD
    SSTORE
    STOP
`;

const RELAY_CALL = "relay(uint256)";

export const GRIEFING: EvmExample = {
  id: "griefing",
  summary: "A relay that can be starved: the outer call succeeds, the inner one never had a chance.",
  about: [
    [
      "A call can give its callee at most 63/64 of the gas that is left (EIP-150). Whoever sends the transaction chooses how much there is in all. If the caller does not look at how the call went, the sender can choose an amount with which the callee fails and the caller still succeeds.",
    ],
    [
      "This relay writes “delivered” first, then calls. The first transaction brings enough gas. The second brings 80,000: message 2 counts as delivered, but the work was never done, and can never be delivered again.",
    ],
    [
      "The chart in ",
      pane("calls", "Calls"),
      " shows both: the inner call of the second transaction is red, and marked ✕.",
    ],
  ],
  tries: [
    ["In transaction 2 go to the failure mark: ", code("SSTORE"), " says what it would cost, and what is left."],
    ["In ", pane("storage", "storage"), ", at the end: which slots of which account are set?"],
    ["Find the least gas with which message 2 is really delivered, in ", pane("transaction", "Transactions"), "."],
  ],
  project: {
    title: "Gas griefing",
    request: {
      fork: "Osaka",
      transactions: [
        { to: A, gas: 300_000, call: { signature: RELAY_CALL, values: ["1"] } },
        { to: A, gas: 80_000, call: { signature: RELAY_CALL, values: ["2"] } },
      ],
    },
    sources: [
      { address: A, name: "relay", text: RELAY },
      { address: B, name: "worker", text: WORKER },
    ],
    abi: [RELAY_CALL, "work(uint256)"],
  },
};
