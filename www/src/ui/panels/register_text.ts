import type { Registers, RegisterValue } from "../../protocol/inspection";

/** A register's name and value as text. */
export interface RegisterRow {
  readonly name: string;
  readonly value: string;
}

/** Rows of registers under a title. */
export interface RegisterGroup {
  readonly title: string;
  readonly rows: readonly RegisterRow[];
}

const hex = (value: number, digits: number): string => (value >>> 0).toString(16).toUpperCase().padStart(digits, "0");

/** EFLAGS bits with one letter group each, Intel SDM volume 1, section 3.4.3. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0, "CF"],
  [2, "PF"],
  [4, "AF"],
  [6, "ZF"],
  [7, "SF"],
  [8, "TF"],
  [9, "IF"],
  [10, "DF"],
  [11, "OF"],
  [14, "NT"],
  [16, "RF"],
  [17, "VM"],
  [18, "AC"],
  [21, "ID"],
];

/** The flags that are set. */
export function flagNames(eflags: number): string {
  return FLAGS.filter(([bit]) => (eflags >>> bit) & 1)
    .map(([, name]) => name)
    .join(" ");
}

function text(value: RegisterValue): string {
  if (typeof value === "number") return Number.isInteger(value) && value <= 0xffffffff ? hex(value, 8) : String(value);
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.map(text).join(" ");
  return Object.entries(value)
    .map(([name, part]) => (name === "selector" ? hex(Number(part), 4) : `${name} ${text(part)}`))
    .join("  ");
}

const GENERAL = ["eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp", "eip"];

/** Registers in the order in which people look for them. Whatever the engine adds appears under "System". */
export function registerGroups(registers: Registers): readonly RegisterGroup[] {
  const row = (name: string): RegisterRow => ({ name: name.toUpperCase(), value: text(registers[name] ?? null) });
  const general = GENERAL.filter((name) => name in registers).map(row);
  if (typeof registers.eflags === "number") {
    general.push({ name: "EFLAGS", value: `${hex(registers.eflags, 8)}  ${flagNames(registers.eflags)}` });
  }
  const others = Object.keys(registers).filter((name) => !GENERAL.includes(name) && name !== "eflags");
  return [
    { title: "General", rows: general },
    { title: "System", rows: others.map(row) },
  ];
}
