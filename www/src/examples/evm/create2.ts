import { A, code, type EvmExample, pane } from "./example";

const FACTORY = `; deploy(salt): makes a contract whose address is known beforehand.
    %dispatch "deploy(uint256)", @deploy
    %revert "no such function"

deploy:
    ; Init code of 16 bytes. It leaves 8 bytes of code, which give back 42:
    ; PUSH 42, PUSH 0, MSTORE, PUSH 32, PUSH 0, RETURN.
    PUSH16 0x67602a5f5260205ff35f5260086018f3
    PUSH 0
    MSTORE                      ; at 16 to 32
    %argument 0                 ; salt
    PUSH 16
    PUSH 16
    PUSH 0
    CREATE2
    %return_top
`;

const DEPLOY = "deploy(uint256)";

export const CREATE2: EvmExample = {
  id: "create2",
  summary: "Contracts that make contracts, at addresses one can compute beforehand.",
  about: [
    [
      "A new contract's code is what its init code returns. ",
      code("CREATE2"),
      " puts it at the last 20 bytes of the hash of 0xff, the creator's address, a salt, and the hash of the init code: all known before the contract exists.",
    ],
    [
      "The first transaction makes a contract with salt 1, the second asks for the same again, the third uses salt 2. An address that has code cannot be made again: the second gets 0, and all the gas that was given to the creation is gone. ",
      pane("gas", "The gas"),
      " shows it.",
    ],
    [
      "The new contract appears in ",
      pane("accounts", "Accounts"),
      " the moment its init code begins, and gets its code when that has returned.",
    ],
  ],
  tries: [
    [
      "Go into the creation in transaction 1 with “Next call”: the ",
      pane("code", "code"),
      " shows the init code at work.",
    ],
    ["See in ", pane("memory", "memory"), " how 16 bytes stand at the end of the first word."],
    ["Compare the ", pane("gas", "gas"), " of the three transactions."],
  ],
  project: {
    title: "CREATE2",
    request: {
      fork: "Osaka",
      transactions: [
        { to: A, gas: 200_000, call: { signature: DEPLOY, values: ["1"] } },
        { to: A, gas: 200_000, call: { signature: DEPLOY, values: ["1"] } },
        { to: A, gas: 200_000, call: { signature: DEPLOY, values: ["2"] } },
      ],
    },
    sources: [{ address: A, name: "factory", text: FACTORY }],
    abi: [DEPLOY],
  },
};
