import { expect, it } from "vitest";
import { HostKeys } from "./host_keys";

function keys() {
  const sent: [number, boolean][] = [];
  return { sent, host: new HostKeys((code, pressed) => sent.push([code, pressed])) };
}
const key = (code: string, repeat = false) => ({ code, repeat });

it("passes presses and releases, not repeats", () => {
  const { sent, host } = keys();
  expect(host.press(key("KeyA"))).toBe(true);
  expect(host.press(key("KeyA", true))).toBe(true);
  expect(host.release(key("KeyA"))).toBe(true);
  expect(sent).toEqual([
    [0x1e, true],
    [0x1e, false],
  ]);
});

it("leaves unknown keys to the browser", () => {
  const { sent, host } = keys();
  expect(host.press(key("BrowserBack"))).toBe(false);
  expect(host.release(key("BrowserBack"))).toBe(false);
  expect(sent).toEqual([]);
});

it("releases everything when the focus leaves, and all that Command held", () => {
  const { sent, host } = keys();
  host.press(key("ShiftLeft"));
  host.press(key("KeyA"));
  host.releaseAll();
  expect(sent.slice(2)).toEqual([
    [0x2a, false],
    [0x1e, false],
  ]);
  host.press(key("MetaLeft"));
  host.press(key("KeyC"));
  host.release(key("MetaLeft"));
  expect(sent.at(-1)).toEqual([0x2e, false]);
});
