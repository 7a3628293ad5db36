import { fingerprintSlot, LINE_FIELDS, MOST_LINES } from "./layout.js";
import { countEntries, type EntryPattern, type LikeEntries } from "./like-entries.js";
import { countLike, type HeadPattern, type LikeLines } from "./like-lines.js";
import type { ScanPlan } from "./plan.js";
import { checkCapacity, checkPart, type Scanner } from "./scanner.js";
import { type HeadPlace, MOST_SPLIT_LINES, readSplit, type SplitPattern } from "./split-lines.js";

const LINE_FEED = 10;

/** The twin for machines without WebAssembly SIMD, and the oracle of the other one: a byte at a time, in plain steps. */
export class ScalarScanner implements Scanner {
  readonly kind = "scalar";
  readonly kernel = null;
  ahead = null;
  readonly buffer: Uint8Array;
  readonly overlapBytes: number;
  readonly lines: Uint32Array = new Uint32Array(MOST_LINES * LINE_FIELDS);
  readonly values: Float64Array = new Float64Array(MOST_SPLIT_LINES);
  readonly #plan: ScanPlan;
  #count = 0;
  #lineFeeds = 0;

  /** @throws RangeError unless the capacity is 1 byte to 1 GiB */
  constructor(plan: ScanPlan, capacity: number) {
    checkCapacity(capacity);
    this.#plan = plan;
    this.buffer = new Uint8Array(capacity);
    this.overlapBytes = Math.max(0, ...plan.needles.map((needle) => needle.bytes.length - 1));
  }

  get count(): number {
    return this.#count;
  }

  get lineFeeds(): number {
    return this.#lineFeeds;
  }

  scan(from: number, to: number): number {
    checkPart(from, to, this.buffer.length);
    const { fold, heads } = this.#plan;
    const { buffer, lines } = this;
    let count = 0;
    let lineFeeds = 0;
    let lineStart = from;
    let lastThree = 0;
    let at = from;
    for (; at < to && count < MOST_LINES; at += 1) {
      const byte = buffer[at]!;
      if (byte === LINE_FEED) {
        lineFeeds += 1;
        lineStart = at + 1;
      }
      lastThree = (lastThree >>> 8) | (fold[byte]! << 16);
      const first = heads[fingerprintSlot(lastThree)]!;
      if (first === 0 || !this.#isNeedle(first, at - 2, from, to)) continue;
      const end = lineEnd(buffer, at, to);
      lines[count * LINE_FIELDS] = lineStart;
      lines[count * LINE_FIELDS + 1] = end;
      lines[count * LINE_FIELDS + 2] = lineFeeds;
      count += 1;
      // No needle holds a line feed, so none reaches over the end of this line.
      lastThree = 0;
      if (end < to) lineFeeds += 1;
      lineStart = end + 1;
      at = end;
    }
    this.#count = count;
    this.#lineFeeds = lineFeeds;
    return Math.min(at, to);
  }

  readSplit(pattern: SplitPattern, head: HeadPlace, from: number, to: number): number {
    checkPart(from, to, this.buffer.length);
    return readSplit(this.buffer, pattern, head, [from, to], this.values);
  }

  hidingAt(from: number, to: number): number {
    checkPart(from, to, this.buffer.length);
    const [nul, esc, spaceLead, spaceTail] = [0, 0x1b, 0xc2, 0xa0];
    const isHiding = (byte: number, at: number, part: Uint8Array): boolean =>
      byte === nul || byte === esc || (byte === spaceLead && part[at + 1] === spaceTail);
    const found = this.buffer.subarray(from, to).findIndex(isHiding);
    return found === -1 ? to : from + found;
  }

  fileEntries(): null {
    return null;
  }

  countLike(pattern: HeadPattern, from: number, to: number): LikeLines {
    checkPart(from, to, this.buffer.length);
    return countLike(this.buffer, pattern, from, to);
  }

  countEntries(pattern: EntryPattern, from: number, to: number): LikeEntries {
    checkPart(from, to, this.buffer.length);
    return countEntries(this.buffer, pattern, [from, to], (start, end) => this.holdsNeedle(start, end));
  }

  holdsNeedle(from: number, to: number): boolean {
    checkPart(from, to, this.buffer.length);
    const { fold, heads } = this.#plan;
    let lastThree = 0;
    for (let at = from; at < to; at += 1) {
      lastThree = (lastThree >>> 8) | (fold[this.buffer[at]!]! << 16);
      const first = heads[fingerprintSlot(lastThree)]!;
      if (first !== 0 && this.#isNeedle(first, at - 2, from, to)) return true;
    }
    return false;
  }

  /** Whether a needle of a slot, whose fingerprint begins at `fingerprint`, stands within [from, to). */
  #isNeedle(first: number, fingerprint: number, from: number, to: number): boolean {
    const { needles, next, fold } = this.#plan;
    for (let index = first; index !== 0; index = next[index]!) {
      const { bytes, at } = needles[index - 1]!;
      const start = fingerprint - at;
      if (start < from || start + bytes.length > to) continue;
      let same = 0;
      while (same < bytes.length && fold[this.buffer[start + same]!] === bytes[same]) same += 1;
      if (same === bytes.length) return true;
    }
    return false;
  }
}

/** The first line feed in [at, to), or `to`. */
function lineEnd(bytes: Uint8Array, at: number, to: number): number {
  let end = at;
  while (end < to && bytes[end] !== LINE_FEED) end += 1;
  return end;
}
