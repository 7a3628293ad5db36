import { closeSync, openSync, readSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { StreamOptions } from "../open/input.js";
import { LEAD_BYTES, type LentMemory, lenderOf } from "../scan/lent-memory.js";
import { WalkAhead } from "../scan/walk-ahead.js";
import { type FoundFile, READ_ONLY } from "./find-inputs.js";
import { FileWalkers } from "./walkers.js";

/** Of a piece that its reader may keep, at most and where no byte is known to be left. */
const KEPT_BYTES = 2 ** 19;
const LEAST_BYTES = 2 ** 12;
const SMALL_BYTES = 2 ** 16;

const LF = 10;
/** First bytes of journals as text: of JSON, and of export format. */
const JOURNAL_STARTS = [0x7b, 0x5f];

/** The stored bytes of an input, or the first of them. Errors of the disk are thrown by the iteration. */
export function openFound(input: FoundFile, options: StreamOptions = {}): AsyncIterable<Uint8Array> {
  if (input.path === null) return process.stdin;
  if (input.isPipe) return openPipe(input.path, options.signal);
  return openFile(input.path, input.size, options);
}

/** @throws Error when the file has become shorter than `size`, as it was when it was found */
async function* openFile(path: string, size: number, options: StreamOptions): AsyncGenerator<Uint8Array, void, void> {
  let got = 0;
  const isSmall = size > 0 && size <= SMALL_BYTES;
  for await (const piece of isSmall ? smallPieces(path, size, options) : largePieces(path, size, options)) {
    got += piece.length;
    yield piece;
  }
  // Files of the kernel's own (/proc, /sys) give another number of bytes than they say, and go on saying it.
  if (got < Math.min(size, options.bytes ?? size) && statSync(path).size < size)
    throw new Error(`it was cut while it was read: ${size} bytes at first, ${got} were there`);
}

/** Without a thread that reads: to hear from it takes longer than to read so little, and a host has thousands of task logs. */
async function* smallPieces(
  path: string,
  size: number,
  { signal, bytes = Number.POSITIVE_INFINITY }: StreamOptions,
): AsyncGenerator<Uint8Array, void, void> {
  // Whoever waits for a timer or a signal has a turn before each file.
  await setImmediate();
  signal?.throwIfAborted();
  const file = openSync(path, READ_ONLY);
  try {
    for (let left = bytes; left > 0; ) {
      const piece = Buffer.allocUnsafeSlow(Math.min(size, left));
      const got = readSync(file, piece);
      if (got === 0) return;
      left -= got;
      yield piece.subarray(0, got);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Reads one piece ahead: the disk, or the copy out of the system's cache, works while the one before is taken. While threads
 * walk ahead, they have read before what is read here, and another that reads would only take a core from them.
 */
async function* largePieces(
  path: string,
  size: number,
  { signal, bytes = Number.POSITIVE_INFINITY, memory, hashed = false }: StreamOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const file = await open(path, READ_ONLY);
  const walkers = FileWalkers.of(file.fd, size, hashed ? 1 : 0);
  const pieces = new Pieces(file, { size, bytes, memory, walkers });
  let isFirst = true;
  let ahead: Promise<Piece> | null = pieces.readAhead();
  try {
    for (;;) {
      let piece: Piece;
      try {
        piece = await (ahead ?? pieces.readAtOnce());
      } catch (error) {
        // What stands before the damage is handed over.
        if (pieces.rest.length > 0) yield pieces.rest;
        throw error;
      }
      if (piece.got === 0) break;
      signal?.throwIfAborted();
      if (isFirst && JOURNAL_STARTS.includes(piece.room[0]!)) walkers?.prepare();
      isFirst = false;
      const lines = pieces.wholeLines(piece);
      ahead = pieces.isWalked ? null : pieces.readAhead();
      yield lines;
    }
    if (pieces.rest.length > 0) yield pieces.rest;
  } finally {
    // What was begun must end before the file is closed; who left does not wait for what it gives.
    await ahead?.catch(() => {});
    pieces.release();
    await walkers?.end();
    await file.close();
  }
}

/** What was read into some memory, from a place on. */
interface Piece {
  readonly room: Uint8Array;
  readonly at: number;
  readonly got: number;
}

/**
 * Pieces of a file, one after the other, in new memory until some is lent, whose two pieces take turns then: new memory would
 * cost the system as much as what it copies there. What is left of the last line in one goes to the begin of the next: a line
 * in two pieces costs its reader more than a hundred that are whole.
 */
class Pieces {
  /** What was read and not handed over. */
  rest: Uint8Array = new Uint8Array(0);
  readonly #file: FileHandle;
  readonly #size: number;
  readonly #bytes: number;
  readonly #memory: StreamOptions["memory"];
  readonly #walkers: FileWalkers | null;
  #lent: LentMemory | null = null;
  #walk: WalkAhead | null = null;
  #turn = 0;
  #asked = 0;

  constructor(
    file: FileHandle,
    of: {
      readonly size: number;
      /** How many are wanted. */
      readonly bytes: number;
      readonly memory: StreamOptions["memory"];
      readonly walkers: FileWalkers | null;
    },
  ) {
    this.#file = file;
    this.#size = of.size;
    this.#bytes = of.bytes;
    this.#memory = of.memory;
    this.#walkers = of.walkers;
  }

  /** Whether threads walk ahead of what is read. */
  get isWalked(): boolean {
    return this.#walk?.isWalking === true;
  }

  /** Begins to read the next. */
  readAhead(): Promise<Piece> {
    const piece = this.#read();
    // A failure is thrown when its piece is asked for, and until then is nobody's.
    piece.catch(() => {});
    return piece;
  }

  async readAtOnce(): Promise<Piece> {
    // Whoever waits for a timer or a signal has a turn before each piece.
    await setImmediate();
    const { room, at, most } = this.#next();
    const got = readSync(this.#file.fd, room, at, most, null);
    this.#asked += got;
    return { room, at, got };
  }

  /**
   * What was left before a piece, and the piece up to the end of its last line; all of it where its reader may keep it, or that
   * line is long.
   */
  wholeLines({ room, at, got }: Piece): Uint8Array {
    const from = at - this.rest.length;
    const end = at + got;
    room.set(this.rest, from);
    const least = Math.max(from, end - LEAD_BYTES);
    const feed = at < LEAD_BYTES ? -1 : room.subarray(least, end).lastIndexOf(LF);
    const cut = feed === -1 ? end : least + feed + 1;
    this.rest = room.subarray(cut, end);
    return room.subarray(from, cut);
  }

  release(): void {
    this.#lent?.release();
  }

  async #read(): Promise<Piece> {
    const { room, at, most } = this.#next();
    const { bytesRead: got } = await this.#file.read(room, at, most, null);
    this.#asked += got;
    return { room, at, got };
  }

  #lend(): void {
    this.#lent = this.#memory?.() ?? null;
    if (this.#lent === null || this.#walkers === null) return;
    const lender = lenderOf(this.#lent);
    if (lender === null || lender.kernel === null) return;
    this.#walk = new WalkAhead(this.#walkers, lender.kernel, this.#lent.rooms);
    lender.ahead = this.#walk;
  }

  /** Where the next piece is read to, and how much of it is wanted. */
  #next(): { readonly room: Uint8Array; readonly at: number; readonly most: number } {
    const wanted = this.#bytes - this.#asked;
    if (this.#lent === null) this.#lend();
    if (this.#lent === null) {
      // It may have grown, or not tell its size.
      const most = Math.min(KEPT_BYTES, wanted, Math.max(this.#size - this.#asked, LEAST_BYTES));
      return { room: Buffer.allocUnsafeSlow(most), at: 0, most };
    }
    this.#turn = 1 - this.#turn;
    const room = this.#lent.rooms[this.#turn]!;
    this.#walk?.stands(this.#turn, this.#asked - LEAD_BYTES);
    return { room, at: LEAD_BYTES, most: Math.min(room.length - LEAD_BYTES, wanted) };
  }
}

/** Waits for a writer as a socket does: an abort ends it at once, which a read in a thread of its own would not see. */
async function* openPipe(path: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, void> {
  // Sockets take longer to load than a small log to read.
  const { Socket } = await import("node:net");
  const pipe = new Socket({ fd: openSync(path, READ_ONLY), readable: true, writable: false });
  yield* signal === undefined ? pipe : addAbortSignal(signal, pipe);
}
