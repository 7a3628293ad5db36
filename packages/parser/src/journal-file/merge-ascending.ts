const PART_NUMBERS = 1024;

/**
 * Merges ascending streams, each in parts, into one ascending stream without duplicates, in parts again. Memory: a part a
 * stream. O(streams) for each result, which for the few dozen streams of a look-up is faster than a heap.
 */
export function* mergeAscending(streams: readonly Iterable<readonly number[]>[]): Generator<readonly number[]> {
  const [only] = streams;
  if (streams.length === 1 && only !== undefined) {
    yield* only;
    return;
  }
  let heads = streams.map((stream) => new Head(stream[Symbol.iterator]())).filter(({ hasEnded }) => !hasEnded);
  let merged: number[] = [];
  while (heads.length > 0) {
    let least = Number.POSITIVE_INFINITY;
    for (const { value } of heads) if (value < least) least = value;
    merged.push(least);
    if (merged.length === PART_NUMBERS) {
      yield merged;
      merged = [];
    }
    let ended = 0;
    for (const head of heads) {
      while (head.value <= least) head.next();
      if (head.hasEnded) ended += 1;
    }
    if (ended > 0) heads = heads.filter(({ hasEnded }) => !hasEnded);
  }
  if (merged.length > 0) yield merged;
}

/** Where one stream stands. */
class Head {
  /** Infinite at the end. */
  value = Number.NEGATIVE_INFINITY;
  readonly #rest: Iterator<readonly number[]>;
  #part: readonly number[] = [];
  #at = -1;

  constructor(rest: Iterator<readonly number[]>) {
    this.#rest = rest;
    this.next();
  }

  get hasEnded(): boolean {
    return this.value === Number.POSITIVE_INFINITY;
  }

  next(): void {
    this.#at += 1;
    while (this.#at >= this.#part.length) {
      const { done, value } = this.#rest.next();
      if (done === true) {
        this.value = Number.POSITIVE_INFINITY;
        return;
      }
      this.#part = value;
      this.#at = 0;
    }
    this.value = this.#part[this.#at]!;
  }
}
