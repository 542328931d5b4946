import { PC } from "../../strings/pc";
import { type NumberForm, numberText } from "../frame/number_text";

const TITLES = PC.registers.laneTypes;

/** How the lanes of a vector register are read. */
export interface LaneType {
  readonly id: string;
  readonly title: string;
  readonly bits: number;
  readonly form: NumberForm;
}

export const LANE_TYPES: readonly LaneType[] = [
  { id: "u8", title: TITLES.u8, bits: 8, form: "hex" },
  { id: "u16", title: TITLES.u16, bits: 16, form: "hex" },
  { id: "u32", title: TITLES.u32, bits: 32, form: "hex" },
  { id: "u64", title: TITLES.u64, bits: 64, form: "hex" },
  { id: "i16", title: TITLES.i16, bits: 16, form: "signed" },
  { id: "i32", title: TITLES.i32, bits: 32, form: "signed" },
  { id: "f32", title: TITLES.f32, bits: 32, form: "float" },
  { id: "f64", title: TITLES.f64, bits: 64, form: "float" },
];

/** The lanes of a register of 64 or 128 bits, given as hexadecimal digits with the highest first; lane 0 last, as Intel draws them. */
export function lanesOf(digits: string, { bits, form }: LaneType): readonly string[] {
  const width = bits / 4;
  const lanes: string[] = [];
  for (let at = 0; at < digits.length; at += width) {
    lanes.push(numberText(BigInt(`0x${digits.slice(at, at + width)}`), bits, form) ?? "");
  }
  return lanes;
}
