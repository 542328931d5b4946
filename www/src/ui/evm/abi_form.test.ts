import { describe, expect, it } from "vitest";
import { fieldsOf } from "./abi_form";

describe("the fields of a signature", () => {
  it.each([
    ["nothing()", []],
    ["transfer(address,uint256)", ["address", "uint256"]],
    ["function transfer(address to, uint256 amount) returns (bool)", ["address to", "uint256 amount"]],
    ["f((uint256 a, bool b)[] list, bytes data)", ["(uint256 a, bool b)[] list", "bytes data"]],
    ["f(uint256[2][] calldata values, address payable who)", ["uint256[2][] values", "address who"]],
    ["half(uint256", ["uint256"]],
    ["none", []],
  ])("%s", (signature, expected) => {
    const shown = fieldsOf(signature).map(({ type, name }) => `${type} ${name}`.trim());
    expect(shown).toEqual(expected);
  });

  it.each([
    ["f(uint256)", "0"],
    ["f(bool[2])", "[true]"],
    ["f(address[])", '["0x…"]'],
    ["f((uint256,(string,bool))[])", '[["0", ["text", true]]]'],
  ])("an example for %s", (signature, example) => expect(fieldsOf(signature)[0]?.example).toBe(example));
});
