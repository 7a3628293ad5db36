import type { FileEntries, WalkedFile } from "./file-entries.js";
import type { EntryPattern, LikeEntries } from "./like-entries.js";
import type { HeadPattern, LikeLines } from "./like-lines.js";
import type { HeadPlace, SplitPattern } from "./split-lines.js";

/**
 * Finds the lines that are worth decoding. The caller fills `buffer` and names a part of it; nothing is copied.
 * A line ends with a line feed, or with the part.
 */
export interface Scanner {
  /** Which twin does the work; their results are the same. */
  readonly kind: "simd" | "scalar";
  /** Where the caller puts bytes; its length is the wanted capacity. Stays in place. */
  readonly buffer: Uint8Array;
  /** Length of the longest needle less one: what to keep of a line that is scanned in parts. */
  readonly overlapBytes: number;
  /**
   * What the last call found, three numbers a line: its start, its end (the line feed, or the part's end), both as
   * offsets in `buffer`, and the line feeds between the part's start and the line's. Only the first `count` lines
   * are of that call.
   */
  readonly lines: Uint32Array;
  /** Lines listed by the last call. */
  readonly count: number;
  /** Line feeds in what the last call went through: from its start to the offset that it returned. */
  readonly lineFeeds: number;
  /**
   * Lists the lines of [from, to) that hold a needle, each once. Returns `to`; or, when the list is full (1024 lines),
   * the offset behind its last line, at which to go on. Cost: linear, at most a needle's length a byte on hostile
   * input, and well below on any log.
   * @throws RangeError unless 0 <= from <= to <= buffer.length
   */
  scan(from: number, to: number): number;
  /**
   * Counts the lines of `buffer` from `from` on, where one begins, that have a head; `to` is behind a line's end. Costs
   * some nanoseconds a line.
   */
  countLike(pattern: HeadPattern, from: number, to: number): LikeLines;
  /**
   * Counts the journal entries of `buffer` from `from` on, where one begins, that are like a pattern and hold no needle in
   * their message; `to` is behind a line's end. What is not sure is not counted: damage, other hosts or boots, several values
   * of a field that counts. Costs some 400 nanoseconds an entry.
   */
  countEntries(pattern: EntryPattern, from: number, to: number): LikeEntries;
  /**
   * Reads the lines of `buffer` from `from` on that a message was split into, all under the head at `head`; `to` is behind a
   * line's end. Their numbers stand in `values` then, in the order of the lines. Costs some nanoseconds a line.
   * @returns behind the last of them; -1 unless all of them are there, their numbers as `%x` writes them
   */
  readSplit(pattern: SplitPattern, head: HeadPlace, from: number, to: number): number;
  /**
   * Where the first byte in [from, to) of `buffer` stands that hides literals, since it is taken away before a line is read: NUL,
   * ESC, or a no-break space in UTF-8; `to` where there is none.
   */
  hidingAt(from: number, to: number): number;
  /** Whether a needle stands in [from, to) of `buffer`. Leaves what the last call found as it is. */
  holdsNeedle(from: number, to: number): boolean;
  /**
   * Counts the entries of a native journal file, whose parts it reads into two pieces of `buffer` that nobody else uses
   * meanwhile. Null where that cannot be done: by the scalar twin, in other memory, of a file beyond 32 GiB.
   */
  fileEntries(pieces: readonly [Uint8Array, Uint8Array], file: WalkedFile): FileEntries | null;
  /** For others that are to count the same; null: the scalar twin has none. */
  readonly kernel: SharedKernel | null;
  /** Whom `countEntries` asks before it counts; null: nobody. */
  ahead: CountedAhead | null;
  /** What the last `readSplit` found. */
  readonly values: Float64Array;
}

/** The compiled kernel, and its memory before the text: what it looks for stands there. */
export interface SharedKernel {
  readonly module: object;
  readonly tables: Uint8Array;
}

/** What others counted of bytes that stand in a scanner's buffer. */
export interface CountedAhead {
  /** Whether it may know something of the bytes at a place. */
  holds(place: number): boolean;
  /** Says what is looked for, as the kernel's tables do. */
  lookFor(pattern: EntryPattern): void;
  /** The entries from a place on, as far as they are known; null where none are, or they end behind `to`. */
  entriesAt(from: number, to: number): LikeEntries | null;
  /** The first place behind one from which on entries are known; or `to`. */
  knownBehind(from: number, to: number): number;
}

/** @throws RangeError unless 0 <= from <= to <= length */
export function checkPart(from: number, to: number, length: number): void {
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= length)) {
    throw new RangeError(`scan: [${from}, ${to}) is no part of ${length} bytes`);
  }
}

/** @throws RangeError unless 1 to 1 GiB */
export function checkCapacity(bytes: number): void {
  if (!(Number.isInteger(bytes) && bytes >= 1 && bytes <= 2 ** 30)) {
    throw new RangeError(`scan: capacity must be 1 to ${2 ** 30} bytes, got ${bytes}`);
  }
}
