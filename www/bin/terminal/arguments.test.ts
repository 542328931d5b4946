import { describe, expect, it } from "vitest";
import { HELP, parseArguments, type RunOptions, unescapeText } from "./arguments.mjs";

const parse = (line: string): RunOptions => {
  const options = parseArguments(line.split(" ").filter(Boolean));
  if (options === "help") throw new Error("help");
  return options;
};
const failure = (line: string): string => {
  try {
    parse(line);
  } catch (error) {
    return (error as Error).message;
  }
  return "none";
};

describe("glassbox record and replay", () => {
  it("name a file first", () => {
    expect(parse("record a.rec --fda x.img --type a")).toMatchObject({ record: "a.rec", replay: null, to: null });
    expect(parse("replay a.rec --fda x.img --to 12")).toMatchObject({ record: null, replay: "a.rec", to: 12 });
    expect(failure("record --fda x.img")).toContain("name the recording's file first");
    expect(failure("replay")).toContain("name the recording's file first");
    expect(failure("reply a.rec")).toContain("the commands are run, record, replay");
  });

  it("refuse what would make another run", () => {
    expect(failure("run --to 5")).toContain("belongs to glassbox replay");
    expect(failure("replay a.rec --to 5.5")).toContain("give a whole number");
    expect(failure("record a.rec --open b.glassbox")).toContain("begins at power-on");
    for (const flag of ["--type a", "--until a", "--until-screen a", "--max-instructions 5", "--gdb :1", "--open a"]) {
      expect(failure(`replay a.rec ${flag}`), flag).toContain("nothing for glassbox replay");
    }
  });
});

describe("glassbox run", () => {
  it("reads every flag of the help", () => {
    const flags = [...HELP.matchAll(/--[a-z-]+/g)].map(([flag]) => flag).filter((flag) => flag !== "--help");
    for (const flag of new Set(flags)) expect(failure(`run ${flag}`), flag).not.toContain("unknown");
  });

  it("takes values as the next word or after =", () => {
    expect(parse("run --memory 128 --hda=disk.img --fdb b.img")).toMatchObject({
      memoryBytes: 128 * 1024 * 1024,
      drives: { hda: "disk.img", fdb: "b.img" },
    });
  });

  it("puts the named boot drive first", () => {
    expect(parse("run").bootOrder).toBe("acd");
    expect(parse("run --boot d").bootOrder).toBe("dac");
    expect(parse("run --boot c").bootOrder).toBe("cad");
  });

  it("reads hexadecimal ports and addresses", () => {
    expect(parse("run --rom FFFF0000:a:b.bin --exit-port f4 --capture-port 0xE9:out")).toMatchObject({
      rom: { address: 0xffff0000, file: "a:b.bin" },
      exitPort: 0xf4,
      capture: { port: 0xe9, file: "out" },
    });
  });

  it("pairs texts to type with what they wait for", () => {
    const words = ["run", "--type", "a\\n", "--type-after", "$ ", "--type", "b"];
    expect(parseArguments(words)).toMatchObject({
      typed: [
        { text: "a\n", after: "$ " },
        { text: "b", after: null },
      ],
    });
  });

  it("understands the escapes of typed text", () => {
    expect(unescapeText("a\\n\\x41\\\\n\\q")).toBe("a\nA\\n\\q");
  });

  it.each([
    ["", "no command"],
    ["walk", "walk"],
    ["run --flag", "--flag: unknown"],
    ["run disk.img", "disk.img: unknown"],
    ["run --stats=1", "--stats=1: unknown"],
    ["run --memory", "--memory: needs a value"],
    ["run --memory 0", "--memory: give whole megabytes from 1 to 2048"],
    ["run --memory 2049", "--memory"],
    ["run --memory 1e3", "--memory"],
    ["run --memory 64 --memory 65", "--memory: given twice"],
    ["run --boot x", "--boot"],
    ["run --boot ac", "--boot"],
    ["run --exit-port 10000", "--exit-port"],
    ["run --exit-port xyz", "--exit-port"],
    ["run --rom f000", "--rom: give HEX:FILE"],
    ["run --rom f0000: ", "--rom: give HEX:FILE"],
    ["run --rom 100000000:a", "--rom"],
    ["run --max-instructions 1.5", "--max-instructions"],
    ["run --max-instructions -1", "--max-instructions"],
    ["run --type-after x", "--type-after"],
    ["run --initrd x", "--initrd: needs --kernel"],
    ["run --append x", "--append: needs --kernel"],
    ["run --rom 0:a --bios b", "--rom"],
    ["run constructor", "constructor: unknown"],
  ])("refuses %j in one line", (line, part) => {
    expect(failure(line)).toContain(part);
    expect(failure(line)).not.toContain("\n");
  });

  it("takes where gdb finds it", () => {
    expect(parse("run --gdb 127.0.0.1:1234").gdb).toEqual({ host: "127.0.0.1", port: 1234 });
    expect(parse("run --gdb :0").gdb).toEqual({ host: "127.0.0.1", port: 0 });
    expect(parse("run --gdb [::1]:99").gdb).toEqual({ host: "::1", port: 99 });
    for (const bad of ["1234", "host", "host:", "host:65536", "host:12x"]) {
      expect(failure(`run --gdb ${bad}`)).toContain("HOST:PORT");
    }
  });
});
