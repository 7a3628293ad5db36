/**
 * Merges ascending streams into one ascending stream without duplicates. Memory: one number a stream. O(streams) for
 * each result, which for the few dozen streams of a look-up is faster than a heap.
 */
export function* mergeAscending(streams: readonly Iterable<number>[]): Generator<number> {
  const [only] = streams;
  if (streams.length === 1 && only !== undefined) {
    yield* only;
    return;
  }
  let heads = streams.flatMap((stream) => headOf(stream[Symbol.iterator]()));
  while (heads.length > 0) {
    let least = Number.POSITIVE_INFINITY;
    for (const { value } of heads) least = Math.min(least, value);
    yield least;
    let ended = 0;
    for (const head of heads) {
      while (head.value <= least) {
        const { done, value } = head.rest.next();
        head.value = done === true ? Number.POSITIVE_INFINITY : value;
        if (done === true) ended += 1;
      }
    }
    if (ended > 0) heads = heads.filter(({ value }) => value !== Number.POSITIVE_INFINITY);
  }
}

interface Head {
  value: number;
  readonly rest: Iterator<number>;
}

function headOf(rest: Iterator<number>): Head[] {
  const { done, value } = rest.next();
  return done === true ? [] : [{ value, rest }];
}
