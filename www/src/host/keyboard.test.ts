import { describe, expect, it } from "vitest";
import { keysOfText, SCANCODES } from "./keyboard.mjs";

/** Set-1 codes from the IBM PC AT technical reference: first key of each row and the keys people get wrong. */
const KNOWN: Record<string, number> = {
  Escape: 0x01,
  Digit1: 0x02,
  Backspace: 0x0e,
  KeyQ: 0x10,
  Enter: 0x1c,
  KeyA: 0x1e,
  Backquote: 0x29,
  ShiftLeft: 0x2a,
  Backslash: 0x2b,
  KeyZ: 0x2c,
  ShiftRight: 0x36,
  Space: 0x39,
  F1: 0x3b,
  F10: 0x44,
  NumLock: 0x45,
  ScrollLock: 0x46,
  Numpad7: 0x47,
  NumpadDecimal: 0x53,
  IntlBackslash: 0x56,
  F11: 0x57,
  F12: 0x58,
  NumpadEnter: 0xe01c,
  AltRight: 0xe038,
  ArrowUp: 0xe048,
  Delete: 0xe053,
};

describe("scan codes", () => {
  it("agree with the technical reference", () => {
    for (const [key, code] of Object.entries(KNOWN)) expect(SCANCODES[key], key).toBe(code);
  });

  it("are all different", () => {
    const codes = Object.values(SCANCODES);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it("type every printable ASCII character", () => {
    for (let code = 0x20; code < 0x7f; code++) {
      const keys = keysOfText(String.fromCharCode(code));
      expect(keys.length === 2 || keys.length === 4, String.fromCharCode(code)).toBe(true);
      const balance = keys.reduce((sum, { pressed }) => sum + (pressed ? 1 : -1), 0);
      expect(balance).toBe(0);
    }
  });

  it("hold Shift around capitals", () => {
    expect(keysOfText("A")).toEqual([
      { code: 0x2a, pressed: true },
      { code: 0x1e, pressed: true },
      { code: 0x1e, pressed: false },
      { code: 0x2a, pressed: false },
    ]);
  });

  it("hold Ctrl for control characters", () => {
    expect(keysOfText("\x02").map(({ code }) => code)).toEqual([0x1d, 0x30, 0x30, 0x1d]);
    expect(keysOfText("\n").map(({ code }) => code)).toEqual([0x1c, 0x1c]);
  });

  it("leave out what no US key types", () => {
    expect(keysOfText("é→")).toEqual([]);
  });
});
