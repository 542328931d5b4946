import { A, ALICE, BOB, code, type EvmExample, pane } from "./example";

const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// Where the compiler puts what a contract remembers.
contract Library {
    enum Shelf { Unsorted, Poetry, Physics }

    struct Book {
        string title;     // short: in its slot; long: elsewhere
        address reader;   // 20 bytes,
        uint64 due;       // 8 more,
        Shelf shelf;      // and 1: together in one slot
    }

    uint64 public opened;          // slot 0, bytes 0-7
    bool public open;              // slot 0, byte 8
    address public librarian;      // slot 0, bytes 9-28
    uint256 public visits;         // slot 1
    Book[] public books;           // slot 2: how many; the books are elsewhere
    mapping(address => uint256[]) public loans; // slot 3: always zero
    uint16[] public ratings;       // slot 4: how many; 16 in each slot elsewhere

    function begin(uint64 time) external {
        opened = time;
        open = true;
        librarian = msg.sender;
    }

    function add(string calldata title, Shelf shelf) external {
        Book memory book = Book(title, address(0), 0, shelf);
        books.push(book);
    }

    function lend(uint256 number, address reader, uint64 until) external {
        Book storage book = books[number];
        book.reader = reader;
        book.due = until;
        loans[reader].push(number);
        visits = visits + 1;
    }

    function rate(uint16[] calldata points) external {
        for (uint256 i = 0; i < points.length; i++) {
            uint16 limited = best(points[i], 10);
            ratings.push(limited);
        }
    }

    function best(uint16 given, uint16 limit) private pure returns (uint16 result) {
        result = given < limit ? given : limit;
    }
}
`;

const ADD = "add(string,uint8)";
const LEND = "lend(uint256,address,uint64)";

export const SOLIDITY_STORAGE: EvmExample = {
  id: "solidity_storage",
  summary: "A library in Solidity: which variable is in which slot, and why some share one.",
  about: [
    [
      "The EVM knows slots of 32 bytes, Solidity knows variables. The compiler decides which goes where, and writes it down; ",
      pane("storage", "storage"),
      " reads every slot by that.",
    ],
    [
      code("opened"),
      ", ",
      code("open"),
      " and ",
      code("librarian"),
      " need 29 bytes together, so they share slot 0. The items of ",
      code("books"),
      " begin at the Keccak-256 hash of the array's own slot, a reader's ",
      code("loans"),
      " at the hash of the reader and the mapping's slot.",
    ],
    [
      "Two books are added. The first title has fewer than 32 bytes and is kept in its own slot, with twice its length in the last byte. The second is longer: its slot has only the length, the text is at the slot's hash.",
    ],
  ],
  tries: [
    [
      "Choose transaction 1 and step to the end. How often is slot 0 written? In ",
      pane("gas", "gas"),
      " compare the three lines.",
    ],
    ["Choose transaction 4, and find in ", pane("storage", "storage"), " which two members of the book share a slot."],
    ["Choose transaction 5: three ratings, one slot. Step into ", code("best"), " and see the variables it has."],
  ],
  project: {
    title: "Solidity: storage",
    request: {
      fork: "Osaka",
      transactions: [
        { from: ALICE, to: A, call: { signature: "begin(uint64)", values: ["1700000000"] } },
        { from: ALICE, to: A, call: { signature: ADD, values: ["Faust", "1"] } },
        { from: ALICE, to: A, call: { signature: ADD, values: ["Philosophiae Naturalis Principia Mathematica", "2"] } },
        { from: ALICE, to: A, call: { signature: LEND, values: ["1", BOB, "1700600000"] } },
        { from: BOB, to: A, call: { signature: "rate(uint16[])", values: ["[9, 4, 300]"] } },
      ],
    },
    sources: [{ name: "Library.sol", language: "solidity", text: SOURCE, address: A, contract: "Library" }],
    abi: [],
  },
};
