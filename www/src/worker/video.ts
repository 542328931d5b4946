import type { Pixels } from "../protocol/inspection";
import type { Pc } from "./engine";

/** At most 60 pictures a second. */
const FRAME_MS = 1000 / 60;
/** A page that does not say that it showed a picture (a background tab) gets the next one after this time. */
const GIVE_UP_MS = 1000;

/** A picture on its way to the page. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly aspect: readonly [number, number];
  readonly buffer: ArrayBuffer;
}

/** Sends pictures when they changed, the page can show them, and not too often. */
export class Video {
  private lastMs = Number.NEGATIVE_INFINITY;
  private underWay = false;
  private spare: ArrayBuffer | undefined;
  /** A change that the page has not been told of. */
  private unsent = false;
  /** How often the picture was found changed. */
  changes = 0;

  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly send: (frame: Frame) => void,
  ) {}

  /** Called after every slice. */
  refresh(pc: Pc, nowMs: number): void {
    const since = nowMs - this.lastMs;
    if (since < FRAME_MS || (this.underWay && since < GIVE_UP_MS)) return;
    this.lastMs = nowMs;
    this.render(pc);
    if (this.unsent) this.post(pc);
  }

  /** Sends the picture as it is, for a machine that is about to rest. */
  show(pc: Pc, nowMs: number): void {
    this.lastMs = nowMs;
    this.render(pc);
    this.post(pc);
  }

  /** The page has shown a picture and gives its buffer back. */
  shown(buffer: ArrayBuffer): void {
    this.underWay = false;
    this.spare = buffer;
  }

  /** A copy of the picture as it is now. */
  pixels(pc: Pc): Pixels {
    this.render(pc);
    const rgba = new Uint8ClampedArray(this.view(pc));
    return { width: pc.frameWidth, height: pc.frameHeight, aspect: [pc.aspectWidth, pc.aspectHeight], rgba };
  }

  private render(pc: Pc): void {
    if (!pc.render()) return;
    this.unsent = true;
    this.changes++;
  }

  private post(pc: Pc): void {
    this.unsent = false;
    const view = this.view(pc);
    if (view.length === 0) return;
    const spare = this.spare?.byteLength === view.length ? this.spare : undefined;
    const buffer = spare ?? new ArrayBuffer(view.length);
    this.spare = undefined;
    new Uint8Array(buffer).set(view);
    this.underWay = true;
    const { frameWidth: width, frameHeight: height } = pc;
    this.send({ width, height, aspect: [pc.aspectWidth, pc.aspectHeight], buffer });
  }

  /** The picture in wasm memory: made anew every time, because memory moves when it grows. */
  private view(pc: Pc): Uint8Array {
    return new Uint8Array(this.memory.buffer, pc.framePointer, pc.frameLength);
  }
}
