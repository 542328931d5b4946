// From keys of the host to scan codes of set 1, the form in which the machine takes keys: bytes of an extended key
// are 0xE0xx.

/**
 * Set-1 make codes by `KeyboardEvent.code`: the place of a key on a US keyboard, whatever the host's layout says.
 * @type {Readonly<Record<string, number>>}
 */
export const SCANCODES = Object.freeze({
  Escape: 0x01,
  Digit1: 0x02,
  Digit2: 0x03,
  Digit3: 0x04,
  Digit4: 0x05,
  Digit5: 0x06,
  Digit6: 0x07,
  Digit7: 0x08,
  Digit8: 0x09,
  Digit9: 0x0a,
  Digit0: 0x0b,
  Minus: 0x0c,
  Equal: 0x0d,
  Backspace: 0x0e,
  Tab: 0x0f,
  KeyQ: 0x10,
  KeyW: 0x11,
  KeyE: 0x12,
  KeyR: 0x13,
  KeyT: 0x14,
  KeyY: 0x15,
  KeyU: 0x16,
  KeyI: 0x17,
  KeyO: 0x18,
  KeyP: 0x19,
  BracketLeft: 0x1a,
  BracketRight: 0x1b,
  Enter: 0x1c,
  ControlLeft: 0x1d,
  KeyA: 0x1e,
  KeyS: 0x1f,
  KeyD: 0x20,
  KeyF: 0x21,
  KeyG: 0x22,
  KeyH: 0x23,
  KeyJ: 0x24,
  KeyK: 0x25,
  KeyL: 0x26,
  Semicolon: 0x27,
  Quote: 0x28,
  Backquote: 0x29,
  ShiftLeft: 0x2a,
  Backslash: 0x2b,
  KeyZ: 0x2c,
  KeyX: 0x2d,
  KeyC: 0x2e,
  KeyV: 0x2f,
  KeyB: 0x30,
  KeyN: 0x31,
  KeyM: 0x32,
  Comma: 0x33,
  Period: 0x34,
  Slash: 0x35,
  ShiftRight: 0x36,
  NumpadMultiply: 0x37,
  AltLeft: 0x38,
  Space: 0x39,
  CapsLock: 0x3a,
  F1: 0x3b,
  F2: 0x3c,
  F3: 0x3d,
  F4: 0x3e,
  F5: 0x3f,
  F6: 0x40,
  F7: 0x41,
  F8: 0x42,
  F9: 0x43,
  F10: 0x44,
  NumLock: 0x45,
  ScrollLock: 0x46,
  Numpad7: 0x47,
  Numpad8: 0x48,
  Numpad9: 0x49,
  NumpadSubtract: 0x4a,
  Numpad4: 0x4b,
  Numpad5: 0x4c,
  Numpad6: 0x4d,
  NumpadAdd: 0x4e,
  Numpad1: 0x4f,
  Numpad2: 0x50,
  Numpad3: 0x51,
  Numpad0: 0x52,
  NumpadDecimal: 0x53,
  IntlBackslash: 0x56,
  F11: 0x57,
  F12: 0x58,
  IntlRo: 0x73,
  KanaMode: 0x70,
  Convert: 0x79,
  NonConvert: 0x7b,
  IntlYen: 0x7d,
  NumpadEnter: 0xe01c,
  ControlRight: 0xe01d,
  Pause: 0xe11d,
  NumpadDivide: 0xe035,
  PrintScreen: 0xe037,
  AltRight: 0xe038,
  Home: 0xe047,
  ArrowUp: 0xe048,
  PageUp: 0xe049,
  ArrowLeft: 0xe04b,
  ArrowRight: 0xe04d,
  End: 0xe04f,
  ArrowDown: 0xe050,
  PageDown: 0xe051,
  Insert: 0xe052,
  Delete: 0xe053,
  MetaLeft: 0xe05b,
  MetaRight: 0xe05c,
  ContextMenu: 0xe05d,
});

const PLAIN = new Map(
  Object.entries({
    "-": "Minus",
    "=": "Equal",
    "[": "BracketLeft",
    "]": "BracketRight",
    ";": "Semicolon",
    "'": "Quote",
    "`": "Backquote",
    "\\": "Backslash",
    ",": "Comma",
    ".": "Period",
    "/": "Slash",
    " ": "Space",
    "\t": "Tab",
    "\n": "Enter",
    "\r": "Enter",
    "\b": "Backspace",
    "\x1b": "Escape",
  }),
);

const SHIFTED = new Map(
  Object.entries({
    "!": "Digit1",
    "@": "Digit2",
    "#": "Digit3",
    $: "Digit4",
    "%": "Digit5",
    "^": "Digit6",
    "&": "Digit7",
    "*": "Digit8",
    "(": "Digit9",
    ")": "Digit0",
    _: "Minus",
    "+": "Equal",
    "{": "BracketLeft",
    "}": "BracketRight",
    ":": "Semicolon",
    '"': "Quote",
    "~": "Backquote",
    "|": "Backslash",
    "<": "Comma",
    ">": "Period",
    "?": "Slash",
  }),
);

/**
 * The key that types a character on a US keyboard, and what is held meanwhile. Control characters without a key of
 * their own are typed with Ctrl, as in a terminal: 02h is Ctrl-B.
 * @param {string} char
 * @returns {{key: string, held?: "ShiftLeft" | "ControlLeft"} | undefined}
 */
function keyOfChar(char) {
  if (/^[a-z]$/.test(char)) return { key: `Key${char.toUpperCase()}` };
  if (/^[A-Z]$/.test(char)) return { key: `Key${char}`, held: "ShiftLeft" };
  if (/^[0-9]$/.test(char)) return { key: `Digit${char}` };
  const plain = PLAIN.get(char);
  if (plain) return { key: plain };
  const shifted = SHIFTED.get(char);
  if (shifted) return { key: shifted, held: "ShiftLeft" };
  const code = char.charCodeAt(0);
  if (code < 1 || code > 26) return undefined;
  return { key: `Key${String.fromCharCode(code + 64)}`, held: "ControlLeft" };
}

/** @param {string} name */
const scancode = (name) => /** @type {number} */ (SCANCODES[name]);

/**
 * The presses and releases that type a text on a US keyboard. Characters that no US key types are left out.
 * @param {string} text
 * @returns {{code: number, pressed: boolean}[]}
 */
export function keysOfText(text) {
  const keys = [];
  for (const char of text.replaceAll("\r\n", "\n")) {
    const typed = keyOfChar(char);
    if (!typed) continue;
    const code = scancode(typed.key);
    if (typed.held) keys.push({ code: scancode(typed.held), pressed: true });
    keys.push({ code, pressed: true }, { code, pressed: false });
    if (typed.held) keys.push({ code: scancode(typed.held), pressed: false });
  }
  return keys;
}
