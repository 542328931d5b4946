import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { instructionsOf } from "../evm/solidity/source_map";
import { Compiler, type Engine } from "./compiler";
import { startUnderNode } from "./node_soljson.mjs";
import { Places } from "./places";

const real = new Compiler(
  async () => startUnderNode(),
  () => undefined,
);

const file = (name: string, ...lines: readonly string[]) => ({ name, text: lines.join("\n") });

describe("the compiler", () => {
  it("says what is wrong, where, in characters", { timeout: 30_000 }, async () => {
    const wrong = file("A.sol", "contract A {", '  string s = unicode"äöü€𝄞"; uint x = true;', "}");
    const { ok, contracts, diagnostics } = await real.compile({ files: [wrong] });
    expect([ok, contracts]).toEqual([false, []]);
    const error = diagnostics.find(({ severity }) => severity === "error");
    // "𝄞" is one character in two units, four bytes: columns are those of the text as JavaScript has it.
    const column = (wrong.text.split("\n")[1] ?? "").indexOf("uint x") + 1;
    expect(error).toEqual({
      severity: "error",
      message: "Type bool is not implicitly convertible to expected type uint256.",
      code: "7407",
      range: { file: "A.sol", line: 2, column: column + 9, endLine: 2, endColumn: column + 13 },
      related: [],
    });
  });

  it("warns, and compiles all the same; points to other places that belong to it", { timeout: 30_000 }, async () => {
    const shadow = file("A.sol", "contract A {", "  uint x;", "  function f(uint x) external {}", "}");
    const { ok, diagnostics } = await real.compile({ files: [shadow] });
    expect(ok).toBe(true);
    const found = diagnostics.find(({ message }) => message.includes("shadows"));
    expect([found?.severity, found?.range?.line, found?.related[0]?.range.line]).toEqual(["warning", 3, 2]);
  });

  it("imports only what is among the files", { timeout: 30_000 }, async () => {
    const a = file("src/A.sol", 'import "./B.sol";', 'import "../lib/C.sol";', "contract A is B, C {}");
    const b = file("src/B.sol", "contract B {}");
    const c = file("lib/C.sol", "contract C {}");
    expect((await real.compile({ files: [a, b, c] })).contracts.map(({ name }) => name)).toEqual([
      "lib/C.sol:C",
      "src/A.sol:A",
      "src/B.sol:B",
    ]);
    const { diagnostics } = await real.compile({ files: [a, b] });
    const missing = diagnostics.find(({ severity }) => severity === "error");
    expect([missing?.message, missing?.range?.file, missing?.range?.line]).toEqual([
      "There is no file called lib/C.sol among these: src/A.sol, src/B.sol.",
      "src/A.sol",
      2,
    ]);
  });

  it("makes code for the fork, optimised or not", { timeout: 30_000 }, async () => {
    const source = file("A.sol", "contract A { function f() external pure returns (uint) { return 0; } }");
    // PUSH0 is there since Shanghai.
    const newest = await real.compile({ files: [source] });
    const old = await real.compile({ files: [source], evmVersion: "london" });
    const code = (one: typeof newest) => one.contracts[0]?.deployed.code ?? "";
    // What follows the source map's last entry is data.
    const pushes0 = (one: typeof newest) =>
      instructionsOf(Uint8Array.from(Buffer.from(code(one), "hex")))
        .slice(0, one.contracts[0]?.deployed.sourceMap.split(";").length)
        .some(({ opcode }) => opcode === 0x5f);
    expect([pushes0(newest), pushes0(old)]).toEqual([true, false]);
    const optimised = await real.compile({ files: [source], optimizer: { runs: 1 } });
    expect(code(optimised).length).toBeLessThan(code(newest).length);
    expect([newest.optimized, optimised.optimized, newest.version]).toEqual([false, true, "0.8.37"]);
  });

  it("survives what is no program at all", { timeout: 30_000 }, async () => {
    for (const text of ["", "\0\u{10ffff}", "contract", "}".repeat(1000), "(".repeat(20_000)]) {
      const { contracts } = await real.compile({ files: [{ name: "A.sol", text }] });
      expect(contracts).toEqual([]);
    }
    expect((await real.compile({ files: [file("A.sol", "contract A {}")] })).ok).toBe(true);
  });
});

describe("a compiler that breaks", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function started() {
    const engines: (Engine & { readonly sent: string[]; ended: boolean })[] = [];
    const start = async () => {
      const engine: Engine & { readonly sent: string[]; ended: boolean } = {
        sent: [],
        ended: false,
        onmessage: null,
        onerror: null,
        postMessage: (input: string) => engine.sent.push(input),
        terminate: () => {
          engine.ended = true;
        },
      };
      engines.push(engine);
      return engine;
    };
    return { engines, compiler: new Compiler(start, () => undefined, 1000) };
  }

  const NOTHING = { files: [] };
  const ANSWER = { data: { version: "0.8.37+commit", output: "{}" } };

  it("is replaced when it takes too long, and when it crashes", async () => {
    const { engines, compiler } = started();
    const late = expect(compiler.compile(NOTHING)).rejects.toThrow("longer than");
    await vi.advanceTimersByTimeAsync(1001);
    await late;
    expect(engines[0]?.ended).toBe(true);
    const crashed = expect(compiler.compile(NOTHING)).rejects.toThrow("The compiler broke: out of memory");
    await vi.advanceTimersByTimeAsync(0);
    engines[1]?.onerror?.({ message: "out of memory" });
    await crashed;
    const fine = compiler.compile(NOTHING);
    await vi.advanceTimersByTimeAsync(0);
    engines[2]?.onmessage?.(ANSWER);
    expect((await fine).ok).toBe(true);
    expect(engines.length).toBe(3);
  });

  it("is asked one thing after the other", async () => {
    const { engines, compiler } = started();
    const both = [compiler.compile(NOTHING), compiler.compile(NOTHING)];
    await vi.advanceTimersByTimeAsync(0);
    expect(engines[0]?.sent.length).toBe(1);
    engines[0]?.onmessage?.(ANSWER);
    await vi.advanceTimersByTimeAsync(0);
    expect(engines[0]?.sent.length).toBe(2);
    engines[0]?.onmessage?.(ANSWER);
    await Promise.all(both);
  });
});

it("finds lines and columns of bytes", () => {
  const places = new Places("A.sol", "ab\nä€c\n");
  // Line 2 begins at byte 3; "ä" has two bytes, "€" three.
  expect(places.range(8, 1)).toEqual({ file: "A.sol", line: 2, column: 3, endLine: 2, endColumn: 4 });
  expect(places.range(0, 1000)).toEqual({ file: "A.sol", line: 1, column: 1, endLine: 3, endColumn: 1 });
});
