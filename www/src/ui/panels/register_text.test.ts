import { expect, it } from "vitest";
import { flagNames, registerGroups } from "./register_text";

it("names the flags of the SDM", () => {
  expect(flagNames(0x246)).toBe("PF ZF IF");
  expect(flagNames(0x20002)).toBe("VM");
});

it("shows every register once, the general ones first", () => {
  const [general, system] = registerGroups({
    cs: { selector: 8, base: 0, limit: 0xffffffff },
    eip: 0x7c00,
    eax: 0xdeadbeef,
    eflags: 2,
    cpl: 0,
  });
  expect(general?.rows.map(({ name }) => name)).toEqual(["EAX", "EIP", "EFLAGS"]);
  expect(general?.rows[0]?.value).toBe("DEADBEEF");
  expect(system?.rows.map(({ name }) => name)).toEqual(["CS", "CPL"]);
  expect(system?.rows[0]?.value).toContain("0008");
});
