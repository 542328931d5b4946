import { expect, it, vi } from "vitest";
import { compileRequestOf } from "../../../client/evm/compiling";
import { SOLIDITY_BANK } from "../../../examples/evm/solidity_bank";
import { SOLIDITY_STORAGE } from "../../../examples/evm/solidity_storage";
import { SOLIDITY_TOKEN } from "../../../examples/evm/solidity_token";
import type { EvmProject } from "../../../protocol/evm/request";
import type { Scene } from "../../../protocol/evm/scene";
import type { Summary } from "../../../protocol/evm/whole";
import { Compiler } from "../../solidity/compiler";
import { startUnderNode } from "../../solidity/node_soljson.mjs";
import { Abi } from "../abi";
import { EvmSession } from "../engine";
import { keccakOf, requestOf } from "../sources";
import { Program } from "./program";
import { SolidityView } from "./view";

vi.mock("../engine", () => import("../node_engine.mjs"));

const A = "0x00000000000000000000000000000000000000aa";

// What is hard to follow: functions that call themselves and one another, pointers to functions, several ways out,
// modifiers around modifiers, base constructors with arguments, loops of all kinds, try, assembly.
const HARD = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

abstract contract Grandparent {
  uint256 public first;
  constructor(uint256 a) { uint256 local = a * 2; first = local; }
}

abstract contract Parent is Grandparent {
  uint256 public second;
  constructor(uint256 b, bytes memory more) Grandparent(b + 1) { second = b + more.length; }
}

contract Hard is Parent {
  error Odd(uint256);
  constructor(uint256 c) Parent(c * 10, hex"010203") { second += outer(c); }

  modifier within(uint256 low, uint256 high) {
    require(first >= low);
    uint256 kept = high - low;
    _;
    if (kept == 0) return;
    second += kept;
  }

  function outer(uint256 n) public within(0, 5) within(0, n) returns (uint256) {
    if (n == 0) return 1;
    return even(n) ? twice(n) : 3;
  }
  function even(uint256 n) internal pure returns (bool) { return n == 0 ? true : odd(n - 1); }
  function odd(uint256 n) internal pure returns (bool) { if (n == 0) { return false; } return even(n - 1); }
  function twice(uint256 n) internal pure returns (uint256 r) {
    function (uint256, uint256) internal pure returns (uint256) f = n > 3 ? plus : times;
    r = f(n, 2);
  }
  function plus(uint256 a, uint256 b) internal pure returns (uint256) { return a + b; }
  function times(uint256 a, uint256 b) internal pure returns (uint256) { unchecked { return a * b; } }

  function loops(uint256 n) external pure returns (uint256 sum) {
    uint256 i = 0;
    while (true) {
      i++;
      if (i == 2) continue;
      if (i > n) break;
      do { sum += i; uint256 inner = sum; if (inner > 100) return inner; } while (sum % 3 != 0);
    }
    (uint256 a, , string memory text) = three(n);
    sum += a + bytes(text).length;
  }
  function three(uint256 n) internal pure returns (uint256, bool, string memory) {
    return (n, n > 1, string.concat("abc", n > 2 ? "defg" : ""));
  }
  function maybe(uint256 n) external view returns (uint256 result) {
    try this.fails(n) returns (uint256 given) { result = given; }
    catch Error(string memory reason) { result = bytes(reason).length; }
    catch (bytes memory low) { assembly { let size := mload(low) result := add(size, 1000) } }
  }
  function fails(uint256 n) external pure returns (uint256) {
    if (n == 1) revert("no");
    if (n == 2) revert Odd(n);
    return n;
  }
  function sort(uint256[] memory list) public pure returns (uint256[] memory) {
    for (uint256 i = 1; i < list.length; i++)
      for (uint256 j = i; j > 0 && list[j - 1] > list[j]; j--) (list[j - 1], list[j]) = (list[j], list[j - 1]);
    return list;
  }
  receive() external payable { first += msg.value; }
  fallback(bytes calldata data) external payable returns (bytes memory) { second = data.length; return data; }
}
`;

const call = (signature: string, ...values: string[]) => ({ to: A, call: { signature, values } });

const HARD_PROJECT: EvmProject = {
  title: "Hard",
  request: {
    fork: "Osaka",
    transactions: [
      { data: "@Hard", constructorValues: ["4"] },
      ...["0", "1", "2", "3", "4"].map((n) => call("outer(uint256)", n)),
      ...["0", "3", "9"].map((n) => call("loops(uint256)", n)),
      ...["0", "1", "2"].map((n) => call("maybe(uint256)", n)),
      call("sort(uint256[])", "[5, 3, 9, 1]"),
      { to: A, value: "7" },
      { to: A, data: "0x0102030405" },
    ],
  },
  sources: [{ name: "Hard.sol", language: "solidity", text: HARD, address: A }],
  abi: [],
};

// What happened is the oracle: the height at the beginning of the code is 0, so every function's beginning, found from the
// inside out by what the analysis says of each, must come to 0 in the end. One wrong height anywhere, one wrong place of a
// return address, and it does not.
it.each([
  ["hard", HARD_PROJECT],
  ["solidity_storage", SOLIDITY_STORAGE.project],
  ["solidity_token", SOLIDITY_TOKEN.project],
  ["solidity_bank", SOLIDITY_BANK.project],
])("finds the way out at every instruction of %s", { timeout: 60_000 }, async (_, project) => {
  const compiler = new Compiler(
    async () => startUnderNode(),
    () => undefined,
  );
  const request = compileRequestOf(project);
  const program = new Program(await compiler.compile(request ?? { files: [] }));
  const session = new EvmSession(requestOf(project, { built: [], program }, new Abi(program.abi, keccakOf)));
  while (session.survey(1e6) !== "all");
  const view = new SolidityView(program, {
    code: (hash) => session.code(hash),
    travel: (to) => session.travel(JSON.stringify(to)),
    scene: (from, size) => JSON.parse(session.scene(from, size) ?? "null") as Scene,
  });
  const { transactions } = JSON.parse(session.summary()) as Summary;
  const wrong: string[] = [];
  let [seen, deepest] = [0, 0];
  transactions.forEach(({ steps = 0 }, index) => {
    session.select(index);
    for (let position = 0; position < steps; position++, session.travel('{"forwards":{"until":"into"}}')) {
      const { frames, stack } = JSON.parse(session.scene(0, 0) ?? "null") as Scene;
      const frame = frames.at(-1);
      if (!frame || !view.mapped(frame.codeHash)) continue;
      const found = view.activations(frame, stack);
      const outermost = found.at(-1);
      seen++;
      deepest = Math.max(deepest, found.length);
      if (outermost?.function.entry !== 0 || outermost.base !== 0)
        wrong.push(`transaction ${index}, position ${position}, pc ${frame.pc}`);
    }
  });
  session.free();
  expect(seen).toBeGreaterThan(1000);
  expect(deepest).toBeGreaterThan(2);
  expect(wrong.slice(0, 5), `${wrong.length} of ${seen}`).toEqual([]);
});
