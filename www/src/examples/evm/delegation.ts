import { ALICE, B, code, type EvmExample, pane } from "./example";

/** The account of the secret key 1. */
const AUTHORITY = "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf";
const KEY = `0x${"1".padStart(64, "0")}`;

const WALLET = `; Counts how often it ran, and says as whom.
    PUSH 0
    SLOAD
    PUSH 1
    ADD
    PUSH 0
    SSTORE
    ADDRESS
    %return_top
`;

export const DELEGATION: EvmExample = {
  id: "delegation",
  summary: "An ordinary account that takes a contract's code: EIP-7702.",
  about: [
    [
      "Since Prague an account with a key can sign that it takes the code of a contract. A transaction of type 4 brings such words; Alice sends this one, and pays for it. The account itself sends nothing.",
    ],
    [
      "From then on its code is 23 bytes: 0xef0100 and the contract's address. Whoever calls the account runs the wallet's ",
      pane("code", "code"),
      " on the account's own ",
      pane("storage", "storage"),
      ". ",
      pane("accounts", "Accounts"),
      " says whom it delegates to.",
    ],
    [
      "To recover who signed takes elliptic curves. They are in a module of their own, which is loaded when first needed: the line above the code tells.",
    ],
  ],
  tries: [
    [
      "The first step costs nothing special, but the transaction did before it: find 25,000 for each word in ",
      pane("gas", "Gas"),
      ", and what comes back.",
    ],
    ["Which address does ", code("ADDRESS"), " put on the ", pane("stack", "stack"), "?"],
    [
      "The second transaction has no words in it, and runs the code all the same. Make the nonce of the word wrong in ",
      pane("transaction", "Transactions"),
      ": what happens?",
    ],
  ],
  project: {
    title: "EIP-7702 delegation",
    request: {
      fork: "Osaka",
      prestate: { [AUTHORITY]: { balance: "1000000000000000000" } },
      transactions: [
        {
          from: ALICE,
          to: AUTHORITY,
          gas: 200_000,
          authorizationList: [{ chainId: 1, address: B, nonce: 0, secretKey: KEY }],
        },
        { from: ALICE, to: AUTHORITY, gas: 200_000 },
      ],
    },
    sources: [{ address: B, name: "wallet", text: WALLET }],
    abi: [],
  },
};
