import { expect, it, vi } from "vitest";
import type { EvmProject } from "../../../protocol/evm/request";
import { Compiler } from "../../solidity/compiler";
import { startUnderNode } from "../../solidity/node_soljson.mjs";
import { Run } from "../run";

vi.mock("../engine", () => import("../node_engine.mjs"));

const A = "0x00000000000000000000000000000000000000aa";
const B = "0x00000000000000000000000000000000000000bb";
const C = "0x00000000000000000000000000000000000000cc";

const compiler = new Compiler(
  async () => startUnderNode(),
  () => undefined,
);

async function open(project: EvmProject): Promise<Run> {
  const files = project.sources.map(({ name, text }) => ({ name, text }));
  const compiled = await compiler.compile({ files });
  expect(compiled.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return Run.open(
    project,
    () => undefined,
    () => true,
    compiled,
  );
}

const named = (run: Run, index: number, of: string) =>
  run
    .select(index)
    .whole.accounts.filter(({ address }) => address === of)
    .flatMap(({ storage }) =>
      storage.flatMap(({ variables = [] }) => variables.map(({ name, value }) => [name, value])),
    );

const PROXY = `contract Proxy {
  address public implementation;
  function point(address to) external { implementation = to; }
  fallback() external payable {
    (bool ok, bytes memory data) = implementation.delegatecall(msg.data);
    assembly { let size := mload(data) switch ok case 0 { revert(add(data, 32), size) } default { return(add(data, 32), size) } }
  }
}
contract Logic {
  address gap;
  uint256 public number;
  mapping(address => bool) public seen;
  function set(uint256 n) external { number = n; seen[msg.sender] = true; }
}`;

it("reads storage by the layout of the code that uses it, by way of delegatecall too", {
  timeout: 30_000,
}, async () => {
  const run = await open({
    title: "Proxy",
    request: {
      fork: "Osaka",
      transactions: [
        { to: A, call: { signature: "point(address)", values: [B] } },
        { from: C, to: A, call: { signature: "set(uint256)", values: ["42"] } },
      ],
      prestate: { [C]: { balance: "1000000000000000000000" } },
    },
    sources: [
      {
        name: "Proxy.sol",
        language: "solidity",
        text: PROXY,
        address: A,
        contract: "Proxy",
        also: [{ contract: "Logic", address: B }],
      },
    ],
    abi: [],
  });
  expect(named(run, 0, A)).toEqual([["implementation", B]]);
  expect(named(run, 1, A)).toEqual([
    ["number", "42"],
    [`seen[${C}]`, "true"],
  ]);
  const { scene } = await run.travel({ toLine: 13, file: "Proxy.sol" }, () => undefined);
  expect(scene.functions?.map(({ name }) => name)).toEqual(["Logic.set"]);
});

const LIBRARY = `library Sums {
  struct Pair { uint256 a; uint256 b; }
  function sum(Pair storage pair) external view returns (uint256 s) {
    s = pair.a + pair.b;
  }
}
contract Uses {
  using Sums for Sums.Pair;
  Sums.Pair pair;
  uint256 public immutable fixedAtStart;
  uint256 public result;
  constructor(uint256 value) { fixedAtStart = value; }
  function work() external {
    pair.a = 2;
    pair.b = 3;
    result = pair.sum() + fixedAtStart;
  }
}`;

it("links libraries at their addresses, and recognises linked and completed code", { timeout: 30_000 }, async () => {
  const sources = [
    {
      name: "Uses.sol",
      language: "solidity",
      text: LIBRARY,
      contract: "Uses",
      address: A,
      also: [{ contract: "Sums", address: B }],
    },
  ] as const;
  const work = { signature: "work()", values: [] };
  const request = { fork: "Osaka", prestate: { [C]: { balance: "1000000000000000000000" } } };
  const project = { title: "Library", request, sources, abi: [] };
  // The same sender's first contract is at the same address in both: the engine tells where.
  const first = await open({
    ...project,
    request: { ...request, transactions: [{ from: C, data: "@Uses", constructorValues: ["100"] }] },
  });
  const address = first.summary.transactions[0]?.created ?? "";
  const run = await open({
    ...project,
    request: {
      ...request,
      transactions: [
        { from: C, data: "@Uses", constructorValues: ["100"] },
        { to: address, call: work },
        { to: A, call: work },
      ],
    },
  });
  expect(run.summary.transactions.map(({ success }) => success)).toEqual([true, true, true]);
  // Where the constructor ran the immutable has its value; where code was put into the world it is zero.
  expect(named(run, 1, address)).toContainEqual(["result", "105"]);
  expect(named(run, 2, A)).toContainEqual(["result", "5"]);
  run.select(1);
  const { scene } = await run.travel({ toLine: 4, file: "Uses.sol" }, () => undefined);
  expect([scene.frames.length, scene.frames.at(-1)?.codeAddress]).toEqual([2, B]);
  expect(scene.variables?.map(({ name, value }) => [name, value])).toEqual([
    ["pair", "pair"],
    ["s", "0"],
  ]);
});

it("says which library is missing, and which contract cannot be", { timeout: 30_000 }, async () => {
  const sources = [{ name: "Uses.sol", language: "solidity", text: LIBRARY, contract: "Uses", address: A }] as const;
  const project: EvmProject = { title: "Library", request: {}, sources, abi: [] };
  await expect(open(project)).rejects.toThrow("The library Uses.sol:Sums is used, but has no address");
  const abstract = {
    name: "I.sol",
    language: "solidity",
    text: "interface I {} abstract contract X {}",
    address: A,
  } as const;
  for (const [contract, message] of [
    ["I", "I is abstract or an interface"],
    ["X", "X is abstract or an interface"],
    ["Y", "There is no contract called Y in I.sol"],
  ] as const)
    await expect(open({ ...project, sources: [{ ...abstract, contract }] })).rejects.toThrow(message);
  await expect(open({ ...project, sources: [abstract] })).rejects.toThrow("no contract that could be put");
  const data = { ...project, request: { transactions: [{ data: "@Nothing" }] } };
  await expect(open({ ...data, sources: [{ ...abstract, text: "contract Z {}" }] })).rejects.toThrow(
    "no source called Nothing",
  );
});

it("takes and shows values of all types of the ABI", { timeout: 30_000 }, async () => {
  const text = `contract Types {
    struct Order { uint128[2] amounts; string note; address who; }
    event Done(Order order, function() external back) anonymous;
    function swap(Order memory order, function() external back, int256[] memory list)
      external returns (Order memory, function() external, int256) {
      (order.amounts[0], order.amounts[1]) = (order.amounts[1], order.amounts[0]);
      order.note = string.concat(order.note, "!");
      emit Done(order, back);
      return (order, back, list[0] + list[1]);
    }
  }`;
  const back = `0x${"bb".repeat(20)}01020304`;
  const values = [`{"amounts": [1, "2"], "note": "hi", "who": "${C}"}`, back, "[-5, 2]"];
  const signature = "swap((uint128[2] amounts, string note, address who),function,int256[])";
  const run = await open({
    title: "Types",
    request: { transactions: [{ to: A, call: { signature, values } }] },
    sources: [{ name: "Types.sol", language: "solidity", text, address: A }],
    abi: [],
  });
  expect(run.select(0).calls[0]?.outputs?.map(({ value }) => value)).toEqual([
    `(amounts: [2, 1], note: hi!, who: ${C})`,
    back,
    "-3",
  ]);
});
