import type { Scanner } from "./scanner.js";

/**
 * A scanner's buffer as the parsers of a process divide it: bytes that somebody else holds are copied to its beginning,
 * two pieces behind that are lent to whoever reads a file, who reads straight into them, and at its end is room for a text.
 */

/** What is copied at once: enough that a call costs nothing, and little enough to stay in a core's own cache. */
export const COPIED_BYTES: number = 2 ** 20;
/** Of a piece that is read into: so large that a reader seldom waits for the thread that reads for it. */
const PIECE_BYTES = 2 ** 21;

/** Of a text that is searched by itself: a character has three bytes at most. */
const TEXT_BYTES = 2 ** 13;
const MOST_CHARACTERS = Math.floor(TEXT_BYTES / 3);

/** Before each piece: what was left of the one before it goes there. Whole pages, as the system copies to those in a quarter of the time. */
export const LEAD_BYTES: number = 2 ** 16;

/** Capacity of a scanner whose memory is lent, in pieces of so many bytes. */
export function lendingCapacity(pieceBytes: number = PIECE_BYTES): number {
  return COPIED_BYTES + 2 * (LEAD_BYTES + pieceBytes) + TEXT_BYTES;
}

/** Two pieces of memory that take turns, until they are given back. */
export interface LentMemory {
  readonly pieces: readonly [Uint8Array, Uint8Array];
  /** The pieces with `LEAD_BYTES` before each. */
  readonly rooms: readonly [Uint8Array, Uint8Array];
  /** To be called once, when nothing is read into the pieces any more. */
  release(): void;
}

const lending = new WeakSet<Scanner>();
const lenders = new WeakMap<LentMemory, Scanner>();

/** The pieces of a scanner, to one reader at a time; memory of their own to the others, and without a scanner. */
export function lendMemory(scanner: Scanner | null): LentMemory {
  if (scanner === null || lending.has(scanner)) {
    const bytes = LEAD_BYTES + PIECE_BYTES;
    return { ...inRooms(new Uint8Array(bytes), new Uint8Array(bytes)), release: () => {} };
  }
  lending.add(scanner);
  const { buffer } = scanner;
  const end = textAt(scanner);
  const second = (COPIED_BYTES + end) / 2;
  const memory = {
    ...inRooms(buffer.subarray(COPIED_BYTES, second), buffer.subarray(second, end)),
    release: () => {
      scanner.ahead = null;
      lending.delete(scanner);
    },
  };
  lenders.set(memory, scanner);
  return memory;
}

/** Whose buffer lent memory is; null: nobody's. */
export function lenderOf(memory: LentMemory): Scanner | null {
  return lenders.get(memory) ?? null;
}

function inRooms(first: Uint8Array, second: Uint8Array): Pick<LentMemory, "pieces" | "rooms"> {
  return { rooms: [first, second], pieces: [first.subarray(LEAD_BYTES), second.subarray(LEAD_BYTES)] };
}

/** Where bytes stand in a scanner's buffer: where they were read to, or else they are copied there, `COPIED_BYTES` at most. */
export function placeOf(bytes: Uint8Array, { buffer }: Scanner): number {
  if (bytes.buffer === buffer.buffer) return bytes.byteOffset - buffer.byteOffset;
  buffer.set(bytes);
  return 0;
}

const encoder = new TextEncoder();

const textAt = ({ buffer }: Scanner): number => buffer.length - TEXT_BYTES;

/**
 * Whether a needle stands in a text; null where it is too long to be asked. Takes a third of the time that a regular
 * expression of all needles does.
 */
export function textHoldsNeedle(text: string, scanner: Scanner): boolean | null {
  if (text.length > MOST_CHARACTERS) return null;
  const at = textAt(scanner);
  const { written } = encoder.encodeInto(text, scanner.buffer.subarray(at));
  return scanner.holdsNeedle(at, at + written);
}
