import { keysOfText } from "../host/keyboard.mjs";

/** Virtual time between two key events of typed text: about 60 characters a second, which every guest follows. */
const KEY_NS = 8_000_000;

/** Text that is being typed at the machine, a key event at a time. */
export class Typing {
  private queue: { code: number; pressed: boolean }[] = [];
  private nextNs = 0;

  /** Adds a text behind what still waits. */
  add(text: string): void {
    this.queue.push(...keysOfText(text));
  }

  /** Forgets what still waits. */
  clear(): void {
    this.queue = [];
  }

  /** Presses what is due at a virtual time. */
  due(virtualNs: number, press: (code: number, pressed: boolean) => void): void {
    const key = virtualNs >= this.nextNs ? this.queue.shift() : undefined;
    if (!key) return;
    press(key.code, key.pressed);
    this.nextNs = virtualNs + KEY_NS;
  }
}
