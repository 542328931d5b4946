const KEPT = 256 * 1024;

/** The end of a stream of bytes, as text of one character a byte. */
export class Tail {
  private text = "";

  add(bytes: Uint8Array): void {
    let more = "";
    for (const byte of bytes) more += String.fromCharCode(byte);
    this.text = (this.text + more).slice(-KEPT);
  }

  clear(): void {
    this.text = "";
  }

  get value(): string {
    return this.text;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.text, (char) => char.charCodeAt(0));
  }
}
