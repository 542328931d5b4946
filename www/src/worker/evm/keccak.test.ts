import { expect, it, vi } from "vitest";
import { keccak256 } from "./engine";

vi.mock("./engine", () => import("./node_engine.mjs"));

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const of = (text: string) => hex(keccak256(new TextEncoder().encode(text)));

// The hash of nothing is that of an account without code; the others are known selectors and topics, and vectors of the
// Keccak team's ShortMsgKAT_256 for lengths around a block.
it("is Ethereum's Keccak-256", () => {
  expect(of("")).toBe("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  expect(of("abc")).toBe("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  expect(of("transfer(address,uint256)").slice(0, 8)).toBe("a9059cbb");
  expect(of("Transfer(address,address,uint256)")).toBe(
    "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
  );
  // Storage of the first dynamic array of a contract (documentation of Solidity and of every explorer).
  expect(hex(keccak256(new Uint8Array(32)))).toBe("290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563");
});
