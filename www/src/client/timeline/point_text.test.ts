import { expect, it } from "vitest";
import { targetOf, timeText } from "./point_text";

const past = { here: { instruction: 1000, time: 5_000_000 } };

it.each([
  ["123456", { instruction: 123456 }],
  ["1,234,567", { instruction: 1234567 }],
  [" 1 000 ", { instruction: 1000 }],
  ["-1", { instruction: 999 }],
  ["+ 20", null],
  ["+20", { instruction: 1020 }],
  ["-5000", { instruction: 0 }],
  ["1.5 s", { time: 1_500_000_000 }],
  ["20ms", { time: 20_000_000 }],
  ["7 us", { time: 7000 }],
  ["7 µs", { time: 7000 }],
  ["340 NS", { time: 340 }],
  ["-1 ms", { time: 4_000_000 }],
  ["+1ms", { time: 6_000_000 }],
  ["1.5", null],
  ["", null],
  ["soon", null],
  ["1 h", null],
])("reads %s", (text, target) => expect(targetOf(text, past)).toEqual(target));

it.each([
  [0, "0 s"],
  [340, "340 ns"],
  [1500, "1.5 µs"],
  [20_000_000, "20 ms"],
  [1_234_567_890, "1.234568 s"],
  [60_000_000_000, "60 s"],
])("writes %i ns as %s", (ns, text) => expect(timeText(ns)).toBe(text));
