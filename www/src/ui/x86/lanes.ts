import { type NumberForm, numberText } from "../frame/number_text";

/** How the lanes of a vector register are read. */
export interface LaneType {
  readonly id: string;
  readonly title: string;
  readonly bits: number;
  readonly form: NumberForm;
}

export const LANE_TYPES: readonly LaneType[] = [
  { id: "u8", title: "16 × 8 bits, hex", bits: 8, form: "hex" },
  { id: "u16", title: "8 × 16 bits, hex", bits: 16, form: "hex" },
  { id: "u32", title: "4 × 32 bits, hex", bits: 32, form: "hex" },
  { id: "u64", title: "2 × 64 bits, hex", bits: 64, form: "hex" },
  { id: "i16", title: "8 × 16 bits, signed", bits: 16, form: "signed" },
  { id: "i32", title: "4 × 32 bits, signed", bits: 32, form: "signed" },
  { id: "f32", title: "4 × single", bits: 32, form: "float" },
  { id: "f64", title: "2 × double", bits: 64, form: "float" },
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
