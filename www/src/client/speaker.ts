import type { SpeakerChange } from "../protocol/event";

/** What the loudspeaker does. */
export interface Sound {
  readonly on: boolean;
  /** Of the tone, 0 for silence. */
  readonly hertz: number;
  /** The largest sample of the last moments, 0 to 1. */
  readonly level: number;
}

const LOUDNESS = 0.05;
/** Sound comes so much later than its cause, so that slices of uneven length do not break it up. */
const DELAY_S = 0.06;
/** When the guest's time and the loudspeaker's have drifted apart by so much, they are laid over each other anew. */
const LARGEST_DRIFT_S = 0.25;

/** The PC speaker: a square wave of the frequency the guest chose. Silent until the user switches sound on. */
export class Speaker {
  private context: AudioContext | undefined;
  private oscillator: OscillatorNode | undefined;
  private gain: GainNode | undefined;
  private meter: AnalyserNode | undefined;
  /** The loudspeaker's time at the guest's time zero. */
  private offset = Number.NaN;

  /** Switches sound on; browsers allow this only after a click. */
  on(): void {
    if (this.context) return;
    this.context = new AudioContext();
    this.gain = new GainNode(this.context, { gain: 0 });
    this.oscillator = new OscillatorNode(this.context, { type: "square" });
    this.meter = new AnalyserNode(this.context);
    this.oscillator.connect(this.gain).connect(this.meter).connect(this.context.destination);
    this.oscillator.start();
    this.offset = Number.NaN;
  }

  /** Switches sound off. */
  off(): void {
    void this.context?.close();
    this.context = undefined;
    this.oscillator = undefined;
    this.gain = undefined;
    this.meter = undefined;
  }

  /** What is heard now. */
  sound(): Sound {
    if (!this.oscillator || !this.meter) return { on: false, hertz: 0, level: 0 };
    const samples = new Float32Array(this.meter.fftSize);
    this.meter.getFloatTimeDomainData(samples);
    const level = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    return { on: true, hertz: level > 0 ? this.oscillator.frequency.value : 0, level };
  }

  /** The guest's speaker changed. */
  play(changes: readonly SpeakerChange[]): void {
    if (!this.context || !this.oscillator || !this.gain) return;
    for (const { seconds, hertz } of changes) {
      const at = this.moment(this.context.currentTime, seconds);
      const audible = hertz >= 20 && hertz <= 20000;
      if (audible) this.oscillator.frequency.setValueAtTime(hertz, at);
      this.gain.gain.setTargetAtTime(audible ? LOUDNESS : 0, at, 0.001);
    }
  }

  private moment(now: number, seconds: number): number {
    const at = seconds + this.offset;
    if (Number.isFinite(at) && at >= now && at - now - DELAY_S < LARGEST_DRIFT_S) return at;
    this.offset = now + DELAY_S - seconds;
    return now + DELAY_S;
  }
}
