import { expect, it } from "vitest";
import { readFile } from "./state_test";

const read = (value: unknown) => readFile("a file", JSON.stringify(value));

it("a genesis file gives accounts, chain and the first block after it", () => {
  const config = { chainId: 1337, londonBlock: 0 };
  const alloc = { "0x00000000000000000000000000000000000000aa": { balance: "0x10" } };
  const [found, ...others] = read({
    config,
    alloc,
    gasLimit: "0x47b760",
    timestamp: "0x10",
    nonce: "0x42",
    number: "0x0",
  });
  expect(others).toEqual([]);
  const { chain, block, prestate, transactions } = found?.project.request ?? {};
  expect(JSON.parse(chain ?? "")).toEqual(config);
  expect(block).toEqual({ number: 1, timestamp: "0x10", gasLimit: "0x47b760" });
  expect(JSON.parse(String(prestate))).toEqual(alloc);
  expect([transactions, found?.chain]).toEqual([[], undefined]);
});

it("a chain file gives its chain, to be put to what is open", () => {
  for (const file of [
    { chainId: 5, fork: "prague", name: "mine" },
    { config: { chainId: 5, fork: "prague", name: "mine" } },
  ]) {
    const [found] = read(file);
    expect(JSON.parse(found?.chain ?? "")).toEqual({ chainId: 5, fork: "prague", name: "mine" });
  }
});

it("accounts alone are still a prestate", () => {
  const [found] = read({ "0x00000000000000000000000000000000000000aa": { balance: "1" } });
  expect([found?.chain, typeof found?.project.request.prestate]).toEqual([undefined, "string"]);
});
