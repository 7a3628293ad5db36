/** Bytes of one line, field or object that a reader keeps when the caller sets no limit: 1 MiB. */
export const DEFAULT_MAX_LINE_BYTES: number = 1024 * 1024;

/** Collects bytes up to a limit and counts the rest. Memory: at most twice the limit, O(1) amortised per byte. */
export class BoundedBytes {
  /** Bytes seen since the last clear, those beyond the limit included. */
  total = 0;
  readonly limit: number;
  private buffer: Uint8Array = new Uint8Array(256);

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Whether bytes were passed over. */
  get overflowed(): boolean {
    return this.total > this.limit;
  }

  /** Adds `bytes[from, to)`. */
  append(bytes: Uint8Array, from: number, to: number): void {
    const kept = Math.min(this.total, this.limit);
    const take = Math.min(to - from, this.limit - kept);
    if (kept + take > this.buffer.length) {
      const grown = new Uint8Array(Math.min(this.limit, Math.max(kept + take, this.buffer.length * 2)));
      grown.set(this.buffer.subarray(0, kept));
      this.buffer = grown;
    }
    if (take > 0) this.buffer.set(bytes.subarray(from, from + take), kept);
    this.total += to - from;
  }

  /** The bytes kept; valid until the next call of `append`. */
  view(): Uint8Array {
    return this.buffer.subarray(0, Math.min(this.total, this.limit));
  }

  clear(): void {
    this.total = 0;
    if (this.buffer.length > 65_536) this.buffer = new Uint8Array(256);
  }
}
