import { expect, it } from "vitest";
import { LANE_TYPES, lanesOf } from "./lanes";

const lanes = (digits: string, id: string) => lanesOf(digits, LANE_TYPES.find((type) => type.id === id) as never);

it("shows lane 0 last", () => {
  expect(lanes("00000004000000030000000200000001", "u32")).toEqual(["00000004", "00000003", "00000002", "00000001"]);
});

it("reads singles, doubles and signed words", () => {
  expect(lanes("3f800000bf00000040490fdb00000000", "f32")).toEqual(["1", "-0.5", "3.1415927", "0"]);
  expect(lanes("3ff00000000000004000000000000000", "f64")).toEqual(["1", "2"]);
  expect(lanes("ffff000180007fff", "i16")).toEqual(["-1", "1", "-32768", "32767"]);
});
