import { A, ALICE, BOB, code, type EvmExample, pane } from "./example";

const SOURCE = `; A token: who owns how much is a mapping in slot 0.
    %dispatch "mint(address,uint256)", @mint, "transfer(address,uint256)", @transfer, "balanceOf(address)", @balanceOf
    %revert "no such function"

mint:                           ; anybody may: this is no real money
    %argument 0
    %mapping 0                  ; the slot of the receiver's balance
    DUP1
    SLOAD
    %argument 1
    ADD
    SWAP1
    SSTORE
    STOP

transfer:
    CALLER
    %mapping 0                  ; from
    DUP1
    SLOAD                       ; balance, from
    %argument 1                 ; amount, balance, from
    DUP2
    DUP2
    GT
    ISZERO
    %require "balance too small"
    DUP1
    SWAP2
    SUB                         ; balance - amount, amount, from
    SWAP1
    SWAP2
    SSTORE                      ; amount
    %argument 0
    %mapping 0                  ; to, amount
    DUP1
    SLOAD
    DUP3
    ADD
    SWAP1
    SSTORE                      ; amount
    PUSH 0
    MSTORE
    %argument 0
    CALLER
    PUSH32 keccak256("Transfer(address,address,uint256)")
    PUSH 32
    PUSH 0
    LOG3
    %return_word 1

balanceOf:
    %argument 0
    %mapping 0
    SLOAD
    %return_top
`;

const TRANSFER = "transfer(address,uint256)";

export const ERC20: EvmExample = {
  id: "erc20",
  summary: "A token's balances: a mapping hashed into storage slots, and an event.",
  about: [
    [
      "An ERC-20 token is a table: addresses and what they own. The EVM has no tables, only 2^256 words of ",
      pane("storage", "storage"),
      ". So the slot of an owner's balance is the Keccak-256 hash of the owner's address and the table's own slot: two owners never meet.",
    ],
    [
      "The first transaction gives Alice 100 tokens. In the second she tries to send 1,000, and is refused. In the third she sends 30 to Bob.",
    ],
    [
      "A transfer tells the world outside by a ",
      pane("logs", "log"),
      ": its topics, sender and receiver, can be searched for; its data is the amount.",
    ],
  ],
  tries: [
    [
      "Go to ",
      code("KECCAK256"),
      ", and look into ",
      pane("memory", "memory"),
      ": the address, then the table's slot.",
    ],
    ["Choose transaction 2 and press “To the failure”. The ", pane("stack", "stack"), " shows what was compared."],
    ["Two slots change in transaction 3. Which costs more, and why? Ask ", pane("gas", "the gas by line"), "."],
  ],
  project: {
    title: "ERC-20 token",
    request: {
      fork: "Osaka",
      transactions: [
        { to: A, call: { signature: "mint(address,uint256)", values: [ALICE, "100"] } },
        { from: ALICE, to: A, call: { signature: TRANSFER, values: [BOB, "1000"] } },
        { from: ALICE, to: A, call: { signature: TRANSFER, values: [BOB, "30"] } },
      ],
    },
    sources: [{ address: A, name: "token", text: SOURCE }],
    abi: [
      "mint(address,uint256)",
      TRANSFER,
      "balanceOf(address)",
      "event Transfer(address indexed, address indexed, uint256)",
    ],
  },
};
