import { ALICE, BOB, code, type EvmExample, pane } from "./example";

const INTERFACE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// What every token can do (ERC-20).
interface IERC20 {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    function totalSupply() external view returns (uint256);
    function balanceOf(address owner) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function approve(address spender, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}
`;

const TOKEN = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

import {IERC20} from "./IERC20.sol";

contract Token is IERC20 {
    error BalanceTooSmall(address owner, uint256 balance, uint256 needed);
    error AllowanceTooSmall(address spender, uint256 allowed, uint256 needed);

    string public name;
    address public immutable issuer;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    constructor(string memory givenName, uint256 supply) {
        name = givenName;
        issuer = msg.sender;
        totalSupply = supply;
        balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < value) revert AllowanceTooSmall(msg.sender, allowed, value);
        allowance[from][msg.sender] = allowed - value;
        move(from, to, value);
        return true;
    }

    function move(address from, address to, uint256 value) private {
        uint256 balance = balanceOf[from];
        if (balance < value) revert BalanceTooSmall(from, balance, value);
        balanceOf[from] = balance - value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}
`;

/** Where Alice's first transaction creates a contract: the end of a hash of her address and 0. */
const CREATED = "0xe8a9ab1abc7651a5b7c2ed5b662f2f80bf5c446d";

export const SOLIDITY_TOKEN: EvmExample = {
  id: "solidity_token",
  summary: "A token in Solidity, from its constructor on: events, allowances, errors with arguments.",
  about: [
    [
      "The first transaction creates the contract: its data is the creation code, followed by what the constructor is given. That code runs once, fills ",
      pane("storage", "storage"),
      ", and leaves the contract's own code behind, in which the immutable ",
      code("issuer"),
      " is written.",
    ],
    [
      "Alice gives Bob 25, and allows him to take 100 of hers. Bob takes 60. Each time ",
      pane("logs", "a log"),
      " tells who gave what to whom.",
    ],
    [
      "Then Bob wants 50 more, but only 40 are left to him. ",
      code("AllowanceTooSmall"),
      " says so: four bytes that are the error's hash, and its arguments. The failure is shown with their names.",
    ],
  ],
  tries: [
    ["In transaction 1, step to the line that sets ", code("issuer"), ". Is there an ", code("SSTORE"), "?"],
    [
      "In transaction 4, follow ",
      code("allowance[from][msg.sender]"),
      ": two hashes, one after the other. What is hashed? See ",
      pane("memory", "memory"),
      ".",
    ],
    ["In transaction 5, go to the failure, and then back a line. What does ", code("allowed"), " hold?"],
  ],
  project: {
    title: "Solidity: a token",
    request: {
      fork: "Osaka",
      transactions: [
        { from: ALICE, data: "@Token", constructorValues: ["Glass", "1000"] },
        { from: ALICE, to: CREATED, call: { signature: "transfer(address,uint256)", values: [BOB, "25"] } },
        { from: ALICE, to: CREATED, call: { signature: "approve(address,uint256)", values: [BOB, "100"] } },
        {
          from: BOB,
          to: CREATED,
          call: { signature: "transferFrom(address,address,uint256)", values: [ALICE, BOB, "60"] },
        },
        {
          from: BOB,
          to: CREATED,
          call: { signature: "transferFrom(address,address,uint256)", values: [ALICE, BOB, "50"] },
        },
      ],
    },
    sources: [
      { name: "Token.sol", language: "solidity", text: TOKEN },
      { name: "IERC20.sol", language: "solidity", text: INTERFACE },
    ],
    abi: [],
  },
};
