import { describe, expect, it } from "vitest";
import { Abi, encodeArguments, parseSignature } from "./abi";

const encode = (signature: string, values: readonly string[]): string =>
  encodeArguments(parseSignature(signature), values);

const word = (digits: string): string => digits.padStart(64, "0");

/** The hash of a text is its letters: enough to find signatures by. */
const hash = (text: string): string =>
  [...text]
    .map((letter) => letter.charCodeAt(0).toString(16))
    .join("")
    .padEnd(64, "0")
    .slice(0, 64);

describe("the ABI", () => {
  // Examples of the ABI specification.
  it("encodes what stands in the specification", () => {
    expect(encode("baz(uint32,bool)", ["69", "true"])).toBe(word("45") + word("1"));
    expect(encode("bar(bytes3[2])", ['["0x616263", "0x646566"]'])).toBe(
      "616263".padEnd(64, "0") + "646566".padEnd(64, "0"),
    );
    expect(encode("sam(bytes,bool,uint256[])", ["0x64617665", "true", "[1,2,3]"])).toBe(
      word("60") +
        word("1") +
        word("a0") +
        word("4") +
        "64617665".padEnd(64, "0") +
        word("3") +
        word("1") +
        word("2") +
        word("3"),
    );
    expect(
      encode("f(uint256,uint32[],bytes10,bytes)", [
        "0x123",
        '["0x456","0x789"]',
        "0x31323334353637383930",
        "0x48656c6c6f2c20776f726c6421",
      ]),
    ).toBe(
      word("123") +
        word("80") +
        "31323334353637383930".padEnd(64, "0") +
        word("e0") +
        word("2") +
        word("456") +
        word("789") +
        word("d") +
        "48656c6c6f2c20776f726c6421".padEnd(64, "0"),
    );
    expect(encode("g(uint256[][],string[])", ["[[1,2],[3]]", '["one","two","three"]'])).toBe(
      ["40", "140", "2", "40", "a0", "2", "1", "2", "1", "3", "3", "60", "a0", "e0"].map(word).join("") +
        word("3") +
        "6f6e65".padEnd(64, "0") +
        word("3") +
        "74776f".padEnd(64, "0") +
        word("5") +
        "7468726565".padEnd(64, "0"),
    );
  });

  it("takes numbers as people write them, and refuses those that do not fit", () => {
    expect(encode("f(int8)", ["-1"])).toBe("f".repeat(64));
    expect(encode("f(uint)", ["1_000"])).toBe(word("3e8"));
    for (const [signature, value, message] of [
      ["f(uint8)", "256", "uint8: 256 does not fit"],
      ["f(int8)", "128", "does not fit"],
      ["f(uint8)", "-1", "does not fit"],
      ["f(uint8)", "x", "expected a number"],
      ["f(address)", "0x12", "40 hexadecimal digits"],
      ["f(bool)", "yes", "true or false"],
      ["f(bytes2)", "0x123456", "at most 2 bytes"],
      ["f(bytes)", "0x1", "bytes in hexadecimal"],
      ["f(uint8[2])", "[1]", "2 items"],
      ["f(uint8[])", "1", "expected an array"],
    ] as const)
      expect(() => encode(signature, [value]), `${signature} ${value}`).toThrow(message);
    expect(() => encode("f(uint8)", [])).toThrow("takes 1 arguments, not 0");
    for (const wrong of ["f", "f(uint7)", "f(foo)", "f(bytes33)", "(uint)"])
      expect(() => parseSignature(wrong)).toThrow();
  });

  it("reads what it wrote", () => {
    const signature = "mix(uint256,int16,address,bool,bytes4,bytes,string,uint8[2],string[])";
    const values = ["7", "-3", `0x${"ab".repeat(20)}`, "true", "0x01020304", "0x0506", "héllo", "[1, 2]", '["a", "b"]'];
    const abi = new Abi([signature], hash);
    const read = abi.call(abi.encode(signature, values));
    expect(read?.values.map(({ value }) => value)).toEqual([...values.slice(0, 8), "[a, b]"]);
    expect(abi.call("0x00000000")).toBeNull();
  });

  it("reads events from topics and data, and passes over what is none", () => {
    const abi = new Abi(["event Moved(address indexed who, string note, uint8 indexed how)"], hash);
    const topic = `0x${hash("Moved(address,string,uint8)")}`;
    const data = `0x${encode("x(string)", ["hi"])}`;
    const read = abi.event([topic, `0x${word("aa")}`, `0x${word("5")}`], data);
    expect(read?.values.map(({ value }) => value)).toEqual([`0x${"aa".padStart(40, "0")}`, "hi", "5"]);
    for (const bad of ["0x", "0x00", `0x${"f".repeat(64)}`, `0x${word("20")}${"f".repeat(64)}`])
      expect(abi.event([topic, `0x${word("aa")}`, `0x${word("5")}`], bad)).toBeNull();
    expect(abi.event([], data)).toBeNull();
  });
});
