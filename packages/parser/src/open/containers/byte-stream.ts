/** Bytes in pieces of any size. */
export type ByteStream = AsyncIterable<Uint8Array>;

/**
 * The first bytes of a stream, and the stream as if nobody had looked.
 * @param count - how many are wanted; fewer come where the stream is shorter
 */
export async function peek(
  source: ByteStream,
  count: number,
): Promise<{ readonly head: Uint8Array; readonly whole: ByteStream }> {
  const iterator = source[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length < count) {
    const next = await iterator.next();
    if (next.done === true) break;
    pieces.push(next.value);
    length += next.value.length;
  }
  const whole = async function* (): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* pieces;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  };
  return { head: concatenated(pieces).subarray(0, count), whole: whole() };
}

/** All pieces as one. */
export function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1 && pieces[0] !== undefined) return pieces[0];
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Exact counts of bytes out of pieces of any size. */
export class ByteQueue {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(source: ByteStream) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** The next `count` bytes; null at the end of the stream, and when it ends before them. */
  async take(count: number): Promise<Uint8Array | null> {
    const taken: Uint8Array[] = [];
    for (let missing = count; missing > 0; ) {
      const part = await this.some(missing);
      if (part === null) return null;
      taken.push(part);
      missing -= part.length;
    }
    return concatenated(taken);
  }

  /** The next bytes, at least one and at most `most`; null at the end of the stream. */
  async some(most: number): Promise<Uint8Array | null> {
    while (this.#at === this.#piece.length) {
      const next = await this.#iterator.next();
      if (next.done === true) return null;
      this.#piece = next.value;
      this.#at = 0;
    }
    const part = this.#piece.subarray(this.#at, this.#at + most);
    this.#at += part.length;
    return part;
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}
