import type { GeneralRegister, Registers } from "../../protocol/inspection";

/** A register's name and value as text. */
export interface RegisterRow {
  readonly name: string;
  readonly value: string;
}

/** A number in hexadecimal. */
export const hex = (value: number, digits: number): string =>
  (value >>> 0).toString(16).toUpperCase().padStart(digits, "0");

/** EFLAGS bits by name, Intel SDM volume 1, section 3.4.3. */
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
  [19, "VIF"],
  [20, "VIP"],
  [21, "ID"],
];

/** The flags that are set, and the I/O privilege level when it is not 0. */
export function flagNames(eflags: number): string {
  const names = FLAGS.filter(([bit]) => (eflags >>> bit) & 1).map(([, name]) => name);
  const privilege = (eflags >>> 12) & 3;
  return (privilege > 0 ? [...names, `IOPL=${privilege}`] : names).join(" ");
}

const GENERAL: readonly GeneralRegister[] = ["eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp"];

/** What a programmer looks at first. */
export function generalRows(registers: Registers): readonly RegisterRow[] {
  const { eip, eflags, mode, cpl, halted } = registers;
  return [
    ...GENERAL.map((name) => ({ name: name.toUpperCase(), value: hex(registers[name], 8) })),
    { name: "EIP", value: hex(eip, 8) },
    { name: "CPL", value: String(cpl) },
    { name: "EFLAGS", value: `${hex(eflags, 8)}  ${flagNames(eflags)}` },
    { name: "Mode", value: halted ? `${mode}, sleeps in HLT` : mode },
  ];
}

const table = ([base, limit]: readonly [number, number]): string => `${hex(base, 8)}  limit ${hex(limit, 4)}`;

/** Segments, tables, control and debug registers. */
export function systemRows({ segments, cr, dr, gdtr, idtr }: Registers): readonly RegisterRow[] {
  return [
    ...segments.map(({ name, selector, base, limit, attributes }) => ({
      name: name.toUpperCase(),
      value: `${hex(selector, 4)}  base ${hex(base, 8)}  limit ${hex(limit, 8)}  ${hex(attributes, 4)}`,
    })),
    { name: "GDTR", value: table(gdtr) },
    { name: "IDTR", value: table(idtr) },
    ...["CR0", "CR2", "CR3", "CR4"].map((name, index) => ({ name, value: hex(cr[index] ?? 0, 8) })),
    ...[0, 1, 2, 3, 6, 7].map((index) => ({ name: `DR${index}`, value: hex(dr[index] ?? 0, 8) })),
  ];
}
