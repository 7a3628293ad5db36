import { BoundedBytes } from "./bounded-bytes.js";

/** One line of the input. */
export interface CutLine {
  /** Without its `\n`; at most the limit. Valid only during the call. */
  readonly bytes: Uint8Array;
  /** 1-based. */
  readonly number: number;
  readonly byteOffset: number;
  /** In the input, the `\n` included. */
  readonly byteLength: number;
  /** Whether bytes beyond the limit were passed over. */
  readonly overflowed: boolean;
  /** False for a last line without `\n`. */
  readonly terminated: boolean;
}

/** Cuts chunks into lines at `\n`, whatever the chunks. Memory: one unfinished line, bounded by the limit. */
export class LineCutter {
  lines = 0;
  private offset = 0;
  private readonly carry: BoundedBytes;
  private readonly onLine: (line: CutLine) => void;

  constructor(limit: number, onLine: (line: CutLine) => void) {
    this.carry = new BoundedBytes(limit);
    this.onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    for (let to = chunk.indexOf(10); to !== -1; to = chunk.indexOf(10, from)) {
      this.hand(chunk, from, to, true);
      from = to + 1;
    }
    this.carry.append(chunk, from, chunk.length);
  }

  /** Whether no line is unfinished: the next byte begins one. */
  get isBetweenLines(): boolean {
    return this.carry.total === 0;
  }

  /** Counts whole lines that somebody else has read; only between lines. */
  advance(lines: number, bytes: number): void {
    this.lines += lines;
    this.offset += bytes;
  }

  /** Bytes before the next line. */
  get byteOffset(): number {
    return this.offset;
  }

  end(): void {
    if (this.carry.total > 0) this.hand(new Uint8Array(0), 0, 0, false);
  }

  private hand(chunk: Uint8Array, from: number, to: number, terminated: boolean): void {
    const { carry } = this;
    const total = carry.total + to - from;
    let bytes: Uint8Array;
    if (carry.total === 0) {
      bytes = chunk.subarray(from, Math.min(to, from + carry.limit));
    } else {
      carry.append(chunk, from, to);
      bytes = carry.view();
    }
    const byteLength = total + (terminated ? 1 : 0);
    this.lines += 1;
    this.onLine({
      bytes,
      number: this.lines,
      byteOffset: this.offset,
      byteLength,
      overflowed: total > carry.limit,
      terminated,
    });
    this.offset += byteLength;
    carry.clear();
  }
}
