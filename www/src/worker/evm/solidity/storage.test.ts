import { expect, it, vi } from "vitest";
import type { StorageVariable } from "../../../protocol/evm/scene";
import { Compiler } from "../../solidity/compiler";
import { startUnderNode } from "../../solidity/node_soljson.mjs";
import { Run } from "../run";

vi.mock("../engine", () => import("../node_engine.mjs"));

const A = "0x00000000000000000000000000000000000000aa";
const CC = "0x00000000000000000000000000000000000000cc";
const LONG = "a text that is longer than the thirty-one bytes which fit into its own slot";

const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

contract Base { uint16 public inherited; }

contract Rooms is Base {
  enum Kind { None, Small, Large }
  type Id is uint32;
  struct Owner { address who; uint64 since; string name; uint24[] marks; }

  bool public yes; int8 public minus; bytes4 public tag; Kind public kind; Id public id; Rooms public other;
  uint256 public whole;
  int256 public negative;
  bytes32 public word;
  uint128[3] public fixedItems;
  uint16[] public packed;
  uint256[] public wide;
  uint8[2][] public pairs;
  string public short;
  string public long;
  bytes public raw;
  Owner public owner;
  mapping(address => uint256) public balances;
  mapping(address => mapping(uint8 => bool)) public rights;
  mapping(string => int32) public byText;
  mapping(bytes4 => Owner) public byTag;
  mapping(uint256 => uint256[]) public lists;
  mapping(Kind => bytes2) public byKind;
  uint64 transient lock;
  uint192 transient rest;

  function fill(address whom, string memory text, bytes4 mark) external {
    inherited = 513; yes = true; minus = -3; tag = 0xdeadbeef; kind = Kind.Large; id = Id.wrap(77); other = Rooms(address(0xaa));
    whole = 123456789012345678901234567890; negative = -5; word = bytes32("word");
    fixedItems[0] = 10; fixedItems[1] = 11; fixedItems[2] = 12;
    for (uint16 i = 0; i < 20; i++) packed.push(100 + i);
    wide.push(7); wide.push(8);
    pairs.push([1, 2]); pairs.push([3, 4]);
    short = "short"; long = "${LONG}"; raw = hex"00ff10";
    owner.who = address(0xbb); owner.since = 99; owner.name = "Bob"; owner.marks.push(5); owner.marks.push(6);
    balances[whom] = 1000;
    rights[whom][9] = true;
    byText[text] = -42;
    byTag[mark].who = address(0xdd); byTag[mark].name = "Dora";
    lists[3].push(30); lists[3].push(31);
    byKind[Kind.Small] = 0xabcd;
    lock = 5; rest = 6;
  }

  function ownerMark(uint256 at) external view returns (uint24) { return owner.marks[at]; }
}
`;

/** What is in storage, by the facts of the source; and the getter that tells the same, with its arguments. */
const FACTS: readonly (readonly [string, string, string, string, ...string[]])[] = [
  ["inherited", "uint16", "513", "inherited()"],
  ["yes", "bool", "true", "yes()"],
  ["minus", "int8", "-3", "minus()"],
  ["tag", "bytes4", "0xdeadbeef", "tag()"],
  ["id", "Rooms.Id", "77", "id()"],
  ["other", "contract Rooms", A, "other()"],
  ["whole", "uint256", "123456789012345678901234567890", "whole()"],
  ["negative", "int256", "-5", "negative()"],
  ["word", "bytes32", `0x${"776f7264".padEnd(64, "0")}`, "word()"],
  ["fixedItems[0]", "uint128", "10", "fixedItems(uint256)", "0"],
  ["fixedItems[1]", "uint128", "11", "fixedItems(uint256)", "1"],
  ["fixedItems[2]", "uint128", "12", "fixedItems(uint256)", "2"],
  ["packed[0]", "uint16", "100", "packed(uint256)", "0"],
  ["packed[15]", "uint16", "115", "packed(uint256)", "15"],
  ["packed[16]", "uint16", "116", "packed(uint256)", "16"],
  ["packed[19]", "uint16", "119", "packed(uint256)", "19"],
  ["wide[1]", "uint256", "8", "wide(uint256)", "1"],
  ["pairs[0][1]", "uint8", "2", "pairs(uint256,uint256)", "0", "1"],
  ["pairs[1][0]", "uint8", "3", "pairs(uint256,uint256)", "1", "0"],
  ["owner.marks[1]", "uint24", "6", "ownerMark(uint256)", "1"],
  ["balances[0x00000000000000000000000000000000000000cc]", "uint256", "1000", "balances(address)", CC],
  ["rights[0x00000000000000000000000000000000000000cc][9]", "bool", "true", "rights(address,uint8)", CC, "9"],
  ['byText["key"]', "int32", "-42", "byText(string)", "key"],
  ["lists[3][1]", "uint256", "31", "lists(uint256,uint256)", "3", "1"],
  ["byKind[Small]", "bytes2", "0xabcd", "byKind(uint8)", "1"],
];

/** What has no getter of its own that gives the same text. */
const MORE: readonly (readonly [string, string])[] = [
  ["kind", "Large"],
  ["packed.length", "20"],
  ["wide.length", "2"],
  ["pairs.length", "2"],
  ["owner.who", `0x${"bb".padStart(40, "0")}`],
  ["owner.since", "99"],
  ["owner.name", '"Bob"'],
  ["owner.marks.length", "2"],
  ["byTag[0x01020304].who", `0x${"dd".padStart(40, "0")}`],
  ["byTag[0x01020304].name", '"Dora"'],
  ["lists[3].length", "2"],
  ["short", '"short"'],
  ["long", JSON.stringify(LONG)],
  ["raw", "0x00ff10"],
];

it.each([
  ["unoptimised", {}],
  ["optimised", { optimizer: { runs: 200 } }],
  ["by way of Yul", { optimizer: { runs: 200 }, viaIr: true }],
])("decodes every kind of storage as the contract's own getters do, %s", { timeout: 60_000 }, async (_, settings) => {
  const compiler = new Compiler(
    async () => startUnderNode(),
    () => undefined,
  );
  const compiled = await compiler.compile({ files: [{ name: "Rooms.sol", text: SOURCE }], ...settings });
  expect(compiled.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const project = {
    title: "Rooms",
    request: {
      fork: "Osaka",
      transactions: [
        { to: A, call: { signature: "fill(address,string,bytes4)", values: [CC, "key", "0x01020304"] } },
        ...FACTS.map(([, , , signature, ...values]) => ({ to: A, call: { signature, values } })),
      ],
    },
    sources: [{ name: "Rooms.sol", language: "solidity", text: SOURCE, address: A, contract: "Rooms" }],
    abi: [],
  } as const;
  const run = await Run.open(
    project,
    () => undefined,
    () => true,
    compiled,
  );
  const { whole } = run.select(0);
  const slots = whole.accounts.find(({ address }) => address === A)?.storage ?? [];
  // Of a long text the slot that tells its length comes first; its parts have its name, too.
  const found = new Map<string, StorageVariable>();
  for (const { variables = [] } of slots)
    for (const one of variables) if (!found.has(one.name)) found.set(one.name, one);
  for (const [index, [name, type, value]] of FACTS.entries()) {
    expect(found.get(name), name).toMatchObject({ name, type, value });
    expect(run.select(index + 1).calls[0]?.outputs?.[0]?.value, name).toBe(value);
  }
  for (const [name, value] of MORE) expect(found.get(name)?.value, name).toBe(value);
  // Every slot that was written has a name.
  expect(slots.filter(({ variables }) => variables === undefined)).toEqual([]);
  // Small variables share slot 0, from its lowest byte on; an address of 20 bytes has no room any more after 13.
  const packed = slots.find(({ key }) => key === "0x0")?.variables ?? [];
  expect(packed.map(({ name, offset, size }) => [name, offset, size])).toEqual([
    ["inherited", 0, 2],
    ["yes", 2, 1],
    ["minus", 3, 1],
    ["tag", 4, 4],
    ["kind", 8, 1],
    ["id", 9, 4],
  ]);
  run.select(0);
  const steps = run.summary.transactions[0]?.steps ?? 0;
  const { scene } = await run.travel({ to: steps - 1 }, () => undefined);
  expect(scene.transient.flatMap(({ variables = [] }) => variables.map(({ name, value }) => [name, value]))).toEqual([
    ["lock", "5"],
    ["rest", "6"],
  ]);
  run.end();
});
