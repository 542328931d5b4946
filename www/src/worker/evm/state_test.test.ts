import { describe, expect, it } from "vitest";
import { readFile, writeStateTest } from "./state_test";

const A = "0x00000000000000000000000000000000000000aa";

const TEST = {
  example: {
    env: { currentNumber: "0x01", currentTimestamp: "0x03e8", currentCoinbase: A, currentGasLimit: "0x989680" },
    pre: { [A]: { balance: "0x00", nonce: "0x00", code: "0x6001", storage: {} } },
    transaction: {
      data: ["0x", "0xff"],
      gasLimit: ["0x5208", "0x7a120"],
      value: ["0x00", "0x01"],
      nonce: "0x00",
      gasPrice: "0x0a",
      to: A,
      sender: "0x00000000000000000000000000000000000000bb",
      accessLists: [null, [{ address: A, storageKeys: [] }]],
    },
    post: {
      Berlin: [{ indexes: { data: 0, gas: 0, value: 0 } }],
      Cancun: [{ indexes: { data: 0, gas: 1, value: 0 } }, { indexes: { data: 1, gas: 1, value: 1 } }],
    },
    config: { chainid: "0x01" },
  },
};

describe("files", () => {
  it("have a run for each entry of a state test", () => {
    const runs = readFile("x.json", JSON.stringify(TEST));
    expect(runs.map(({ name }) => name)).toEqual(["example [Berlin]", "example [Cancun 0]", "example [Cancun 1]"]);
    const { request } = runs[2]?.project ?? { request: {} };
    expect(request.fork).toBe("Cancun");
    expect(request.block).toMatchObject({ number: "0x01", timestamp: "0x03e8", coinbase: A });
    expect(request.transactions).toEqual([
      {
        from: "0x00000000000000000000000000000000000000bb",
        to: A,
        data: "0xff",
        gas: "0x7a120",
        value: "0x01",
        nonce: "0x00",
        gasPrice: "0x0a",
        accessList: [{ address: A, storageKeys: [] }],
      },
    ]);
  });

  it("may be code, a prestate as geth's tracer gives it, or a genesis file", () => {
    expect(readFile("c", " 0x6001\n6002 \n")[0]?.project.request).toEqual({ code: "0x60016002" });
    const accounts = { [A]: { balance: "0x1" } };
    for (const text of [accounts, { result: accounts }, { pre: accounts, post: {} }])
      expect(JSON.parse(String(readFile("p", JSON.stringify(text))[0]?.project.request.prestate))).toEqual(accounts);
    const genesis = { config: {}, alloc: accounts };
    expect(JSON.parse(String(readFile("g", JSON.stringify(genesis))[0]?.project.request.prestate))).toEqual(accounts);
    for (const text of ["", "hello", "[]", "5", "{"]) expect(() => readFile("bad", text), text).toThrow("bad: ");
  });

  it("are read again as they were written", () => {
    const parts = {
      pre: { [A]: { balance: "0x1" } },
      post: {},
      root: `0x${"1".repeat(64)}`,
      logs: `0x${"2".repeat(64)}`,
      transaction: {
        type: "0x0",
        nonce: "0x0",
        to: A,
        gas: "0x5208",
        gasPrice: "0x0",
        value: "0x0",
        input: "0x",
        hash: "0x",
      },
      sender: A,
      refused: null,
    };
    const block = {
      number: 7,
      timestamp: 9,
      coinbase: A,
      gasLimit: 100,
      baseFee: "0x0",
      difficulty: "0x0",
      prevRandao: "0x0",
      excessBlobGas: 0,
    };
    const text = writeStateTest("mine", "Prague", 5, block, parts);
    const [run] = readFile("mine", text);
    expect(run?.name).toBe("mine [Prague]");
    expect(run?.project.request).toMatchObject({
      fork: "Prague",
      chainId: 5,
      block: { number: "0x7" },
      prestate: parts.pre,
    });
    expect(run?.project.request.transactions?.[0]).toMatchObject({
      from: A,
      to: A,
      gas: "0x5208",
      data: "0x",
      nonce: "0x0",
    });
  });
});
