import { keysOfText } from "../host/keyboard.mjs";

/**
 * Virtual time between two key events: about 60 characters a second, which every guest follows. A PS/2 keyboard keeps
 * 16 bytes and drops the keys behind them: keys that come all at once, after the machine or this worker was busy, must
 * not reach it all at once.
 */
const KEY_NS = 8_000_000;

interface Key {
  readonly code: number;
  readonly pressed: boolean;
}

type Press = (code: number, pressed: boolean) => void;

/** Keys on their way to the machine: those of the user, and text that is typed for him. */
export class Typing {
  private queue: Key[] = [];
  private nextNs = 0;

  /** @param press gives the machine a key */
  constructor(private readonly press: Press) {}

  /** Adds a text behind what still waits. */
  add(text: string): void {
    this.queue.push(...keysOfText(text));
  }

  /** A key of the user's goes down or up at a virtual time: at once, unless others wait or one has just gone. */
  key(code: number, pressed: boolean, virtualNs: number): void {
    this.queue.push({ code, pressed });
    this.due(virtualNs);
  }

  /** Forgets what still waits, but lets no key stay down. */
  clear(): void {
    for (const { code, pressed } of this.queue.splice(0)) if (!pressed) this.press(code, false);
  }

  /** Presses what is due at a virtual time. */
  due(virtualNs: number): void {
    // A machine that went back in time has nothing to wait for.
    const isDue = virtualNs >= this.nextNs || virtualNs < this.nextNs - KEY_NS;
    const key = isDue ? this.queue.shift() : undefined;
    if (!key) return;
    this.press(key.code, key.pressed);
    this.nextNs = virtualNs + KEY_NS;
  }
}
