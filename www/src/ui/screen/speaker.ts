/** The PC speaker: a square wave of the frequency the guest chose. Silent until the user switches sound on. */
export class Speaker {
  private context: AudioContext | undefined;
  private oscillator: OscillatorNode | undefined;
  private gain: GainNode | undefined;
  private hertz: number | null = null;

  /** Switches sound on; browsers allow this only after a click. */
  on(): void {
    this.context ??= new AudioContext();
    this.gain ??= new GainNode(this.context, { gain: 0 });
    this.oscillator ??= new OscillatorNode(this.context, { type: "square" });
    this.oscillator.connect(this.gain).connect(this.context.destination);
    this.oscillator.start();
    this.apply();
  }

  /** Switches sound off. */
  off(): void {
    void this.context?.close();
    this.context = undefined;
    this.oscillator = undefined;
    this.gain = undefined;
  }

  /** The guest's speaker sounds at `hertz`, or is silent. */
  sound(hertz: number | null): void {
    if (hertz === this.hertz) return;
    this.hertz = hertz;
    this.apply();
  }

  private apply(): void {
    if (!this.context || !this.oscillator || !this.gain) return;
    const audible = this.hertz !== null && this.hertz >= 20 && this.hertz <= 20000;
    const now = this.context.currentTime;
    if (audible) this.oscillator.frequency.setValueAtTime(this.hertz ?? 0, now);
    this.gain.gain.setTargetAtTime(audible ? 0.05 : 0, now, 0.002);
  }
}
