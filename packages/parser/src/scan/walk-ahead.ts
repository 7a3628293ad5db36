import { LAYOUT } from "./layout.js";
import type { EntryPattern, LikeEntries } from "./like-entries.js";
import type { CountedAhead, SharedKernel } from "./scanner.js";
import { WALK_SIZES, type WalkSizes, type WalkTask } from "./walk-pieces.js";

/** Threads that walk through a file ahead of its reader. */
export interface Walkers {
  /** How many there will be, 1 or more. */
  readonly count: number;
  /** Has each do a task (`walkPieces`), or some, or none where that cannot be. */
  start(tasks: readonly WalkTask[]): void;
}

/** A part of the scanner's buffer that a file is read into. */
interface ReadPart {
  readonly from: number;
  readonly to: number;
  /** In the file, of its first byte; NaN: nothing was read yet. */
  offset: number;
}

/** Runs of a piece that was walked: where the next stands, and behind the last. */
interface Runs {
  readonly piece: number;
  readonly numbers: Float64Array;
  next: number;
  readonly end: number;
}

/** Places and sizes as `walkPieces` has them, which may use no name from outside. */
const [READER, , VERSION, NUMBERS] = [0, 1, 2, 3];
const [HEAD_NUMBERS, RUN_NUMBERS] = [3, 7];

/**
 * What was counted of a file by threads ahead of its reader. They count by the same kernel and tables as he does, so that how
 * far they came, if at all, makes a difference in time alone.
 */
export class WalkAhead implements CountedAhead {
  readonly #walkers: Walkers;
  readonly #kernel: SharedKernel;
  readonly #parts: readonly ReadPart[];
  readonly #sizes: WalkSizes;
  readonly #numbers = shared(Int32Array, NUMBERS);
  readonly #sharedTables = shared(Uint8Array, LAYOUT.text);
  /** By walker. */
  readonly #heads: readonly Int32Array[];
  readonly #runs: readonly Float64Array[];
  /** What is looked for; null: nothing yet, and no thread was started. */
  #pattern: EntryPattern | null = null;
  /** Of the piece that the reader is at; null: it was not walked. */
  #here: Runs | null = null;

  /**
   * @param parts - of the scanner's buffer, that the file is read into
   */
  constructor(walkers: Walkers, kernel: SharedKernel, parts: readonly Uint8Array[], sizes: WalkSizes = WALK_SIZES) {
    this.#walkers = walkers;
    this.#kernel = kernel;
    this.#sizes = sizes;
    this.#parts = parts.map(({ byteOffset, length }) => {
      const from = byteOffset - LAYOUT.text;
      return { from, to: from + length, offset: Number.NaN };
    });
    const each = Array.from({ length: walkers.count });
    this.#heads = each.map(() => shared(Int32Array, sizes.slots * HEAD_NUMBERS).fill(-1));
    this.#runs = each.map(() => shared(Float64Array, sizes.slots * sizes.runs * RUN_NUMBERS));
  }

  get isWalking(): boolean {
    return this.#pattern !== null;
  }

  /** What stands in a part from now on: bytes of the file from `offset` on. */
  stands(part: number, offset: number): void {
    this.#parts[part]!.offset = offset;
  }

  holds(place: number): boolean {
    return !Number.isNaN(this.#offsetOf(place));
  }

  /** The first time starts the threads. */
  lookFor(pattern: EntryPattern): void {
    if (this.#pattern === pattern) return;
    const isFirst = this.#pattern === null;
    this.#pattern = pattern;
    this.#here = null;
    Atomics.add(this.#numbers, VERSION, 1);
    this.#sharedTables.set(this.#kernel.tables);
    Atomics.add(this.#numbers, VERSION, 1);
    if (!isFirst) return;
    const task = {
      sizes: this.#sizes,
      numbers: this.#numbers,
      tables: this.#sharedTables,
      module: this.#kernel.module,
      resultsAt: LAYOUT.results + 32,
      isJson: pattern.form === "journal-json",
      walkers: this.#walkers.count,
    };
    this.#walkers.start(this.#heads.map((heads, walker) => ({ ...task, heads, runs: this.#runs[walker]! })));
  }

  entriesAt(from: number, to: number): LikeEntries | null {
    const offset = this.#offsetOf(from);
    const here = this.#reach(Math.floor(offset / this.#sizes.piece));
    if (here === null) return null;
    const { numbers, end: last } = here;
    while (here.next < last && numbers[here.next]! < offset) here.next += RUN_NUMBERS;
    const run = here.next;
    const end = from + numbers[run + 1]!;
    if (run === last || numbers[run] !== offset || end > to) return null;
    return {
      entries: numbers[run + 2]!,
      lines: numbers[run + 3]!,
      kernelEntries: numbers[run + 4]!,
      end,
      goesOn: true,
      firstKernelUs: numbers[run + 5]!,
      lastKernelUs: numbers[run + 6]!,
    };
  }

  knownBehind(from: number, to: number): number {
    const offset = this.#offsetOf(from);
    const piece = Math.floor(offset / this.#sizes.piece);
    for (const runs of [this.#reach(piece), this.#find(piece + 1)]) {
      if (runs === null) continue;
      for (let run = runs.next; run < runs.end; run += RUN_NUMBERS) {
        const bytes = runs.numbers[run]! - offset;
        if (bytes > 0) return Math.min(to, from + bytes);
      }
    }
    return to;
  }

  /** Where a place of the buffer is in the file; NaN where it holds nothing of it. */
  #offsetOf(place: number): number {
    const part = this.#parts.find(({ from, to }) => place >= from && place < to);
    return part === undefined ? Number.NaN : part.offset + place - part.from;
  }

  #reach(piece: number): Runs | null {
    if (this.#here?.piece === piece) return this.#here;
    if (Atomics.exchange(this.#numbers, READER, piece) !== piece) Atomics.notify(this.#numbers, READER);
    this.#here = this.#find(piece);
    return this.#here;
  }

  /** What was counted of a piece, by the tables that hold. No walker touches that before the reader is behind the piece. */
  #find(piece: number): Runs | null {
    const { slots, runs } = this.#sizes;
    const version = Atomics.load(this.#numbers, VERSION);
    for (const [walker, heads] of this.#heads.entries()) {
      for (let slot = 0; slot < slots; slot += 1) {
        const head = slot * HEAD_NUMBERS;
        if (Atomics.load(heads, head) !== piece || heads[head + 1] !== version) continue;
        const next = slot * runs * RUN_NUMBERS;
        return { piece, numbers: this.#runs[walker]!, next, end: next + heads[head + 2]! * RUN_NUMBERS };
      }
    }
    return null;
  }
}

interface ViewOf<View> {
  readonly BYTES_PER_ELEMENT: number;
  new (memory: SharedArrayBuffer): View;
}

function shared<View>(View: ViewOf<View>, length: number): View {
  return new View(new SharedArrayBuffer(View.BYTES_PER_ELEMENT * length));
}
