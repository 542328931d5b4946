import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Travel } from "../../../protocol/evm/message";
import type { EvmProject } from "../../../protocol/evm/request";
import type { Scene } from "../../../protocol/evm/scene";
import type { SoliditySettings } from "../../../protocol/evm/solidity";
import { Compiler } from "../../solidity/compiler";
import { startUnderNode } from "../../solidity/node_soljson.mjs";
import { Run } from "../run";

vi.mock("../engine", () => import("../node_engine.mjs"));

const A = "0x00000000000000000000000000000000000000aa";
const SENDER = "0x000000000000000000000000000073656e646572";

// Lines are counted from the first one; what is expected below refers to them.
const MATHS = `library Maths {
  function factorial(uint256 k) internal pure returns (uint256) {
    if (k < 2) return 1;
    uint256 rest = factorial(k - 1);
    return k * rest;
  }
}
`;
const MAIN = `import {Maths} from "./Maths.sol";
contract Main {
  struct Point { uint128 x; int64 y; address who; }
  enum Step { First, Second }
  uint256 public total;
  Point[] points;
  uint256 immutable factor;
  error TooLarge(uint256 given, Point where);
  constructor(uint256 f) {
    uint256 twice = f + f;
    factor = twice;
  }
  modifier counted(uint256 by) {
    uint256 before = total;
    _;
    total = before + by;
  }
  function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
    c = a + b;
  }
  function work(uint256 n, int8[] calldata list) external counted(n) returns (uint256, uint256 sum) {
    uint256 seven = 7;
    string memory text = unicode"h\u00e9llo";
    Point memory p = Point(5, -6, msg.sender);
    for (uint256 i = 0; i < n; i++) {
      uint256 square = add(i, i * i);
      sum += square;
    }
    points.push(p);
    Point storage q = points[0];
    q.x = uint128(Maths.factorial(4));
    Step step = Step.Second;
    uint256[2] memory pair = [seven, sum];
    if (n > 5) revert TooLarge(n, p);
    (bool ok, ) = address(this).call(abi.encodeCall(this.total, ()));
    require(ok && step == Step.Second && bytes(text).length == 6);
    return (pair[0], sum + list.length);
  }
}
`;

const WORK = "work(uint256,int8[])";
const PROJECT: EvmProject = {
  title: "Lines",
  request: {
    fork: "Osaka",
    transactions: [
      { to: A, call: { signature: WORK, values: ["2", "[-1, 3]"] } },
      { to: A, call: { signature: WORK, values: ["6", "[]"] } },
      { data: "@Main", constructorValues: ["21"] },
    ],
  },
  sources: [
    { name: "Maths.sol", language: "solidity", text: MATHS },
    { name: "Main.sol", language: "solidity", text: MAIN, address: A },
  ],
  abi: [],
};

