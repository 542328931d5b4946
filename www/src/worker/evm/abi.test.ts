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

  it("knows tuples, results and errors", () => {
    // ABI specification: a tuple with something dynamic in it is itself dynamic; its places count from its own beginning.
    expect(encode("f((uint256,string),bool)", ['["7","hi"]', "true"])).toBe(
      ["40", "1", "7", "40", "2"].map(word).join("") + "6869".padEnd(64, "0"),
    );
    expect(encode("f((uint8 a, uint8 b)[2])", ['[{"b":2,"a":1},["3","4"]]'])).toBe(
      ["1", "2", "3", "4"].map(word).join(""),
    );
    expect(() => encode("f((uint8,uint8))", ["[1]"])).toThrow("expected 2 values");
    const text =
      "function pay(address to, (uint256 amount, string[] notes) order) payable returns (bool done, uint8[])";
    const signature = parseSignature(text);
    expect(signature.canonical).toBe("pay(address,(uint256,string[]))");
    const abi = new Abi([text, "error Bad((uint8 x, bytes y) why)"], hash);
    const data = abi.encode(text, [`0x${"ab".repeat(20)}`, '["5", ["a", "b"]]']);
    const output = `0x${encode("x(bool,uint8[])", ["true", "[1,2]"])}`;
    expect(abi.call(data, output)).toEqual({
      signature: "pay(address,(uint256,string[]))",
      values: [
        { name: "to", type: "address", value: `0x${"ab".repeat(20)}` },
        { name: "order", type: "(uint256,string[])", value: "(amount: 5, notes: [a, b])" },
      ],
      outputs: [
        { name: "done", type: "bool", value: "true" },
        { type: "uint8[]", value: "[1, 2]" },
      ],
    });
    const bad = abi.encode("Bad((uint8,bytes))", ['[9,"0x0102"]']);
    expect(abi.error(bad)?.values).toEqual([{ name: "why", type: "(uint8,bytes)", value: "(x: 9, y: 0x0102)" }]);
    expect(abi.call(bad)).toBeNull();
    for (const wrong of [
      "f((uint8)",
      "f(uint8) returns (",
      "f(uint8) what",
      `f(${"(".repeat(50)}uint8${")".repeat(50)})`,
    ])
      expect(() => parseSignature(wrong), wrong).toThrow();
  });

  it("does not read the same place without end", () => {
    const deep = "f(uint8[][][][][])";
    const abi = new Abi([deep], hash);
    // Each array says that it has 900 items, all of which begin where it does.
    const data = `0x${hash("f(uint8[][][][][])").slice(0, 8)}${word("20")}${word("384").repeat(2000)}`;
    expect(abi.call(data)).toBeNull();
  });
});
