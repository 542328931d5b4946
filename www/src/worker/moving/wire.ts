import { UserError } from "../../host/user_error.mjs";
import { MOVING_VERSION, type MoveMessage, type Wire } from "../../protocol/moving";
import { MOVE } from "../../strings/worker/moving";

/** Who says nothing for so long is gone. */
const SILENT_MS = 10_000;

type Said = MoveMessage["say"];
type Saying<Name extends Said> = Extract<MoveMessage, { say: Name }>;

const isBytes = (value: unknown): boolean => value instanceof Uint8Array;

/** Whether a message has the parts that its word promises: what is in them is checked by who uses it. */
function isWhole(data: unknown): data is MoveMessage {
  const { say, card, files, version, ids, bytes, manifest, last, id, why } = Object(data);
  switch (say as Said) {
    case "offer":
      return version === MOVING_VERSION && isBytes(card) && Object(files) === files;
    case "ready":
    case "got":
    case "yours":
      return true;
    case "pages":
      return isBytes(ids) && isBytes(bytes);
    case "round":
      return isBytes(manifest) && (last === null || isLast(last));
    case "there":
      return typeof id === "string";
    case "end":
      return typeof why === "string" && why.length < 1000;
  }
  return false;
}

function isLast(value: unknown): boolean {
  const { runs, stops, paused } = Object(value);
  return typeof runs === "boolean" && Array.isArray(stops) && stops.length <= 1000 && typeof paused === "number";
}

/** The other end is gone, or has given up; nothing was lost here. */
export class Broken extends UserError {}

/** It says nothing any more, and may have gone on with what was said to it. */
export class Silent extends Broken {}

/** The way to the other worker: what is said is said once, in order, and answered in time. */
export class Talk {
  private readonly post: (message: MoveMessage) => void;
  private readonly close: () => void;
  private readonly heard: MoveMessage[] = [];
  private wake: () => void = () => undefined;
  private ended = "";

  constructor(wire: Wire) {
    const end = wire.kind === "channel" ? new BroadcastChannel(wire.name) : (wire.port as MessagePort);
    end.onmessage = ({ data }: MessageEvent<unknown>) => this.hear(data);
    this.post = (message) => end.postMessage(message);
    this.close = () => end.close();
  }

  say(message: MoveMessage): void {
    this.check();
    this.post(message);
  }

  /**
   * Waits for the next message, which has to be one of these.
   * @throws Broken
   */
  async next<Name extends Said>(names: readonly Name[], patience = SILENT_MS): Promise<Saying<Name>> {
    const end = performance.now() + patience;
    for (;;) {
      const message = this.heard.shift();
      if (message) return this.expect(message, names);
      this.check();
      const left = end - performance.now();
      if (left <= 0) throw new Silent(MOVE.silent);
      await new Promise<void>((done) => {
        this.wake = done;
        setTimeout(done, Math.min(left, 2 ** 30));
      });
    }
  }

  /** Says why it ends, if that can still be said; whoever waits here is told too. */
  end(why: string): void {
    if (this.ended) return;
    this.ended = why;
    this.post({ say: "end", why });
    // A port says what was said before it closes.
    setTimeout(this.close, 100);
    this.wake();
  }

  /** All was said. */
  done(): void {
    if (!this.ended) setTimeout(this.close, 1000);
    this.ended ||= "done";
  }

  private check(): void {
    if (this.ended) throw new Broken(this.ended);
  }

  private hear(data: unknown): void {
    if (!isWhole(data)) return;
    this.heard.push(data);
    this.wake();
  }

  private expect<Name extends Said>(message: MoveMessage, names: readonly Name[]): Saying<Name> {
    if (message.say === "end") {
      this.ended = message.why;
      this.close();
      throw new Broken(message.why);
    }
    if (!(names as readonly Said[]).includes(message.say)) {
      throw new Broken(MOVE.unknown(message.say));
    }
    return message as Saying<Name>;
  }
}
