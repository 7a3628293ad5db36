import type { Span } from "../result.js";

/**
 * Sets of time as sorted, disjoint, half-open spans: start in, end out. Every function that takes "a set" expects
 * that form, and every function that returns one gives it. Cost is linear in the spans unless it is said otherwise.
 */

/** One set from any spans: sorted, overlaps and touching spans merged, empty ones dropped. O(n log n). */
export function union(spans: Iterable<Span>): Span[] {
  const sorted = [...spans].filter((span) => span.endMs > span.startMs).sort((a, b) => a.startMs - b.startMs);
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && span.startMs <= last.endMs) {
      if (span.endMs > last.endMs) merged[merged.length - 1] = { startMs: last.startMs, endMs: span.endMs };
    } else merged.push({ startMs: span.startMs, endMs: span.endMs });
  }
  return merged;
}

/** What lies in both sets. */
export function intersect(left: readonly Span[], right: readonly Span[]): Span[] {
  const both: Span[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const a = left[i]!;
    const b = right[j]!;
    const startMs = Math.max(a.startMs, b.startMs);
    const endMs = Math.min(a.endMs, b.endMs);
    if (endMs > startMs) both.push({ startMs, endMs });
    if (a.endMs < b.endMs) i++;
    else j++;
  }
  return both;
}

/** What lies in the first set and not in the second. */
export function subtract(set: readonly Span[], without: readonly Span[]): Span[] {
  const rest: Span[] = [];
  let j = 0;
  for (const span of set) {
    let startMs = span.startMs;
    while (j < without.length && without[j]!.endMs <= startMs) j++;
    for (let k = j; k < without.length && without[k]!.startMs < span.endMs; k++) {
      const hole = without[k]!;
      if (hole.startMs > startMs) rest.push({ startMs, endMs: hole.startMs });
      startMs = Math.max(startMs, hole.endMs);
    }
    if (startMs < span.endMs) rest.push({ startMs, endMs: span.endMs });
  }
  return rest;
}

/** Total length in milliseconds. */
export function lengthMs(set: readonly Span[]): number {
  let total = 0;
  for (const span of set) total += span.endMs - span.startMs;
  return total;
}

/** Total length in hours. */
export function hours(set: readonly Span[]): number {
  return lengthMs(set) / 3_600_000;
}

/** Whether the moment lies in the set. O(log n). */
export function contains(set: readonly Span[], timeMs: number): boolean {
  return indexAt(set, timeMs) !== null;
}

/** Which span of the set the moment lies in; null for none. O(log n). */
export function indexAt(set: readonly Span[], timeMs: number): number | null {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (set[middle]!.endMs <= timeMs) low = middle + 1;
    else high = middle;
  }
  const span = set[low];
  return span !== undefined && span.startMs <= timeMs ? low : null;
}

/** Whether the whole of a span lies in the set. O(log n). */
export function holds(set: readonly Span[], { startMs, endMs }: Span): boolean {
  const at = indexAt(set, startMs);
  return at !== null && endMs <= set[at]!.endMs;
}

/** Whether some part of a span lies in the set. O(log n). */
export function overlaps(set: readonly Span[], { startMs, endMs }: Span): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (set[middle]!.endMs <= startMs) low = middle + 1;
    else high = middle;
  }
  return low < set.length && set[low]!.startMs < endMs;
}

/** How much of the set had passed at each moment, milliseconds; moments ascending. One pass over both. */
export function passedMs(set: readonly Span[], timesMs: readonly number[]): number[] {
  let at = 0;
  let before = 0;
  return timesMs.map((timeMs) => {
    for (let span = set[at]; span !== undefined && span.endMs <= timeMs; span = set[++at])
      before += span.endMs - span.startMs;
    return before + Math.max(0, timeMs - (set[at]?.startMs ?? timeMs));
  });
}

/** As `passedMs`, for moments in any order: prepares in one pass, then answers in O(log n). */
export function passedIn(set: readonly Span[]): (timeMs: number) => number {
  const before = new Float64Array(set.length);
  let total = 0;
  for (const [i, { startMs, endMs }] of set.entries()) {
    before[i] = total;
    total += endMs - startMs;
  }
  return (timeMs) => {
    let low = 0;
    let high = set.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (set[middle]!.endMs <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low === set.length ? total : before[low]! + Math.max(0, timeMs - set[low]!.startMs);
  };
}

/** The smallest span that holds the whole set; null when the set is empty. */
export function hull(set: readonly Span[]): Span | null {
  const first = set[0];
  const last = set.at(-1);
  return first === undefined || last === undefined ? null : { startMs: first.startMs, endMs: last.endMs };
}

/** The part of the set from `startMs` (in) to `endMs` (out); infinite bounds are allowed. */
export function clip(set: readonly Span[], startMs: number, endMs: number): Span[] {
  return endMs > startMs ? intersect(set, [{ startMs, endMs }]) : [];
}
