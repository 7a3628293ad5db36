/** How a file is walked, and how the memory is divided that walkers and reader share. */
export interface WalkSizes {
  /** A file is walked in pieces of so many bytes; entries that reach over their ends are left to the reader. */
  readonly piece: number;
  /** So many are read before each, to know whether an entry begins with it: whole pages, which are copied in a quarter of the time. */
  readonly before: number;
  /** Pieces that a walker may be ahead. */
  readonly slots: number;
  /** Runs of entries that are counted in a piece. */
  readonly runs: number;
}

export const WALK_SIZES: WalkSizes = { piece: 2 ** 20, before: 2 ** 12, slots: 16, runs: 256 };

/** From an offset of a file to the end of its piece: parts that end with pieces can use what was counted in each. */
export function bytesToWalk(offset: number): number {
  return WALK_SIZES.piece - (offset % WALK_SIZES.piece);
}

/** What a thread needs to walk through a file ahead of the one that reads it. */
export interface WalkTask {
  readonly sizes: WalkSizes;
  /**
   * Shared by all: the piece that the reader is at; the next that nobody walks; and which tables hold, odd while they are
   * written.
   */
  readonly numbers: Int32Array;
  /** The kernel's memory before the text. */
  readonly tables: Uint8Array;
  /** Shared by a walker and the reader, three numbers a slot: its piece, -1 while it is written; by which tables; how many runs. */
  readonly heads: Int32Array;
  /** Seven numbers a run: where it begins in the file, and its bytes, entries, line feeds, entries of the kernel, and their stamps. */
  readonly runs: Float64Array;
  /** The compiled kernel, and where in its memory results of `entries` stand. */
  readonly module: object;
  readonly resultsAt: number;
  readonly isJson: boolean;
  readonly walkers: number;
}

/** Fills `length` bytes of `target` from `at` on with those of the file from `offset` on; returns how many there were. */
export type ReadFileAt = (target: Uint8Array, at: number, length: number, offset: number) => number;

/**
 * Walks through pieces of a file, each a little ahead of its reader, and notes what it counted. The body of a thread: it uses
 * nothing but its arguments and what every JavaScript has, as the thread is started with its text.
 */
export function walkPieces(task: WalkTask, size: number, readAt: ReadFileAt): void {
  const { sizes, numbers, tables, heads, runs, isJson, walkers } = task;
  const [READER, NEXT, VERSION] = [0, 1, 2] as const;
  const [HEAD_NUMBERS, RUN_NUMBERS] = [3, 7] as const;
  const [LF, PAGE_BYTES, SLACK_BYTES] = [10, 65_536, 64] as const;
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: { Instance: new (module: object) => { exports: unknown } };
  };
  const kernel = new WebAssembly.Instance(task.module).exports as {
    readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
    readonly entries: (from: number, to: number) => number;
  };
  const text = tables.length;
  const needed = text + sizes.before + sizes.piece + SLACK_BYTES;
  kernel.memory.grow(Math.max(0, Math.ceil((needed - kernel.memory.buffer.byteLength) / PAGE_BYTES)));
  const memory = new Uint8Array(kernel.memory.buffer);
  const results = new Uint32Array(kernel.memory.buffer, task.resultsAt, 4);
  const stamps = new BigUint64Array(kernel.memory.buffer, task.resultsAt + 16, 2);
  let version = -1;

  /** Takes the tables that hold, unless it has them; which they are. */
  const renew = (): number => {
    for (;;) {
      const now = Atomics.load(numbers, VERSION);
      if (now === version) return version;
      memory.set(tables);
      if (now % 2 === 0 && Atomics.load(numbers, VERSION) === now) version = now;
    }
  };

  /** Waits until nobody asks any more for what stands in a slot. */
  const waitFor = (head: number): void => {
    for (;;) {
      const reader = Atomics.load(numbers, READER);
      if (Atomics.load(heads, head) < reader) return;
      Atomics.wait(numbers, READER, reader);
    }
  };

  /** The next piece to walk. Some are left to the reader, unless he has much to do before he would come to them. */
  const claim = (): number => {
    for (;;) {
      const reader = Atomics.load(numbers, READER);
      const next = Atomics.load(numbers, NEXT);
      let piece = Math.max(next, reader + 2);
      if (piece % (walkers + 1) === 0 && piece - reader < 4 * walkers) piece += 1;
      if (Atomics.compareExchange(numbers, NEXT, next, piece + 1) === next) return piece;
    }
  };

  /** Whether an entry may begin at a place. */
  const isBegin = (at: number): boolean => memory[at - 1] === LF && (isJson || memory[at - 2] === LF);

  /** The first such place from `at` on, up to `to`; or `to`. */
  const firstFrom = (at: number, to: number): number => {
    let feed = memory.indexOf(LF, at - 1);
    while (feed !== -1 && feed < to && !isBegin(feed + 1)) feed = memory.indexOf(LF, feed + 1);
    return feed === -1 ? to : Math.min(feed + 1, to);
  };

  /** The last such place behind `at`, up to `to`; or `at`. */
  const lastUpTo = (at: number, to: number): number => {
    let feed = memory.lastIndexOf(LF, to - 1);
    while (feed >= at && !isBegin(feed + 1)) feed = memory.lastIndexOf(LF, feed - 1);
    return Math.max(at, feed + 1);
  };

  for (let turn = 0; ; turn += 1) {
    const slot = turn % sizes.slots;
    const head = slot * HEAD_NUMBERS;
    waitFor(head);
    const piece = claim();
    if (piece * sizes.piece >= size) return;
    Atomics.store(heads, head, -1);
    heads[head + 1] = renew();
    const offset = piece * sizes.piece - sizes.before;
    const begin = text + sizes.before;
    const end = text + readAt(memory, text, sizes.before + sizes.piece, offset);
    const to = end < begin ? begin : lastUpTo(begin, end);
    let at = firstFrom(begin, to);
    let count = 0;
    while (at < to && count < sizes.runs) {
      const stop = kernel.entries(at, to);
      const [entries, lines, kernelEntries, isOtherHour] = results;
      if (entries! > 0) {
        const [first, last] = stamps;
        runs.set(
          [offset + at - text, stop - at, entries!, lines!, kernelEntries!, Number(first), Number(last)],
          (slot * sizes.runs + count) * RUN_NUMBERS,
        );
        count += 1;
      }
      // What must be read is left to the reader.
      at = isOtherHour === 1 ? stop : firstFrom(stop + 1, to);
    }
    heads[head + 2] = count;
    Atomics.store(heads, head, piece);
  }
}
