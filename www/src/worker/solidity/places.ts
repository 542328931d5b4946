import type { TextRange } from "../../protocol/evm/solidity";

/** Characters that take more than a byte. */
const WIDE = /[^\0-\x7f]/;

/** Lines and columns of a text whose places the compiler gives in bytes of UTF-8. */
export class Places {
  private readonly bytes: Uint8Array;
  /** First byte of each line. */
  private readonly starts: number[] = [0];
  private readonly simple: boolean;

  constructor(
    readonly name: string,
    text: string,
  ) {
    this.bytes = new TextEncoder().encode(text);
    this.simple = !WIDE.test(text);
    this.bytes.forEach((byte, at) => {
      if (byte === 10) this.starts.push(at + 1);
    });
  }

  /** Bytes of the text. */
  get length(): number {
    return this.bytes.length;
  }

  /** The line of a byte, from 1. */
  line(offset: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  private column(offset: number, line: number): number {
    const start = this.starts[line - 1] ?? 0;
    if (this.simple) return offset - start + 1;
    return new TextDecoder().decode(this.bytes.subarray(start, offset)).length + 1;
  }

  /** A part of the text; what reaches beyond its end ends there. */
  range(start: number, length: number): TextRange {
    const from = Math.min(Math.max(start, 0), this.length);
    const to = Math.min(from + Math.max(length, 0), this.length);
    const [line, endLine] = [this.line(from), this.line(to)];
    return {
      file: this.name,
      line,
      column: this.column(from, line),
      endLine,
      endColumn: this.column(to, endLine),
    };
  }
}
