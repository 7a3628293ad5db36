import type { Scanner } from "./scanner.js";

/**
 * A scanner's buffer as the parsers of a process divide it: bytes that somebody else holds are copied to its beginning, and
 * two pieces behind that are lent to whoever reads a file, who reads straight into them.
 */

/** What is copied at once: enough that a call costs nothing, and little enough to stay in a core's own cache. */
export const COPIED_BYTES: number = 2 ** 20;
/** Of a piece that is read into: so large that a reader seldom waits for the thread that reads for it. */
const PIECE_BYTES = 2 ** 21;

/** Capacity of a scanner whose memory is lent. */
export const LENDING_CAPACITY: number = COPIED_BYTES + 2 * PIECE_BYTES;

/** Two pieces of memory that take turns, until they are given back. */
export interface LentMemory {
  readonly pieces: readonly [Uint8Array, Uint8Array];
  /** To be called once, when nothing is read into the pieces any more. */
  release(): void;
}

const lending = new WeakSet<Scanner>();

/** The pieces of a scanner, to one reader at a time; memory of their own to the others, and without a scanner. */
export function lendMemory(scanner: Scanner | null): LentMemory {
  if (scanner === null || lending.has(scanner))
    return { pieces: [new Uint8Array(PIECE_BYTES), new Uint8Array(PIECE_BYTES)], release: () => {} };
  lending.add(scanner);
  const { buffer } = scanner;
  const second = (COPIED_BYTES + buffer.length) / 2;
  return {
    pieces: [buffer.subarray(COPIED_BYTES, second), buffer.subarray(second)],
    release: () => void lending.delete(scanner),
  };
}

/** Where bytes stand in a scanner's buffer: where they were read to, or else they are copied there, `COPIED_BYTES` at most. */
export function placeOf(bytes: Uint8Array, { buffer }: Scanner): number {
  if (bytes.buffer === buffer.buffer) return bytes.byteOffset - buffer.byteOffset;
  buffer.set(bytes);
  return 0;
}