async function open(settings: SoliditySettings = {}): Promise<Run> {
  const compiler = new Compiler(
    async () => startUnderNode(),
    () => undefined,
  );
  const files = PROJECT.sources.map(({ name, text }) => ({ name, text }));
  const compiled = await compiler.compile({ files, ...settings });
  expect(compiled.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return Run.open(
    PROJECT,
    () => undefined,
    () => true,
    compiled,
  );
}

async function go(run: Run, travel: Travel): Promise<Scene> {
  return (await run.travel(travel, () => undefined)).scene;
}

const lineOf = ({ source }: Scene): string =>
  source ? `${source.file === "Main.sol" ? "" : "Maths "}${source.line}` : "-";

/** Moments at which steps stop, up to the end. */
async function walk(run: Run, travel: Travel, most = 100): Promise<Scene[]> {
  const scenes: Scene[] = [];
  for (let i = 0; i < most; i++) {
    const { arrived, scene } = await run.travel(travel, () => undefined);
    if (arrived !== "there") return scenes;
    scenes.push(scene);
  }
  throw new Error("it does not end");
}

/** Variables by their names, as text. */
const variables = ({ variables: all = [] }: Scene) => Object.fromEntries(all.map(({ name, value }) => [name, value]));

const functions = ({ functions: all = [] }: Scene) => all.map(({ name, at }) => `${name} ${at?.line}`);

let run: Run;
beforeAll(async () => {
  run = await open();
}, 60_000);

describe("steps by lines", { timeout: 20_000 }, () => {
  // The modifier's argument; its line; the body; a loop of two rounds and the last check of its condition; four
  // activations of the factorial, each line of which is met again on the way back; the call back to the getter.
  const INTO = [
    ...["21", "14", "22", "23", "24"],
    ...["25", "26", "19", "26", "27"],
    ...["25", "26", "19", "26", "27", "25"],
    ...["29", "30", "31"],
    ...["Maths 3", "Maths 4", "Maths 3", "Maths 4", "Maths 3", "Maths 4", "Maths 3"],
    ...["Maths 4", "Maths 5", "Maths 4", "Maths 5", "Maths 4", "Maths 5"],
    ...["31", "32", "33", "34", "35", "36", "37", "16"],
  ];
  const OVER = INTO.filter((line) => line !== "19" && !line.startsWith("Maths")).filter(
    (line, at, all) => line !== all[at - 1],
  );

  it("meet every line in the order of execution", async () => {
    run.select(0);
    expect((await walk(run, { line: "into" })).map(lineOf)).toEqual(INTO);
  });

  it("pass over functions", async () => {
    run.select(0);
    expect((await walk(run, { line: "over" })).map(lineOf)).toEqual(OVER);
  });

  it.each(["into", "over"] as const)("go backwards the same way, to the same moments: %s", async (line) => {
    run.select(0);
    const there = await walk(run, { line });
    await go(run, { to: Number.MAX_SAFE_INTEGER });
    const back = await walk(run, { line, backwards: true });
    expect(back.map(lineOf)).toEqual((line === "into" ? INTO : OVER).toReversed());
    expect(back.map(({ position }) => position)).toEqual(there.map(({ position }) => position).toReversed());
  });

  it("leave functions, one after the other", async () => {
    run.select(0);
    await go(run, { toLine: 3, file: "Maths.sol" });
    await go(run, { toLine: 3, file: "Maths.sol" });
    let scene = await go(run, { toLine: 3, file: "Maths.sol" });
    expect(functions(scene)).toEqual(["Maths.factorial 3", "Maths.factorial 4", "Maths.factorial 4", "Main.work 31"]);
    expect(variables(scene).k).toBe("2");
    for (const expected of [
      ["Maths.factorial 4", "Maths.factorial 4", "Main.work 31"],
      ["Maths.factorial 4", "Main.work 31"],
      ["Main.work 31"],
    ]) {
      scene = await go(run, { line: "out" });
      expect(functions(scene)).toEqual(expected);
    }
    scene = await go(run, { line: "out", backwards: true });
    expect([scene.position, functions(scene)]).toEqual([0, []]);
  });

  it("find a line forwards and backwards", async () => {
    run.select(0);
    const first = await go(run, { toLine: 27, file: "Main.sol" });
    const second = await go(run, { toLine: 27, file: "Main.sol" });
    expect([variables(first).i, variables(second).i]).toEqual(["0", "1"]);
    const { arrived, scene } = await run.travel({ toLine: 27, file: "Main.sol" }, () => undefined);
    expect([arrived, scene.position]).toEqual(["end", second.position]);
    expect((await go(run, { toLine: 27, file: "Main.sol", backwards: true })).position).toBe(first.position);
    // The head of the loop: at its beginning, after each round; not in between, where 25 only goes on.
    run.select(0);
    const heads: string[] = [];
    for (;;) {
      const { arrived: met, scene: head } = await run.travel({ toLine: 25, file: "Main.sol" }, () => undefined);
      if (met !== "there") break;
      heads.push(variables(head).i ?? "before");
    }
    expect(heads).toEqual(["before", "0", "1"]);
    await expect(run.travel({ toLine: 1, file: "Main.sol" }, () => undefined)).rejects.toThrow("line 1 of Main.sol");
  });
});

describe("variables", () => {
  it("have the values that the source gives them", async () => {
    run.select(0);
    const scene = await go(run, { toLine: 34, file: "Main.sol" });
    expect(variables(scene)).toEqual({
      n: "2",
      list: "[-1, 3]",
      "": "0",
      // 0 + 0 and 1 + 1.
      sum: "2",
      seven: "7",
      text: '"héllo"',
      p: `{x: 5, y: -6, who: ${SENDER}}`,
      q: "points[0]",
      step: "Second",
      pair: "[7, 2]",
    });
    const { n, q, p, list } = Object.fromEntries((scene.variables ?? []).map((one) => [one.name, one]));
    expect([n?.type, n?.kind, n?.where.in]).toEqual(["uint256", "parameter", "stack"]);
    expect([p?.type, p?.where.in, list?.where.in]).toEqual(["struct Main.Point", "memory", "calldata"]);
    expect(q?.declared).toEqual({ file: "Main.sol", line: 30, column: 5, endLine: 30, endColumn: 20 });
    // Where it is, is what the stack says.
    expect(BigInt(scene.stack[n?.where.index ?? 0] ?? 0)).toBe(2n);
  });

  it("are those of their block, and of the function at hand", async () => {
    run.select(0);
    const loop = await go(run, { toLine: 27, file: "Main.sol" });
    expect(variables(loop)).toMatchObject({ i: "0", square: "0", sum: "0" });
    const inner = await go(run, { toLine: 19, file: "Main.sol" });
    expect(variables(inner)).toEqual({ a: "1", b: "1", c: "0" });
    expect(inner.functions?.[1]?.variables.find(({ name }) => name === "i")?.value).toBe("1");
    const after = await go(run, { toLine: 29, file: "Main.sol" });
    expect(Object.keys(variables(after))).not.toContain("i");
    const modifier = await go(run, { toLine: 16, file: "Main.sol" });
    expect(variables(modifier)).toMatchObject({ by: "2", before: "0" });
    expect(Object.keys(variables(after))).not.toContain("by");
  });

  it("of a constructor are known, too", async () => {
    const { scene } = run.select(2);
    expect(scene.frames.length).toBe(1);
    const at = await go(run, { toLine: 11, file: "Main.sol" });
    expect([functions(at), variables(at)]).toEqual([["Main.constructor 11"], { f: "21", twice: "42" }]);
    expect(run.code(at.frames[0]?.codeHash ?? "").source).toMatchObject({ contract: "Main.sol:Main", creation: true });
  });

  it("are not guessed where the compiler does not tell", { timeout: 60_000 }, async () => {
    for (const [settings, why] of [
      [{ optimizer: { runs: 200 } }, "optimized"],
      [{ viaIr: true }, "viaIr"],
    ] as const) {
      const other = await open(settings);
      other.select(0);
      const scene = await go(other, { toLine: 31, file: "Main.sol" });
      expect([scene.variables, scene.variablesUnknown]).toEqual([[], why]);
      expect(scene.source?.line).toBe(31);
      other.end();
    }
  });
});

describe("a run of compiled code", () => {
  it("says why it failed in the words of the contract", () => {
    const why = `the contract reverted: TooLarge(given: 6, where: (x: 5, y: -6, who: ${SENDER}))`;
    expect(run.summary.transactions.map(({ why: told }) => told)).toEqual([null, why, null]);
    expect(run.select(1).whole.calls[0]?.failure).toBe(why);
  });

  it("names what calls take and give", () => {
    expect(run.select(0).calls).toEqual([
      {
        signature: WORK,
        values: [
          { name: "n", type: "uint256", value: "2" },
          { name: "list", type: "int8[]", value: "[-1, 3]" },
        ],
        outputs: [
          { type: "uint256", value: "7" },
          { name: "sum", type: "uint256", value: "4" },
        ],
      },
      { signature: "total()", values: [], outputs: [{ type: "uint256", value: "0" }] },
    ]);
  });

  it("has gas and counts by line that add up", () => {
    const { whole } = run.select(0);
    const view = run.code(whole.calls[0]?.codeHash ?? "");
    expect(view.source?.files.map(({ name }) => name)).toEqual(["Main.sol", "Maths.sol"]);
    const counts = new Map(view.source?.uses.map(([line, count]) => [line, count]));
    // Once, in both rounds, and with the check that ends the loop.
    expect([22, 26, 27, 25].map((line) => counts.get(line))).toEqual([1, 2, 2, 3]);
    const factorial = new Map(view.source?.files[1]?.uses.map(([line, count]) => [line, count]));
    expect([3, 4, 5].map((line) => factorial.get(line))).toEqual([4, 3, 3]);
    const known = new Set(view.source?.ranges.filter(({ range }) => range !== null).map(({ pc }) => pc));
    expect(known.size).toBeGreaterThan(100);
  });

  it("is refused with what was not compiled", () => {
    expect(() =>
      Run.open(
        PROJECT,
        () => undefined,
        () => true,
      ),
    ).toThrow("not compiled");
  });
});
