import type { Past } from "../../protocol/timeline";
import type { Target } from "./timeline";

const UNITS: readonly (readonly [unit: string, ns: number])[] = [
  ["s", 1e9],
  ["ms", 1e6],
  ["µs", 1e3],
  ["ns", 1],
];
const WRITTEN = /^([+-]?)(\d[\d,_ ]*(?:\.\d+)?|\.\d+)\s*(s|ms|us|µs|μs|ns)?$/i;

/** A virtual time, as exactly as it needs: `1.234567 s`, `20 ms`, `340 ns`. */
export function timeText(ns: number, digits = 6): string {
  const [unit, size] = UNITS.find(([, size]) => ns >= size) ?? ["s", 1e9];
  const text = (ns / size).toFixed(unit === "ns" ? 0 : unit === "s" ? digits : Math.min(digits, 3));
  return `${text.includes(".") ? text.replace(/\.?0+$/, "") : text} ${unit}`;
}

/**
 * Where a reader wants to go: `123456` or `123,456`, an instruction; `1.5 s`, `20 ms`, `7 us`, a virtual time; with + or -
 * before it, from here. Null for another text.
 */
export function targetOf(text: string, { here }: Pick<Past, "here">): Target | null {
  const [, sign = "", digits = "", unit = ""] = WRITTEN.exec(text.trim()) ?? [];
  const number = Number(digits.replace(/[,_ ]/g, ""));
  if (digits === "" || !Number.isFinite(number)) return null;
  const way = sign === "-" ? -1 : 1;
  if (unit === "") {
    if (!Number.isInteger(number)) return null;
    return { instruction: Math.max(sign ? here.instruction + way * number : number, 0) };
  }
  const size = UNITS.find(([name]) => name === unit.toLowerCase().replace(/^[uμ]s$/, "µs"))?.[1] ?? 1;
  const ns = Math.round(number * size);
  return { time: Math.max(sign ? here.time + way * ns : ns, 0) };
}
