/**
 * Merges ascending streams into one ascending stream without duplicates. Memory: one number a stream. O(streams) for
 * each result, which for the few dozen streams of a look-up is faster than a heap.
 */
export function* mergeAscending(streams: readonly Iterable<number>[]): Generator<number> {
  const iterators = streams.map((stream) => stream[Symbol.iterator]());
  const heads = iterators.map((iterator) => next(iterator));
  for (;;) {
    const least = heads.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    if (least === Number.POSITIVE_INFINITY) return;
    yield least;
    for (const [i, iterator] of iterators.entries()) {
      while ((heads[i] ?? 0) <= least) heads[i] = next(iterator);
    }
  }
}

function next(iterator: Iterator<number>): number {
  const result = iterator.next();
  return result.done === true ? Number.POSITIVE_INFINITY : result.value;
}
