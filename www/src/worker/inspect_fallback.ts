import type { AllRegisters, CodeLine, MemoryView, ParsedAddress, RegisterView } from "../protocol/inspection";
import type { Pc } from "./engine";

const view = (name: string, value: number, width = 32): RegisterView => ({
  name,
  title: name,
  address: null,
  value,
  high: 0,
  width,
  bits: [],
});
const FLAGS: [number, string][] = [
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
// biome-ignore lint: temporary
export const fallback: Record<string, (pc: any, ...args: any[]) => unknown> = {
  allRegisters(pc: Pc): AllRegisters {
    const r = pc.registers();
    const eflags = view("EFLAGS", r.eflags);
    eflags.bits = FLAGS.map(([bit, name]) => ({
      name,
      title: name,
      from: bit,
      to: bit,
      value: (r.eflags >>> bit) & 1,
      meaning: "",
    }));
    return {
      general: ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip"].map((n) => view(n.toUpperCase(), r[n])),
      eflags,
      segments: r.segments.map((s: never) => ({
        ...(s as object),
        selectorText: "",
        type: "data",
        dpl: 0,
        present: true,
        granular: false,
        big: false,
        range: "",
      })),
      tables: [{ name: "GDTR", base: r.gdtr[0], limit: r.gdtr[1] }],
      control: [0, 2, 3, 4].map((n, i) => view(`CR${n}`, r.cr[i])),
      debug: [],
      msrs: [],
      fpu: {
        control: view("FCW", 0x37f, 16),
        status: view("FSW", 0, 16),
        tag: view("FTW", 0xffff, 16),
        stack: [],
        instruction: "",
        operand: "",
        opcode: 0,
      },
      mmx: Array(8).fill("0".repeat(16)),
      xmm: Array(8).fill("0".repeat(32)),
      mxcsr: view("MXCSR", 0x1f80),
      cpl: r.cpl,
      mode: r.mode,
      halted: r.halted,
    };
  },
  code(pc: Pc, linear: number, _before: number, after: number): CodeLine[] {
    return pc.disassemble(linear, after).map((l: never) => ({
      ...(l as object),
      mnemonic: "",
      target: null,
      symbol: null,
      targetSymbol: null,
      source: null,
      taken: null,
      operands: [],
      flagsRead: [],
      flagsWritten: [],
      flagsUndefined: [],
      known: true,
      count: 0,
    }));
  },
  manual: () => [],
  readSpace(pc: Pc, _space: string, offset: number, length: number): MemoryView {
    const cells: (number | null)[] = pc.readMemory(offset, length);
    return {
      bytes: Uint8Array.from(cells, (c) => c ?? 0),
      absent: cells.flatMap((c, at) =>
        c === null ? [{ at, length: 1, reason: "pf" as const, text: "page not present" }] : [],
      ),
    };
  },
  parseAddress: (_pc, text: string): ParsedAddress =>
    /^[0-9a-f]+$/i.test(text)
      ? { space: "linear", offset: Number.parseInt(text, 16) }
      : { error: { column: 0, length: 1, message: "no address" } },
  translate: (_pc, _s, offset: number) => ({ steps: [], linear: offset, physical: offset, fault: null }),
};
