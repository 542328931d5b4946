import { SCANCODES } from "../../host/keyboard.mjs";

/** What the keyboard tells the machine. */
export type KeySink = (code: number, pressed: boolean) => void;

/** The parts of a `KeyboardEvent` that matter. */
export interface HostKey {
  readonly code: string;
  readonly repeat: boolean;
}

/** Turns the host's key events into the machine's, and never leaves a key pressed when the focus goes elsewhere. */
export class HostKeys {
  private readonly down = new Set<string>();

  constructor(private readonly sink: KeySink) {}

  /** A key went down; gives whether the machine took it. The machine's keyboard repeats keys itself. */
  press({ code, repeat }: HostKey): boolean {
    const scancode = SCANCODES[code];
    if (scancode === undefined) return false;
    if (repeat || this.down.has(code)) return true;
    this.down.add(code);
    this.sink(scancode, true);
    return true;
  }

  /** A key went up; gives whether the machine took it. */
  release({ code }: HostKey): boolean {
    const scancode = SCANCODES[code];
    if (scancode === undefined || !this.down.delete(code)) return scancode !== undefined;
    this.sink(scancode, false);
    // macOS tells no key-up for keys that were held together with Command.
    if (code.startsWith("Meta")) this.releaseAll();
    return true;
  }

  /** The focus went elsewhere. */
  releaseAll(): void {
    for (const code of this.down) this.sink(SCANCODES[code] ?? 0, false);
    this.down.clear();
  }
}
