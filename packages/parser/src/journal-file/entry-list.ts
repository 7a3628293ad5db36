import type { EntryArray, ObjectReader } from "./objects.js";

/** Where a list of entries starts: the main one of the header, or that of one value. */
export interface EntryListHead {
  /** An entry that stands before the arrays (values have one); null if there is none. */
  readonly first: number | null;
  /** The first ENTRY_ARRAY; 0 if there is none. */
  readonly arrayOffset: number;
  /** Entries that the owner says the list has, `first` included. */
  readonly count: number;
}

interface Segment {
  readonly array: EntryArray;
  /** Position in the list of its first item. */
  readonly start: number;
  /** Items that belong to the list. */
  readonly used: number;
  /** The first of them; 0 if it is not in use. */
  readonly first: number;
}

const CHUNK_ITEMS = 4096;
/** Each array is about twice the one before, so that 32 hold more than a file can: more are not a journal's. */
const MAX_SEGMENTS = 256;

/**
 * A list of entry offsets that is spread over a chain of growing arrays. Offsets ascend, which is the order of writing.
 * Opening it reads the array heads only, whose number grows with the logarithm of the entries.
 */
export class EntryList {
  readonly #objects: ObjectReader;
  readonly #head: EntryListHead;
  readonly #segments: Segment[] = [];
  #checked: number | null = null;
  /** Where the last entry that was asked for stands. */
  #asked: { readonly segment: Segment | null; readonly rank: number } = { segment: null, rank: 0 };

  constructor(objects: ObjectReader, head: EntryListHead) {
    this.#objects = objects;
    this.#head = head;
    let start = head.first === null ? 0 : 1;
    let next = head.arrayOffset;
    let last = 0;
    while (next !== 0 && start < head.count && this.#segments.length < MAX_SEGMENTS) {
      // A link that does not grow would make the chain endless.
      const array = next > last ? objects.entryArray(next) : null;
      if (array === null) break;
      const used = Math.min(array.capacity, head.count - start);
      const first = used === 0 ? 0 : (objects.arrayItems(array, 0, 1)[0] ?? 0);
      this.#segments.push({ array, start, used, first });
      start += used;
      last = next;
      next = array.nextOffset;
    }
  }

  /**
   * Entries that can be listed: reads all items once and stops at the first that is unused, out of range or not
   * larger than the one before. Less than the owner's count means damage, or that the writer was not done.
   */
  get length(): number {
    this.#checked ??= this.#check();
    return this.#checked;
  }

  /** Does the list hold what its owner says, neither less nor more? Cost as of `length`. */
  get whole(): boolean {
    return this.length === this.#head.count && !this.#goesOn();
  }

  /** Offsets in order, those from `from` (in) to `to` (in), in parts of at most 4096. Cost grows with the items passed. */
  *parts(from: number, to: number): Generator<readonly number[]> {
    const length = this.length;
    const { first } = this.#head;
    if (first !== null && length > 0 && first >= from && first <= to) yield [first];
    for (const segment of this.#segments) {
      const used = Math.min(segment.used, length - segment.start);
      for (let at = 0; at < used; at += CHUNK_ITEMS) {
        const items = this.#objects.arrayItems(segment.array, at, Math.min(used, at + CHUNK_ITEMS));
        const isWithin = (items[0] ?? 0) >= from && (items.at(-1) ?? 0) <= to;
        const part = isWithin ? items : items.filter((item) => item >= from && item <= to);
        if (part.length > 0) yield part;
        if ((items.at(-1) ?? 0) > to) return;
      }
    }
  }

  /** The last entry, found without reading the items before it; null if there is none. */
  last(): number | null {
    for (const segment of this.#segments.toReversed()) {
      // The last item is in use unless the writer died: look there first, then at long stretches before it.
      for (let end = segment.used, step = 1; end > 0; end -= step, step = CHUNK_ITEMS) {
        const items = this.#objects.arrayItems(segment.array, Math.max(0, end - step), end);
        const last = items.findLast((item) => item !== 0);
        if (last !== undefined) return last;
      }
    }
    return this.#head.first;
  }

  /**
   * How many entries of the list stand at or before this offset. O(log d) reads, d entries behind the last one asked for. In
   * a damaged list it is a guess, which hangs on what was asked before: to know better would take reading all of the list.
   */
  rank(offset: number): number {
    const { first } = this.#head;
    if (first !== null && first > offset) return 0;
    let before: Segment | null = null;
    for (const segment of this.#segments) {
      if (segment.first === 0 || segment.first > offset) break;
      before = segment;
    }
    if (before === null) return first === null ? 0 : 1;
    let low = 1;
    let high = before.used;
    const { segment, rank } = this.#asked;
    if (segment === before && this.#isAtOrBefore(before, rank - 1, offset)) {
      // Entries are asked for in their order: go on from the last one in growing steps.
      low = rank;
      let step = 1;
      while (low + step <= high && this.#isAtOrBefore(before, low + step - 1, offset)) {
        low += step;
        step *= 2;
      }
      high = Math.min(high, low + step - 1);
    }
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#isAtOrBefore(before, middle - 1, offset)) low = middle;
      else high = middle - 1;
    }
    this.#asked = { segment: before, rank: low };
    return before.start + low;
  }

  /** Is an item in use behind the last one that the owner counts? */
  #goesOn(): boolean {
    const last = this.#segments.at(-1);
    if (last === undefined) return this.#head.arrayOffset !== 0;
    if (last.used < last.array.capacity) return this.#objects.arrayItems(last.array, last.used, last.used + 1)[0] !== 0;
    return last.array.nextOffset !== 0;
  }

  #isAtOrBefore(segment: Segment, index: number, offset: number): boolean {
    const item = this.#objects.arrayItems(segment.array, index, index + 1)[0] ?? 0;
    return item !== 0 && item <= offset;
  }

  #check(): number {
    const { first, count } = this.#head;
    if (first !== null && !this.#objects.isPlace(first)) return 0;
    let last = first ?? 0;
    let length = first === null ? 0 : Math.min(1, count);
    for (const { array, used } of this.#segments) {
      for (let at = 0; at < used; at += CHUNK_ITEMS) {
        const items = this.#objects.arrayItems(array, at, Math.min(used, at + CHUNK_ITEMS));
        for (const item of items) {
          if (item <= last || !this.#objects.isPlace(item)) return length;
          last = item;
          length++;
        }
      }
    }
    return length;
  }
}
