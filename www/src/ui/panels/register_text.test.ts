import { expect, it } from "vitest";
import type { Registers } from "../../protocol/inspection";
import { flagNames, generalRows, systemRows } from "./register_text";

const REGISTERS: Registers = {
  eax: 0xdeadbeef,
  ebx: 0,
  ecx: 0,
  edx: 0,
  esi: 0,
  edi: 0,
  ebp: 0,
  esp: 0x7c00,
  eip: 0xfff0,
  linear_ip: 0xfffffff0,
  eflags: 2,
  segments: [{ name: "cs", selector: 0xf000, base: 0xffff0000, limit: 0xffff, attributes: 0x93 }],
  cr: [0x60000010, 0, 0, 0],
  dr: [0, 0, 0, 0, 0, 0, 0xffff0ff0, 0x400],
  gdtr: [0, 0xffff],
  idtr: [0, 0xffff],
  cpl: 0,
  mode: "real",
  halted: true,
};

it("names the flags of the SDM", () => {
  expect(flagNames(0x246)).toBe("PF ZF IF");
  expect(flagNames(0x23202)).toBe("IF VM IOPL=3");
});

it("shows the general registers, flags and mode", () => {
  const rows = new Map(generalRows(REGISTERS).map(({ name, value }) => [name, value]));
  expect(rows.get("EAX")).toBe("DEADBEEF");
  expect(rows.get("EIP")).toBe("0000FFF0");
  expect(rows.get("Mode")).toBe("real, sleeps in HLT");
});

it("shows segments, tables, control and debug registers by their names", () => {
  const rows = new Map(systemRows(REGISTERS).map(({ name, value }) => [name, value]));
  expect(rows.get("CS")).toBe("F000  base FFFF0000  limit 0000FFFF  0093");
  expect(rows.get("CR0")).toBe("60000010");
  expect(rows.get("DR6")).toBe("FFFF0FF0");
  expect(rows.get("GDTR")).toBe("00000000  limit FFFF");
});
